"""Wrong tries by who makes them, the browsers in which an account has signed in, and its recovery codes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from review.database.columns import Utc

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "review_guess",
        sa.Column("key", sa.String(length=48), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("last_at", Utc(), nullable=False),
        sa.Column("locked_until", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_review_guess_last_at", "review_guess", ["last_at"])
    op.create_table(
        "review_browser",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("seen_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["review_account.id"]),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_review_browser_account_id", "review_browser", ["account_id"])
    op.create_table(
        "review_recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("used_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["review_account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_review_recovery_code_account_id", "review_recovery_code", ["account_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("review_recovery_code")
    op.drop_table("review_browser")
    op.drop_table("review_guess")
