"""What a plan is called and when it holds: as the file says it, or as a person mended that."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from knowledge.document.documents import Document
from review.accounts.audit import Actor, changed, write_audit
from review.adopting.adoptions import adoption
from review.adopting.folders import PlanFolder
from review.database.adopting import AdoptionRow
from review.database.columns import now
from review.errors import ChangedMeanwhile, InvalidInput
from review.typed import whole_number

MAX_TITLE_CHARS, MAX_SHORT_CHARS, MAX_PLACE_CHARS = 120, 40, 30
FIRST_YEAR, LAST_YEAR, MOST_YEARS = 1950, 2100, 40


@dataclass(frozen=True)
class PlanName:
    """Full and short title, place and years, each as typed."""

    title: str = ""
    short_title: str = ""
    district: str = ""
    first_year: str = ""
    last_year: str = ""


def name_of(row: AdoptionRow, folder: PlanFolder) -> PlanName:
    """As a person mended it, else as the file says it."""
    if row.document:
        return PlanName(**row.document)
    drafted = folder.drafted()
    if drafted is None:
        return PlanName()
    first, last = (str(year) for year in drafted.period) if drafted.period else ("", "")
    return PlanName(drafted.title, drafted.short_title, drafted.district, first, last)


def as_document(name: PlanName, source: str) -> Document:
    """For a build."""
    period = (int(name.first_year), int(name.last_year)) if name.first_year else None
    return Document(name.title, name.short_title, name.district, period, source=source)


def rename(session: Session, actor: Actor, folder: PlanFolder, adoption_id: int, name: PlanName, version: int) -> None:
    """Mend it. Raises `InvalidInput`, and `ChangedMeanwhile` where somebody was faster."""
    _check(name)
    row = adoption(session, adoption_id)
    if row.version != version:
        raise ChangedMeanwhile("别人刚改过，请看清再改 / somebody changed this meanwhile")
    before, after = asdict(name_of(row, folder)), asdict(name)
    row.document, row.version, row.changed_at = after, version + 1, now()
    write_audit(session, actor, "adoption.rename", f"adoption:{adoption_id}", *changed(before, after))


def _check(name: PlanName) -> None:
    for text, least, most, what in (
        (name.title, 1, MAX_TITLE_CHARS, "全名 / the full title"),
        (name.short_title, 1, MAX_SHORT_CHARS, "简称 / the short title"),
        (name.district, 0, MAX_PLACE_CHARS, "地名 / the place"),
    ):
        chinese, english = what.split(" / ")
        if not least <= len(text) <= most:
            raise InvalidInput(f"{chinese} {least} 到 {most} 个字 / {english} has {least} to {most} characters")
    if not name.first_year and not name.last_year:
        return
    first, last = whole_number(name.first_year) or 0, whole_number(name.last_year) or 0
    if not (FIRST_YEAR <= first <= last <= LAST_YEAR and last - first <= MOST_YEARS):
        raise InvalidInput("规划期写成 2026 和 2030，或者都不写 / write the period as 2026 and 2030, or leave both out")
