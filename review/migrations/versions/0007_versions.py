"""Counts by the versions that answered. They begin now: turns that were counted before are not counted again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

COUNTED = ("turns", "questions", "answered", "refused", "errors", "up", "down")


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "review_version_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("knowledge", sa.String(length=64), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTED),
        sa.PrimaryKeyConstraint("day", "model", "knowledge"),
    )
    op.create_table(
        "review_version_latency",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("knowledge", sa.String(length=64), nullable=False),
        sa.Column("edge", sa.Integer(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "model", "knowledge", "edge"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("review_version_latency")
    op.drop_table("review_version_count")
