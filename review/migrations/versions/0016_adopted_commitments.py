"""What people decided of the commitments of a plan that is being adopted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from review.database.columns import Utc

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "review_adopted_commitment",
        sa.Column("adoption_id", sa.Integer(), primary_key=True),
        sa.Column("commitment_id", sa.String(length=32), primary_key=True),
        sa.Column("keep", sa.Boolean(), nullable=False),
        sa.Column("area", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=64), nullable=False),
        sa.Column("audience", sa.String(length=200), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.Column("changed_at", Utc(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("review_adopted_commitment")
