"""What a person wants to see of the inbox, read from the address and written back into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from urllib.parse import urlencode

from knowledge.catalogue.topics import TOPICS
from review import filtering
from review.filtering import Field, TakenQuery
from review.shown import OUTCOME_LABELS, TOPIC_LABELS
from review.triage.reasons import REASON_NAMES
from review.typed import day, whole_number

STATUSES = {"new": "待处理", "done": "已处理", "all": "全部"}
CONFIDENCE = {"low": (0.0, 0.4), "middle": (0.4, 0.7), "high": (0.7, 1.01)}
CONFIDENCE_NAMES = {"low": "低（40% 以下）", "middle": "中", "high": "高（70% 以上）"}
FEEDBACK = {"down": "踩", "up": "赞", "none": "没评"}
ORDERS = {"score": "最值得看的在前", "newest": "最新的在前"}
MAX_TEXT_CHARS = 60
SINCE, UNTIL = ("since", "从"), ("until", "到")
FIELDS = (
    filtering.choice("status", "状态", STATUSES),
    filtering.choice("order", "顺序", ORDERS),
    filtering.a_day(*SINCE),
    filtering.a_day(*UNTIL),
    filtering.choice("topic", "主题", {name: TOPIC_LABELS[name] for name in (*TOPICS, "none")}),
    filtering.choice("outcome", "答复", OUTCOME_LABELS),
    filtering.choice("reason", "原因", {str(int(reason)): name for reason, name in REASON_NAMES.items()}),
    filtering.choice("feedback", "评价", FEEDBACK),
    filtering.choice("confidence", "把握", CONFIDENCE_NAMES),
    filtering.known("assigned", "分派给", lambda value: value == "none" or whole_number(value) is not None),
    filtering.text("text", "问题里有", MAX_TEXT_CHARS),
    filtering.number("from", "第几条"),
)


def filters_asked(query: Mapping[str, str], more: Iterable[Field] = ()) -> TakenQuery:
    """An address's query as far as filters can be made of it; `more` are fields that need to know what is there now."""
    return filtering.in_order(filtering.asked(query, (*FIELDS, *more)), SINCE, UNTIL)


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
        found = filters_asked(query)
        if found.faults:
            raise found.faults[0].error
        return cls(**{name: found.query[name] for name in cls.__dataclass_fields__ if name in found.query})

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
