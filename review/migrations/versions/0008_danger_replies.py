"""The table through which changed wording for danger reaches residents (`danger/published.py` reads it)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "published_danger_reply",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("published_danger_reply")
