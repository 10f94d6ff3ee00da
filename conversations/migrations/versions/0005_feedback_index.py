"""Thumbs given since a moment are found without reading every turn."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the index."""
    op.create_index("turn_by_feedback", "turn", ["feedback_at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("turn_by_feedback", "turn")
