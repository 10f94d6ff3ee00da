"""What each version did for residents in a period: enough to judge a trial by. Added up from the counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.groundwork.wilson import wilson_interval
from releases.release import Release
from review.database.versions import LatencyRow, VersionCountRow
from review.reports.figures import Period
from review.triage.counting import VersionCount, percentile

COUNTED = tuple(each.name for each in fields(VersionCount))
SHORT = 8  # characters of a version that no kept release has


@dataclass(frozen=True)
class Share:
    """A share and its 95 % interval; None of nothing."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The share itself."""
        return self.part / self.whole if self.whole > 0 else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Lowest and highest plausible."""
        return wilson_interval(min(self.part, self.whole), self.whole) if self.whole > 0 else None

    def differs_from(self, other: Share) -> bool:
        """Whether the two intervals have nothing in common: a difference that is hardly chance."""
        mine, others = self.interval, other.interval
        return mine is not None and others is not None and (mine[0] > others[1] or others[0] > mine[1])


@dataclass
class VersionFigures(VersionCount):
    """One version's turns. `release` is the id of the kept release it is, "" for one that is kept no more."""

    release: str = ""
    model: str = ""
    knowledge: str = ""
    latency: Counter[int] = field(default_factory=Counter)

    @property
    def name(self) -> str:
        """The release's id, or the beginnings of both versions; "" where the log names none."""
        return self.release or " · ".join(version[:SHORT] for version in (self.model, self.knowledge) if version)

    @property
    def answered_share(self) -> Share:
        """Of what was asked."""
        return Share(self.answered, self.questions)

    @property
    def refused_share(self) -> Share:
        """Of what was asked."""
        return Share(self.refused, self.questions)

    @property
    def error_share(self) -> Share:
        """Of all turns."""
        return Share(self.errors, self.turns)

    @property
    def up_share(self) -> Share:
        """Of all thumbs. Counting began with a version of this console: a thumb taken back since may be of before."""
        return Share(max(0, self.up), max(0, self.up) + max(0, self.down))

    @property
    def median_ms(self) -> int | None:
        """Within how many ms half of the turns were answered."""
        return percentile(self.latency, 0.5)


def version_figures(session: Session, period: Period, releases: Sequence[Release]) -> list[VersionFigures]:
    """Each version that answered in a period, the one with most turns first."""
    found: dict[tuple[str, str], VersionFigures] = {}
    for row in _rows(session, VersionCountRow, period):
        figures = _of(found, row, releases)
        for name in COUNTED:
            setattr(figures, name, getattr(figures, name) + getattr(row, name))
    for row in _latency(session, period):
        _of(found, row, releases).latency[row.ms] += row.turns
    counted = (
        figures for figures in found.values() if figures.turns
    )  # times of before versions were counted are nobody's
    return sorted(counted, key=lambda figures: (-figures.turns, figures.name))


def counted_since(session: Session) -> date | None:
    """The first day that is counted by version; None before the first turn."""
    first: date | None = session.scalar(select(VersionCountRow.day).order_by(VersionCountRow.day).limit(1))
    return first


def _latency(session: Session, period: Period) -> Sequence[Any]:
    table = LatencyRow.__table__
    keys = (table.c.model, table.c.knowledge, table.c.ms)
    query = select(*keys, func.sum(table.c.turns).label("turns")).group_by(*keys)
    return list(session.execute(query.where(table.c.day >= period.first, table.c.day <= period.last)))


def _rows(session: Session, counts: Any, period: Period) -> Sequence[Any]:
    table = counts.__table__
    return list(session.execute(select(table).where(table.c.day >= period.first, table.c.day <= period.last)))


def _of(found: dict[tuple[str, str], VersionFigures], row: Any, releases: Sequence[Release]) -> VersionFigures:
    model, knowledge = row.model, row.knowledge
    release = _release_of(model, knowledge, releases)
    key = (release, "") if release else (model, knowledge)
    return found.setdefault(key, VersionFigures(release=release, model=model, knowledge=knowledge))


def _release_of(model: str, knowledge: str, releases: Sequence[Release]) -> str:
    """A turn that failed before anything was looked up names no knowledge: it counts where the model says which."""
    same = [r.id for r in releases if r.model_version == model and knowledge in ("", r.knowledge_version)]
    return same[0] if len(same) == 1 or (same and knowledge) else ""
