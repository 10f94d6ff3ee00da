"""Turns; requests gain a contact (sealed), a note, a topic and the turn that they were made in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make `turn` and `turn_count`, widen `staff_request`."""
    op.create_table(
        "turn",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("session", sa.String(64), nullable=False),
        sa.Column("message_id", sa.String(64), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("masked", sa.JSON, nullable=False),
        sa.Column("understood", sa.Text, nullable=False),
        sa.Column("guesses", sa.JSON, nullable=False),
        sa.Column("intent", sa.String(64), nullable=False),
        sa.Column("confidence", sa.Float),
        sa.Column("intents", sa.JSON, nullable=False),
        sa.Column("entities", sa.JSON, nullable=False),
        sa.Column("candidates", sa.JSON, nullable=False),
        sa.Column("answerable", sa.Float),
        sa.Column("silence", sa.Float),
        sa.Column("margin", sa.Float),
        sa.Column("aspect", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("topic", sa.String(32)),
        sa.Column("headline", sa.Text, nullable=False),
        sa.Column("commitment_id", sa.String(32)),
        sa.Column("citations", sa.JSON, nullable=False),
        sa.Column("reply", sa.JSON, nullable=False),
        sa.Column("latency_ms", sa.JSON, nullable=False),
        sa.Column("total_ms", sa.Float),
        sa.Column("model", sa.String(64), nullable=False),
        sa.Column("knowledge", sa.String(64), nullable=False),
        sa.Column("feedback", sa.String(8)),
        sa.Column("feedback_comment", sa.Text, nullable=False),
        sa.Column("feedback_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("session", "message_id", name="turn_once"),
    )
    op.create_index("turn_by_time", "turn", ["asked_at", "id"])
    op.create_table(
        "turn_count",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("channel", sa.String(32), primary_key=True),
        sa.Column("topic", sa.String(32), primary_key=True),
        sa.Column("outcome", sa.String(16), primary_key=True),
        sa.Column("commitment_id", sa.String(32), primary_key=True),
        sa.Column("feedback", sa.String(8), primary_key=True),
        sa.Column("turns", sa.Integer, nullable=False),
    )
    with op.batch_alter_table("staff_request") as requests:
        requests.add_column(sa.Column("answer_id", sa.String(40), nullable=False, server_default=""))
        requests.add_column(sa.Column("topic", sa.String(32), nullable=False, server_default=""))
        requests.add_column(sa.Column("contact", sa.Text, nullable=False, server_default=""))
        requests.add_column(sa.Column("note", sa.Text, nullable=False, server_default=""))
        requests.add_column(sa.Column("changed_at", sa.DateTime(timezone=True)))
    op.create_index("staff_request_by_answer", "staff_request", ["answer_id"])
