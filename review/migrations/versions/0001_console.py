"""The console's tables: accounts, sessions, audit log, and the staff's work."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "review_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("full_name", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("second_factor", sa.Text(), nullable=False),
        sa.Column("second_factor_step", sa.Integer(), nullable=False),
        sa.Column("oidc_issuer", sa.String(length=255), nullable=False),
        sa.Column("oidc_subject", sa.String(length=255), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    with op.batch_alter_table("review_account", schema=None) as batch_op:
        batch_op.create_index("ix_review_account_oidc", ["oidc_issuer", "oidc_subject"], unique=False)

    op.create_table(
        "review_audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=48), nullable=False),
        sa.Column("target", sa.String(length=96), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("review_audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_audit_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_audit_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_audit_target"), ["target"], unique=False)

    op.create_table(
        "review_commitment",
        sa.Column("commitment_id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=64), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("commitment_id"),
    )
    op.create_table(
        "review_commitment_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("commitment_id", sa.String(length=32), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("up", sa.Integer(), nullable=False),
        sa.Column("down", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "commitment_id"),
    )
    op.create_table(
        "review_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("turn_id", sa.String(length=40), nullable=False),
        sa.Column("group_id", sa.String(length=24), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("commitment_id", sa.String(length=32), nullable=False),
        sa.Column("intent", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("word", sa.String(length=32), nullable=False),
        sa.Column("means", sa.String(length=32), nullable=False),
        sa.Column("word_kind", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("review_correction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_correction_commitment_id"), ["commitment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_correction_group_id"), ["group_id"], unique=False)
        batch_op.create_index("ix_review_correction_order", ["status", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_correction_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_correction_turn_id"), ["turn_id"], unique=False)

    op.create_table(
        "review_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("up", sa.Integer(), nullable=False),
        sa.Column("down", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "channel", "topic", "outcome"),
    )
    op.create_table(
        "review_group",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("typical", sa.String(length=40), nullable=False),
        sa.Column("turns", sa.JSON(), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column("aspect", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("review_group", schema=None) as batch_op:
        batch_op.create_index("ix_review_group_order", ["kind", "size"], unique=False)

    op.create_table(
        "review_hour_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "hour"),
    )
    op.create_table(
        "review_latency_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("edge", sa.Integer(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "edge"),
    )
    op.create_table(
        "review_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("turn_id", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("review_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_note_turn_id"), ["turn_id"], unique=False)

    op.create_table(
        "review_progress",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("figure", sa.String(length=64), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("review_progress", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_progress_commitment_id"), ["commitment_id"], unique=False)

    op.create_table(
        "review_state",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "review_tag",
        sa.Column("turn_id", sa.String(length=40), nullable=False),
        sa.Column("tag", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("turn_id", "tag"),
    )
    with op.batch_alter_table("review_tag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_tag_tag"), ["tag"], unique=False)

    op.create_table(
        "review_turn",
        sa.Column("turn_id", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("feedback", sa.String(length=8), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("commitment_id", sa.String(length=32), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("assigned_to", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("turn_id"),
    )
    with op.batch_alter_table("review_turn", schema=None) as batch_op:
        batch_op.create_index("ix_review_turn_asked", ["asked_at"], unique=False)
        batch_op.create_index("ix_review_turn_assigned", ["assigned_to", "status"], unique=False)
        batch_op.create_index(
            "ix_review_turn_inbox",
            [
                "status",
                "score",
                "asked_at",
                "turn_id",
                "topic",
                "channel",
                "outcome",
                "feedback",
                "confidence",
                "assigned_to",
                "reasons",
            ],
            unique=False,
        )
        batch_op.create_index("ix_review_turn_newest", ["status", "asked_at", "turn_id"], unique=False)
        batch_op.create_index("ix_review_turn_session", ["session", "asked_at"], unique=False)

    op.create_table(
        "review_filter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("query", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["review_account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account_id", "name", name="uq_review_filter_name"),
    )
    op.create_table(
        "review_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rotated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["review_account.id"],
        ),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    with op.batch_alter_table("review_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_session_account_id"), ["account_id"], unique=False)


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("review_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_session_account_id"))

    op.drop_table("review_session")
    op.drop_table("review_filter")
    with op.batch_alter_table("review_turn", schema=None) as batch_op:
        batch_op.drop_index("ix_review_turn_session")
        batch_op.drop_index("ix_review_turn_newest")
        batch_op.drop_index("ix_review_turn_inbox")
        batch_op.drop_index("ix_review_turn_assigned")
        batch_op.drop_index("ix_review_turn_asked")

    op.drop_table("review_turn")
    with op.batch_alter_table("review_tag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_tag_tag"))

    op.drop_table("review_tag")
    op.drop_table("review_state")
    with op.batch_alter_table("review_progress", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_progress_commitment_id"))

    op.drop_table("review_progress")
    with op.batch_alter_table("review_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_note_turn_id"))

    op.drop_table("review_note")
    op.drop_table("review_latency_count")
    op.drop_table("review_hour_count")
    with op.batch_alter_table("review_group", schema=None) as batch_op:
        batch_op.drop_index("ix_review_group_order")

    op.drop_table("review_group")
    op.drop_table("review_count")
    with op.batch_alter_table("review_correction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_correction_turn_id"))
        batch_op.drop_index(batch_op.f("ix_review_correction_status"))
        batch_op.drop_index("ix_review_correction_order")
        batch_op.drop_index(batch_op.f("ix_review_correction_group_id"))
        batch_op.drop_index(batch_op.f("ix_review_correction_commitment_id"))

    op.drop_table("review_correction")
    op.drop_table("review_commitment_count")
    op.drop_table("review_commitment")
    with op.batch_alter_table("review_audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_audit_target"))
        batch_op.drop_index(batch_op.f("ix_review_audit_at"))
        batch_op.drop_index(batch_op.f("ix_review_audit_action"))

    op.drop_table("review_audit")
    with op.batch_alter_table("review_account", schema=None) as batch_op:
        batch_op.drop_index("ix_review_account_oidc")

    op.drop_table("review_account")
