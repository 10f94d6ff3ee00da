"""What a person wants to see of the inbox, read from the address and written back into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from urllib.parse import urlencode

from knowledge.catalogue.topics import TOPICS
from review.errors import InvalidInput
from review.shown import OUTCOME_LABELS
from review.typed import day, whole_number

STATUSES = ("new", "done", "all")
CONFIDENCE = {"low": (0.0, 0.4), "middle": (0.4, 0.7), "high": (0.7, 1.01)}
FEEDBACK = ("up", "down", "none")
ORDERS = ("score", "newest")
MAX_TEXT_CHARS = 60


@dataclass(frozen=True)
class Filters:
    """Each empty field filters nothing. `assigned`: an account's id, or `none`; `reason`: a bit of `Reason`."""

    status: str = "new"
    order: str = "score"
    since: str = ""
    until: str = ""
    topic: str = ""
    channel: str = ""
    outcome: str = ""
    feedback: str = ""
    confidence: str = ""
    reason: str = ""
    assigned: str = ""
    tag: str = ""
    text: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Filters:
        """Read an address's query. Raises `InvalidInput` for a value that no form here sends."""
        given = {name: query[name].strip() for name in cls.__dataclass_fields__ if query.get(name, "").strip()}
        filters = cls(**given)
        _check("status", filters.status, STATUSES)
        _check("order", filters.order, ORDERS)
        for name, allowed in (
            ("topic", (*TOPICS, "none")),
            ("outcome", tuple(OUTCOME_LABELS)),
            ("feedback", FEEDBACK),
            ("confidence", tuple(CONFIDENCE)),
        ):
            if getattr(filters, name):
                _check(name, getattr(filters, name), allowed)
        for name in ("since", "until"):
            day(getattr(filters, name))
        if (filters.reason and whole_number(filters.reason) is None) or len(filters.text) > MAX_TEXT_CHARS:
            raise InvalidInput("筛选条件不对，请从表单里选 / this filter cannot be: choose from the form")
        if filters.assigned and filters.assigned != "none" and whole_number(filters.assigned) is None:
            raise InvalidInput("分派给谁不对，请从表单里选 / choose a person from the form")
        return filters

    @property
    def since_date(self) -> date | None:
        """First day, in Qingpu."""
        return day(self.since)

    @property
    def until_date(self) -> date | None:
        """Last day, in Qingpu."""
        return day(self.until)

    @property
    def one_by_one(self) -> bool:
        """Whether turns are listed one by one: by what differs between turns that are alike (`triage.alike`)."""
        alone = ("since", "until", "channel", "feedback", "confidence", "reason", "assigned", "tag", "text")
        return any(getattr(self, name) for name in alone)

    def as_query(self) -> str:
        """What differs from the default, as an address's query."""
        plain = Filters()
        return urlencode({k: v for k, v in asdict(self).items() if v != getattr(plain, k)})


def _check(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise InvalidInput(f"{name} 不能是 {value!r} / {name} cannot be {value!r}")
