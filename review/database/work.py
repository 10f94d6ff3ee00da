"""Tables on the staff's work: what each turn deserves, who took it, and what was decided about it.

No table holds a resident's words except `review_correction.question`, which a person has read and may
have changed, or, where residents proposed it, which is erased with its turn until somebody approves it: everything else is read from the log, so that what the log erases is gone here as well.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text

from review.database.columns import Base, Utc

# `made_by` of a correction that residents proposed by choosing a reading (`review/triage/choices.py`).
RESIDENTS = "居民的选择"
_STANDS = text("stands_for > 0")


class TriageRow(Base):
    """A turn of the log with what the inbox needs for choosing and ordering; made by `review/triage/`.

    `score` is higher the more a person's time is worth it, `reasons` a sum of `triage.reasons.Reason` bits. `alike` and
    `stands_for`: equal questions are one row of the inbox (`triage.alike`).
    """

    __tablename__ = "review_turn"
    turn_id = Column(String(40), primary_key=True)
    asked_at = Column(Utc, nullable=False)
    session = Column(String(64), nullable=False)
    channel = Column(String(32), nullable=False)
    topic = Column(String(32), nullable=False)
    outcome = Column(String(16), nullable=False)
    feedback = Column(String(8), nullable=False, default="")
    confidence = Column(Float)
    commitment_id = Column(String(32), nullable=False, default="")
    score = Column(Float, nullable=False)
    reasons = Column(Integer, nullable=False)
    status = Column(String(8), nullable=False, default="new")  # new, done
    assigned_to = Column(Integer, nullable=False, default=0)  # an account, 0: nobody
    changed_by = Column(String(64), nullable=False, default="")
    changed_at = Column(Utc)
    version = Column(Integer, nullable=False, default=1)
    alike = Column(String(32), nullable=False, default="", server_default="")
    stands_for = Column(Integer, nullable=False, default=1, server_default="1")
    __table_args__ = (
        # Holds all that the inbox filters by, so a filter that fits few turns reads the index only.
        Index(
            "ix_review_turn_inbox",
            *("status", "score", "asked_at", "turn_id", "topic", "channel", "outcome", "feedback"),
            *("confidence", "assigned_to", "reasons"),
        ),
        Index("ix_review_turn_newest", "status", "asked_at", "turn_id"),
        Index("ix_review_turn_session", "session", "asked_at"),
        Index("ix_review_turn_assigned", "assigned_to", "status"),
        Index("ix_review_turn_asked", "asked_at"),
        Index("ix_review_turn_alike", "alike", "status", "score", "asked_at"),
        Index(
            "ix_review_turn_shown",
            *("status", "score", "asked_at", "turn_id", "topic", "outcome", "stands_for"),
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        Index(
            "ix_review_turn_shown_newest",
            *("asked_at", "turn_id", "status", "topic", "outcome", "stands_for"),
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )


class TagRow(Base):
    """A tag on a turn."""

    __tablename__ = "review_tag"
    turn_id = Column(String(40), primary_key=True)
    tag = Column(String(24), primary_key=True, index=True)


class NoteRow(Base):
    """What a colleague wrote beside a turn."""

    __tablename__ = "review_note"
    id = Column(Integer, primary_key=True)
    turn_id = Column(String(40), nullable=False, index=True)
    account = Column(String(64), nullable=False)
    at = Column(Utc, nullable=False)
    text = Column(Text, nullable=False)


class FilterRow(Base):
    """A person's saved filter: its name and the inbox's query."""

    __tablename__ = "review_filter"
    id = Column(Integer, primary_key=True)
    account_id = Column(Integer, ForeignKey("review_account.id"), nullable=False)
    name = Column(String(32), nullable=False)
    query = Column(String(500), nullable=False)
    __table_args__ = (UniqueConstraint("account_id", "name", name="uq_review_filter_name"),)


class CorrectionRow(Base):
    """A person's decision about a question. `kind` says which of the other columns count:

    | kind | meaning | columns |
    |---|---|---|
    | `link` | this commitment answers it | `commitment_id` |
    | `intent` | it is of this intent or topic | `intent` |
    | `silent` | the plan does not answer it | `aspect`: what it asks for, empty: the finder's guess |
    | `not_ours` | not about public services here | |
    | `pointer` | the plan is silent, and this helps | `text`, `url`, `expires_on` |
    | `move` | this training example is of this intent | `intent` |
    | `remove` | this training example goes | `intent`: only from there, empty: from everywhere |
    | `word` | residents say `word` for `means` | `word`, `means`, `word_kind` (synonym, dialect, typo) |

    `status`: pending, approved, refused, withdrawn. Corrections of one group share `group_id`.
    """

    __tablename__ = "review_correction"
    id = Column(Integer, primary_key=True)
    kind = Column(String(12), nullable=False)
    turn_id = Column(String(40), nullable=False, default="", index=True)
    group_id = Column(String(24), nullable=False, default="", index=True)
    question = Column(Text, nullable=False, default="")
    commitment_id = Column(String(32), nullable=False, default="", index=True)
    intent = Column(String(64), nullable=False, default="")
    aspect = Column(String(32), nullable=False, default="", server_default="")
    text = Column(Text, nullable=False, default="")
    url = Column(String(500), nullable=False, default="")
    expires_on = Column(Date)
    word = Column(String(32), nullable=False, default="")
    means = Column(String(32), nullable=False, default="")
    word_kind = Column(String(12), nullable=False, default="")
    reason = Column(Text, nullable=False, default="")
    breaks = Column(JSON)  # why it does not go live: [{question, origin, now, then}] (`correcting.objections.Broken`)
    doubts = Column(
        JSON
    )  # why a second person looks first: [{why, question, now, then}] (`correcting.objections.Doubt`)
    replaces = Column(Integer, nullable=False, default=0, server_default="0")  # the correction whose place it takes
    choices = Column(Integer, nullable=False, default=0, server_default="0")  # how often residents chose it themselves
    status = Column(String(12), nullable=False, index=True)
    made_by = Column(String(64), nullable=False)
    made_at = Column(Utc, nullable=False)
    decided_by = Column(String(64), nullable=False, default="")
    decided_at = Column(Utc)
    version = Column(Integer, nullable=False, default=1)
    __table_args__ = (Index("ix_review_correction_order", "status", "id"),)


class CommitmentEditRow(Base):
    """What people changed of a commitment's title, audience and sample questions; the quote cannot be changed."""

    __tablename__ = "review_commitment"
    commitment_id = Column(String(32), primary_key=True)
    title = Column(String(64), nullable=False)
    audience = Column(JSON, nullable=False)
    questions = Column(JSON, nullable=False)
    changed_by = Column(String(64), nullable=False)
    changed_at = Column(Utc, nullable=False)
    version = Column(Integer, nullable=False, default=1)


