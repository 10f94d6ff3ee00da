"""Why a correction waits for a second person, whose place it takes, and how many residents chose it themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Corrections before were not asked for doubts, took nobody's place, and were no resident's choice."""
    with op.batch_alter_table("review_correction") as table:
        table.add_column(sa.Column("doubts", sa.JSON()))
        table.add_column(sa.Column("replaces", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("choices", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("review_correction") as table:
        for name in ("choices", "replaces", "doubts"):
            table.drop_column(name)
