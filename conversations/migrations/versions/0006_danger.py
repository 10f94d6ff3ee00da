"""A turn says which kind of danger was noticed in it, "" for none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column."""
    op.add_column("turn", sa.Column("danger", sa.String(length=32), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("turn") as table:
        table.drop_column("danger")
