"""Equal questions with equal answers are one row of the inbox. What is there already keeps its own row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

STANDS = sa.text("stands_for > 0")
INDEXES = {
    "ix_review_turn_shown": ("status", "score", "asked_at", "turn_id", "topic", "outcome", "stands_for"),
    "ix_review_turn_shown_newest": ("asked_at", "turn_id", "status", "topic", "outcome", "stands_for"),
}


def upgrade() -> None:
    """Add both columns, the index of what is alike, and those of the rows that stand."""
    op.add_column("review_turn", sa.Column("alike", sa.String(length=32), nullable=False, server_default=""))
    op.add_column("review_turn", sa.Column("stands_for", sa.Integer(), nullable=False, server_default="1"))
    op.create_index("ix_review_turn_alike", "review_turn", ["alike", "status", "score", "asked_at"])
    for name, columns in INDEXES.items():
        op.create_index(name, "review_turn", list(columns), sqlite_where=STANDS, postgresql_where=STANDS)


def downgrade() -> None:
    """Take them away."""
    for name in (*INDEXES, "ix_review_turn_alike"):
        op.drop_index(name, "review_turn")
    with op.batch_alter_table("review_turn") as table:
        table.drop_column("stands_for")
        table.drop_column("alike")
