"""Plans that are being adopted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from review.database.columns import Utc

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "review_adoption",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("read_job", sa.Integer()),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("review_adoption")
