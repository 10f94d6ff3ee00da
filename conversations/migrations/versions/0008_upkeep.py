"""Tombstones of erased sessions, and what the upkeep remembers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make `erased_session` and `upkeep`."""
    op.create_table(
        "erased_session",
        sa.Column("session", sa.String(64), primary_key=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False, index=True),
    )
    op.create_table(
        "upkeep",
        sa.Column("name", sa.String(16), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True)),
        sa.Column("doubted_at", sa.DateTime(timezone=True)),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("upkeep")
    op.drop_table("erased_session")
