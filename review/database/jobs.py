"""Tables on trainings: the jobs, and when one starts by itself at night."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, Float, Index, Integer, String, Text

from review.database.columns import Base, Utc

TRAIN, EVALUATE = "train", "evaluate"
READ_PLAN, BUILD_PLAN, JUDGE_PLAN = "read-plan", "build-plan", "judge-plan"  # of an adopted plan (`review/adopting/`)
OF_RELEASES, OF_PLANS = (TRAIN, EVALUATE), (READ_PLAN, BUILD_PLAN, JUDGE_PLAN)


class JobRow(Base):
    """A training or an evaluation: who asked for it, how far it is, what came of it.

    `kind`: one of `OF_RELEASES` or `OF_PLANS`. `status`: queued, running, succeeded, failed, cancelled. `slot` is 1 until it has ended
    and empty afterwards; it is unique, so the database itself lets one job at a time in.
    """

    __tablename__ = "review_job"
    id = Column(Integer, primary_key=True)
    kind = Column(String(12), nullable=False)
    status = Column(String(12), nullable=False)
    slot = Column(Integer, unique=True)
    stage = Column(String(24), nullable=False, default="")
    progress = Column(Float, nullable=False, default=0.0)  # 0 to 1 over all stages
    remaining_s = Column(Integer)  # None: nobody can say
    asked_for_by = Column(String(64), nullable=False)
    asked_at = Column(Utc, nullable=False)
    started_at = Column(Utc)
    seen_at = Column(Utc)  # the last sign of life
    ended_at = Column(Utc)
    cancelled_by = Column(String(64), nullable=False, default="")
    host = Column(String(64), nullable=False, default="")
    pid = Column(Integer)
    pid_started = Column(String(48), nullable=False, default="")  # process ids are used again
    mark = Column(String(32), nullable=False)  # stands in the environment of all its processes
    log = Column(String(255), nullable=False, default="")
    release_id = Column(String(64), nullable=False, default="")
    outcome = Column(String(12), nullable=False, default="")  # of the release: a key of `jobs.names.OUTCOME_NAMES`
    error = Column(Text, nullable=False, default="")
    stage_seconds = Column(JSON, nullable=False, default=dict)  # measured; the next job's forecast
    __table_args__ = (Index("ix_review_job_order", "kind", "status", "id"),)


class ScheduleRow(Base):
    """When a training starts by itself; one row, number 1. `at` is HH:MM in Qingpu, empty: never."""

    __tablename__ = "review_schedule"
    id = Column(Integer, primary_key=True)
    at = Column(String(5), nullable=False, default="")
    set_by = Column(String(64), nullable=False)
    set_at = Column(Utc, nullable=False)
    night = Column(Date)  # the last day whose time has been dealt with
