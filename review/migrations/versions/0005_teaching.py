"""What was exported into the repository's files, and the aspect that a reviewer chose for a question."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from review.database.columns import Utc

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table and the column."""
    op.create_table(
        "review_taught",
        sa.Column("source", sa.String(length=48), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("skipped", sa.String(length=255), nullable=False),
        sa.Column("exported_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("source"),
    )
    op.add_column("review_correction", sa.Column("aspect", sa.String(length=32), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("review_correction") as table:
        table.drop_column("aspect")
    op.drop_table("review_taught")
