"""Followers of platform accounts: their messages under way, nonces seen, and the accounts' access tokens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make `follower`, `delivery`, `platform_nonce` and `access_token`."""
    op.create_table(
        "follower",
        sa.Column("session", sa.String(64), primary_key=True),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("sealed_id", sa.Text, nullable=False),
        sa.Column("id_until", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("choices", sa.JSON, nullable=False),
        sa.Column("rest", sa.Text, nullable=False),
        sa.Column("answer_id", sa.String(40), nullable=False),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("session", sa.String(64), nullable=False),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("sealed_message", sa.Text, nullable=False),
        sa.Column("reply", sa.JSON, nullable=False),
        sa.Column("worker", sa.String(32), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("push_at", sa.DateTime(timezone=True)),
    )
    op.create_index("delivery_by_session", "delivery", ["session", "state"])
    op.create_index("delivery_by_time", "delivery", ["received_at"])
    op.create_table(
        "platform_nonce",
        sa.Column("account", sa.String(32), primary_key=True),
        sa.Column("nonce", sa.String(128), primary_key=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False, index=True),
    )
    op.create_table(
        "access_token",
        sa.Column("account", sa.String(32), primary_key=True),
        sa.Column("sealed_token", sa.Text, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refresh_until", sa.DateTime(timezone=True), nullable=False),
    )
