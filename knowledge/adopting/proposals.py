"""The commitments that a plan seems to make, the most doubtful first, as a table that a person mends and gives back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ruamel.yaml import YAML

from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.mended import AUDIENCE, HEADLINE, ID, KEEP, TITLE, TOPIC, YES, as_cell, from_cell
from knowledge.catalogue.topics import AREA_NAMES, OTHER
from knowledge.document.adopted import RECOGNISED
from knowledge.document.figures import Figure
from knowledge.document.plan_text import squash

FIGURES, LEAD, PAGE, PLACE, QUOTE, DOUBT, WHY = "数字", "牵头单位", "页", "位置", "原文", "拿不准", "为什么"
MENDABLE = (ID, KEEP, TOPIC, TITLE, AUDIENCE, HEADLINE)
LONG_SENTENCE, SHORT_SENTENCE = 150, 10
MANY_THINGS = 4  # clauses with something done, in one sentence
_DONE = re.compile(
    r"推进|建设|建立|加强|加快|完善|实施|开展|提高|提升|优化|鼓励|支持|发展|打造|推动|强化|促进|保障|新建"
)
_NUMBER = re.compile(r"(?<![\d第“])\d+(?:\.\d+)?(?!\d|年|月|日|个百分点)")
_HALF = re.compile(r"^[，、；）】”]|[^。！？”’）》；：]$")


@dataclass(frozen=True)
class ReasonToLook:
    """A reason to look at a proposal, how much it weighs, and whether it holds."""

    weight: int
    what: str
    holds: Callable[[Commitment], bool]


def _unread_numbers(commitment: Commitment) -> bool:
    return commitment.kind != "definition" and not commitment.figures and bool(_NUMBER.search(squash(commitment.quote)))


DOUBTS = (
    ReasonToLook(5, "文字是识别出来的：逐字核对", lambda c: RECOGNISED in c.passage.heading),
    ReasonToLook(
        4,
        "像是半句：前后可能断开了",
        lambda c: not c.passage.cells and c.kind != "definition" and bool(_HALF.search(c.quote.strip())),
    ),
    ReasonToLook(3, "有数字没有读出是什么的数字", _unread_numbers),
    ReasonToLook(3, "标题没有动作也不是名称", lambda c: len(c.title) < 4),
    ReasonToLook(2, "主题没有认出，归在“其他”", lambda c: c.area == OTHER),
    ReasonToLook(2, "一句里说了好几件事", lambda c: len(_DONE.findall(c.quote)) >= MANY_THINGS and not c.figures),
    ReasonToLook(1, "句子很长", lambda c: len(c.quote) > LONG_SENTENCE),
    ReasonToLook(1, "句子很短", lambda c: len(squash(c.quote)) < SHORT_SENTENCE),
    ReasonToLook(
        1, "不知道在哪一章哪一节", lambda c: not (c.passage.chapter or c.passage.section or c.passage.heading)
    ),
)


@dataclass(frozen=True)
class Proposal:
    """A commitment, how doubtful it is and why."""

    commitment: Commitment
    doubt: int
    why: tuple[str, ...]


def proposals_of(commitments: Sequence[Commitment]) -> list[Proposal]:
    """All, the most doubtful first, in the plan's order among equals."""
    found = []
    for commitment in commitments:
        holding = [doubt for doubt in DOUBTS if doubt.holds(commitment)]
        found.append(Proposal(commitment, sum(d.weight for d in holding), tuple(d.what for d in holding)))
    return sorted(found, key=lambda proposal: -proposal.doubt)


def figure_words(figure: Figure) -> str:
    """「养老床位 9500张（2025年，不少于）」."""
    about = "，".join(filter(None, [f"{figure.year}年" if figure.year else "", figure.qualifier]))
    return f"{figure.label} {figure.printed_value}{figure.unit}" + (f"（{about}）" if about else "")


@dataclass(frozen=True)
class ListedProposal:
    """A proposal as it stands in the table: for a page that shows it."""

    id: str
    area: str
    title: str
    audience: str
    headline: str
    figures: str
    lead: str
    page: str
    place: str
    quote: str
    doubt: int
    why: tuple[str, ...]


def listed(table: bytes) -> list[ListedProposal]:
    """The rows of a table that `as_csv` wrote, in its order. Raises `KeyError` or `ValueError` for another."""
    areas = {name: area for area, name in AREA_NAMES.items()}
    rows = csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline=""))
    plain = ({name: from_cell(text) for name, text in row.items()} for row in rows)
    return [
        ListedProposal(
            id=row[ID],
            area=areas[row[TOPIC]],
            title=row[TITLE],
            audience=row[AUDIENCE],
            headline=row[HEADLINE],
            figures=row[FIGURES],
            lead=row[LEAD],
            page=row[PAGE],
            place=row[PLACE],
            quote=row[QUOTE],
            doubt=int(row[DOUBT]),
            why=tuple(filter(None, row[WHY].split("；"))),
        )
        for row in plain
    ]


def mended_table(rows: Sequence[Mapping[str, str]]) -> bytes:
    """What people decided, as `--mended` takes it."""
    return _table([{name: row[name] for name in MENDABLE} for row in rows])


def _fields(proposal: Proposal) -> dict[str, str]:
    c = proposal.commitment
    place = "".join(dict.fromkeys(filter(None, (c.passage.chapter, c.passage.section, c.passage.heading))))
    return {
        ID: c.id,
        KEEP: YES,
        TOPIC: AREA_NAMES.get(c.area, c.area),
        TITLE: c.title,
        AUDIENCE: "、".join(c.audience),
        HEADLINE: c.headline,
        FIGURES: "；".join(figure_words(figure) for figure in c.figures),
        LEAD: c.passage.lead,
        PAGE: str(c.passage.page),
        PLACE: place,
        QUOTE: c.quote,
        DOUBT: str(proposal.doubt),
        WHY: "；".join(proposal.why),
    }


def as_csv(proposals: Sequence[Proposal]) -> bytes:
    """For a spreadsheet: UTF-8 with its mark, as Excel wants it, and no cell that it takes for a formula."""
    return _table([_fields(proposal) for proposal in proposals])


def _table(rows: Sequence[Mapping[str, str]]) -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, fieldnames=list(rows[0]) if rows else list(MENDABLE))
    writer.writeheader()
    writer.writerows({name: as_cell(text) for name, text in row.items()} for row in rows)
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def as_yaml(proposals: Sequence[Proposal]) -> bytes:
    """The same for an editor of text."""
    yaml = YAML()
    yaml.width = 10_000
    stream = io.BytesIO()
    stream.write("# 改好以后：python -m knowledge adopt 文件 --mended 这个文件；空着的照原来的\n".encode())
    yaml.dump({"commitments": [_fields(proposal) for proposal in proposals]}, stream)
    return stream.getvalue()