class ProgressRow(Base):
    """What the government published on a commitment since: a figure or a status, its date, its source."""

    __tablename__ = "review_progress"
    id = Column(Integer, primary_key=True)
    commitment_id = Column(String(32), nullable=False, index=True)
    state = Column(String(12), nullable=False)  # planned, under_way, reached, missed
    figure = Column(String(64), nullable=False, default="")
    as_of = Column(Date, nullable=False)
    source = Column(String(120), nullable=False)
    url = Column(String(500), nullable=False)
    status = Column(String(12), nullable=False)  # pending, approved, refused, withdrawn
    made_by = Column(String(64), nullable=False)
    made_at = Column(Utc, nullable=False)
    decided_by = Column(String(64), nullable=False, default="")
    decided_at = Column(Utc)
    version = Column(Integer, nullable=False, default=1)


class StaffLineRow(Base):
    """What staff write beside answers, as approved and withdrawn as progress is. `kind` says what the others hold:

    | kind | meaning | `about` | `text` | `url` |
    |---|---|---|---|---|
    | `plain` | a commitment in plain words | the commitment | the line | |
    | `step` | where a resident goes on | a commitment, a topic, empty: every answer | the link's name | its address |

    `before` is the line in plain words that held without staff's when this one was written.
    """

    __tablename__ = "review_staff_line"
    id = Column(Integer, primary_key=True)
    kind = Column(String(8), nullable=False)
    about = Column(String(32), nullable=False, default="")
    text = Column(Text, nullable=False)
    url = Column(String(500), nullable=False, default="")
    before = Column(Text, nullable=False, default="")
    status = Column(String(12), nullable=False)  # pending, approved, refused, withdrawn
    made_by = Column(String(64), nullable=False)
    made_at = Column(Utc, nullable=False)
    decided_by = Column(String(64), nullable=False, default="")
    decided_at = Column(Utc)
    version = Column(Integer, nullable=False, default=1)
    __table_args__ = (Index("ix_review_staff_line_about", "kind", "about"),)


class CountRow(Base):
    """Turns of a day in Qingpu by channel, topic and outcome; what the dashboard adds up."""

    __tablename__ = "review_count"
    day = Column(Date, primary_key=True)
    channel = Column(String(32), primary_key=True)
    topic = Column(String(32), primary_key=True)
    outcome = Column(String(16), primary_key=True)
    turns = Column(Integer, nullable=False)
    sessions = Column(Integer, nullable=False)  # sessions whose first turn of the day this was
    up = Column(Integer, nullable=False)
    down = Column(Integer, nullable=False)


class HourCountRow(Base):
    """Turns of a day by hour in Qingpu."""

    __tablename__ = "review_hour_count"
    day = Column(Date, primary_key=True)
    hour = Column(Integer, primary_key=True)
    turns = Column(Integer, nullable=False)


class CommitmentCountRow(Base):
    """How often a commitment was shown first on a day, found at all, and rated."""

    __tablename__ = "review_commitment_count"
    day = Column(Date, primary_key=True)
    commitment_id = Column(String(32), primary_key=True)
    asked = Column(Integer, nullable=False)
    found = Column(Integer, nullable=False)
    up = Column(Integer, nullable=False)
    down = Column(Integer, nullable=False)


class StateRow(Base):
    """One fact about the console itself: how far triage has read the log."""

    __tablename__ = "review_state"
    key = Column(String(32), primary_key=True)
    value = Column(JSON, nullable=False)


class GroupRow(Base):
    """A group of questions that mean the same (`review/unanswered/`): its turns, and the one that names it."""

    __tablename__ = "review_group"
    id = Column(String(24), primary_key=True)
    kind = Column(String(8), nullable=False)  # work: waits for staff; report: the plan does not say
    made_at = Column(Utc, nullable=False)
    days = Column(Integer, nullable=False)
    size = Column(Integer, nullable=False)
    sessions = Column(Integer, nullable=False)
    typical = Column(String(40), nullable=False)
    turns = Column(JSON, nullable=False)
    topic = Column(String(32), nullable=False, default="")
    aspect = Column(String(32), nullable=False, default="")
    __table_args__ = (Index("ix_review_group_order", "kind", "size"),)
