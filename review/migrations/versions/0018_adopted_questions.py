"""Questions of staff on a plan that is being adopted, and the job that evaluated it with them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from review.database.columns import Utc

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Make the table, add the column."""
    op.create_table(
        "review_adopted_question",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("adoption_id", sa.Integer(), nullable=False, index=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
    )
    op.add_column("review_adoption", sa.Column("judge_job", sa.Integer()))


def downgrade() -> None:
    """Drop both."""
    op.drop_column("review_adoption", "judge_job")
    op.drop_table("review_adopted_question")
