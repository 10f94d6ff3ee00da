"""What may have been believed comes first: answers that were voted down, and what residents corrected, weigh more.

Of what is in the inbox already only these two change; the weights are those of `triage.reasons` at this time.
"""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"

SHOWN_WRONG, CORRECTED = 1024, 512
SHOWN_WRONG_WEIGHT, CORRECTED_MORE = 15.0, 9.5


def upgrade() -> None:
    """Score both anew."""
    op.execute(
        f"UPDATE review_turn SET reasons = reasons + {SHOWN_WRONG}, score = score + {SHOWN_WRONG_WEIGHT} "  # noqa: S608
        f"WHERE feedback = 'down' AND outcome = 'answered' AND (reasons & {SHOWN_WRONG}) = 0"
    )
    op.execute(
        f"UPDATE review_turn SET score = score + {CORRECTED_MORE} WHERE (reasons & {CORRECTED}) <> 0"  # noqa: S608
    )


def downgrade() -> None:
    """Take it back."""
    op.execute(
        f"UPDATE review_turn SET score = score - {CORRECTED_MORE} WHERE (reasons & {CORRECTED}) <> 0"  # noqa: S608
    )
    op.execute(
        f"UPDATE review_turn SET reasons = reasons - {SHOWN_WRONG}, score = score - {SHOWN_WRONG_WEIGHT} "  # noqa: S608
        f"WHERE (reasons & {SHOWN_WRONG}) <> 0"
    )
