"""Plans that are being adopted have a title that people mend, and a store of their own."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from review.database.columns import Utc

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the columns."""
    for column in _columns():
        op.add_column("review_adoption", column)


def downgrade() -> None:
    """Drop them."""
    for column in _columns():
        op.drop_column("review_adoption", column.name)


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("build_job", sa.Integer()),
        sa.Column("document", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("changed_at", Utc()),
        sa.Column("version", sa.Integer(), nullable=False, server_default="0"),
    ]
