"""How many workers took up a delivery."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add `delivery.tries`."""
    op.add_column("delivery", sa.Column("tries", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("delivery", "tries")
