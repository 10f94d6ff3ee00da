"""Lists: 「养老方面有哪些指标」 names a whole subject, so everything the plan says on it is the answer, in parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.catalogue.commitments import Commitment
from knowledge.groundwork.curated_yaml import load_mapping
from knowledge.language.phrase import Phrase, any_of, anything, maybe, one_of
from knowledge.language.question import Question

LINES = 10  # of a list in one reply
MIN_ITEMS = 3  # fewer are no list
_ASKED = Phrase(
    any_of(
        "你好|您好|请问|我想|想|问|知道|了解|问一下|，|一下|规划|十四五|里|期间|中|对|关于|青浦区|青浦|区里|政府|我们|在|把|给我"
    ),
    *anything("subject"),
    maybe("方面|领域|这块|这一块|工作|上"),
    any_of("的|，|都|要|会|将|打算|到2025年|十四五|规划|里|期间|中|主要|一共|总共|全部"),
    one_of(
        "有哪些|有什么|哪些|有啥|都有啥|列一下|列出来|列出|说一下|介绍一下|写了哪些|写了什么|写了哪几件事|写了哪几件"
        "|写哪些|写什么|写哪几件事|写哪几件|包括哪些|哪几件"
    ),
    any_of("具体|主要|重要|重点|大|新|好"),
    maybe("的"),
    maybe("指标|数字指标|目标|任务|安排|打算|计划|规划|举措|措施|政策|项目|内容|动作|变化", "kind"),
    any_of("吗|呢|啊|呀|要做|要办|，"),
)
# A subject and nothing asked of it: 「住房问题怎么说」「老人那一块的事，问一下」.
_BROAD = Phrase(
    any_of("你好|您好|请问|我想|我要|想|问问|问|咨询|了解|一下|有关|关于|说说|讲讲|，| "),
    *anything("subject"),
    maybe("方面|领域|这一块|这一方面|这一摊|这块|这方面|这摊|那一块|那一方面|那一摊|那块|那方面|那摊|上"),
    maybe("的"),
    maybe("事情|事|问题|情况|政策|规划|内容|东西|话题"),
    any_of(
        "怎么说|怎么样|怎么写|怎么讲|怎么弄|怎么办|咋样|咋说|说说|讲讲|问一下|问问|想问问|想问|咨询一下|有吗|呢|啊|，| "
    ),
)


@dataclass(frozen=True)
class Subject:
    """A broad subject as asked: its area, the resident's word for it, and whether only indicators are wanted."""

    area: str
    name: str
    indicators_only: bool


class Subjects:
    """The broad subjects of `knowledge/sources/lexicon/subjects.yml`."""

    def __init__(self, areas: Mapping[str, str]) -> None:
        self._areas = dict(areas)

    @classmethod
    def load(cls, path: Path) -> Subjects:
        """Raises `CatalogueError` if the file cannot be read."""
        data, _ = load_mapping(path)
        return cls({str(name): str(area) for area, names in data.items() for name in names})

    def asked_for(self, question: Question) -> Subject | None:
        """The subject of which a list is wanted, or None: a narrower question has a passage of its own."""
        read = _ASKED.read(question.text)
        area = self._areas.get(read["subject"]) if read else None
        if read is None or area is None:
            return None
        return Subject(area, read["subject"], "指标" in read["kind"])

    def named_only(self, question: Question) -> Subject | None:
        """The subject of a question that names it and asks nothing of it, or None."""
        read = _BROAD.read(question.text)
        area = self._areas.get(read["subject"]) if read else None
        return Subject(area, read["subject"], False) if read and area else None


def items_of(subject: Subject, commitments: Sequence[Commitment]) -> list[Commitment]:
    """What the plan says on a subject, one for each sentence, in the plan's order; [] if that is no list."""
    wanted = [c for c in commitments if c.area == subject.area and c.curated]
    if subject.indicators_only:
        wanted = [c for c in wanted if c.kind == "indicator"] + [c for c in wanted if c.kind == "target" and c.figures]
    else:
        wanted = [c for c in wanted if c.kind not in ("indicator", "definition", "baseline")]
    found: dict[str, Commitment] = {}
    for commitment in wanted:
        found.setdefault(commitment.headline, commitment)
    return list(found.values()) if len(found) >= MIN_ITEMS else []


def main_points(items: Sequence[Commitment]) -> list[Commitment]:
    """One commitment of each of the headings that say most on a subject, at most three, a measured target first."""
    headings: dict[tuple[str, str, str], list[Commitment]] = {}
    for commitment in items:
        passage = commitment.passage
        headings.setdefault((passage.chapter, passage.section, passage.heading), []).append(commitment)
    largest = sorted(headings.values(), key=len, reverse=True)[:3]
    return [next((c for c in found if c.kind == "target"), found[0]) for found in largest]
