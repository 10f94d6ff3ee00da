"""The table through which corrections reach residents (`knowledge/published/` reads it), and why one does not go live."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make it. The console fills it with what is approved already when it starts."""
    op.create_table(
        "published_correction",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("commitment_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("expires_on", sa.Date()),
        sa.Column("word", sa.String(length=32), nullable=False),
        sa.Column("means", sa.String(length=32), nullable=False),
        sa.Column("word_kind", sa.String(length=12), nullable=False),
    )
    op.create_index("ix_published_correction_source", "published_correction", ["source"])
    with op.batch_alter_table("review_correction") as table:
        table.add_column(sa.Column("breaks", sa.JSON()))


def downgrade() -> None:
    """Drop both."""
    with op.batch_alter_table("review_correction") as table:
        table.drop_column("breaks")
    op.drop_table("published_correction")
