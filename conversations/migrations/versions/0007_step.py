"""A turn says which step of the dialogue spoke, NULL where none did or none was told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column."""
    op.add_column("turn", sa.Column("step", sa.String(length=32), nullable=True))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("turn") as table:
        table.drop_column("step")
