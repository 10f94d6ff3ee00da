"""The curated half of the knowledge: `knowledge/sources/catalogue/*.yml`, edited by people, checked at build time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.catalogue.restating import MAX_CHARS
from knowledge.catalogue.topics import TOPICS
from knowledge.groundwork.curated_yaml import line_of, load_mapping
from knowledge.groundwork.errors import CatalogueError

KINDS = ("target", "action", "baseline", "definition", "indicator")
QUESTIONS_PER_ENTRY = (3, 40)  # fewer find nothing, more than that is several things in one entry
MAX_QUESTION_CHARS = 60
MAX_VOICE_CHARS = 300  # of a message as somebody wrote it, story and all


@dataclass(frozen=True)
class CatalogueEntry:
    """One curated commitment as its file gives it. `quote` is verbatim, white space aside.

    `plain` says it in plain words and nothing more (`restating.py`), "" where nothing is plainer; `questions` are the curator's; `voices` are messages of others who had read the plan alone: longer, and in no order.
    """

    path: Path
    line: int
    topic: str
    area: str
    quote: str
    title: str
    audience: tuple[str, ...]
    terms: tuple[str, ...]
    questions: tuple[str, ...]
    voices: tuple[str, ...] = ()
    kind: str | None = None
    page: int | None = None
    plain: str = ""

    @property
    def samples(self) -> tuple[str, ...]:
        """All that is asked of it."""
        return (*self.questions, *self.voices)


_LIMITS = {"questions": MAX_QUESTION_CHARS, "voices": MAX_VOICE_CHARS}


def load_catalogue(folder: Path) -> list[CatalogueEntry]:
    """Every entry of every `*.yml` in `folder`, files in name order; empty if there is no folder.

    Raises `CatalogueError` (file, line, mend) for an unknown topic, a duplicate quote or question,
    a missing field or a wrong type.
    """
    entries = [entry for path in sorted(folder.glob("*.yml")) for entry in _load_file(path)]
    _refuse_duplicates(entries)
    return entries


def _load_file(path: Path) -> list[CatalogueEntry]:
    data, lines = load_mapping(path)
    topic = data.get("topic")
    if topic not in TOPICS:
        raise CatalogueError(path, lines.get("topic", 1), f"未知的主题 {topic!r}", f"用其中之一：{'、'.join(TOPICS)}")
    items = data.get("commitments")
    if not isinstance(items, list):
        raise CatalogueError(path, lines.get("commitments", 1), "没有 commitments 列表", "写上 commitments: 和各条承诺")
    area = str(data.get("area") or topic)
    return [_entry(path, topic, area, item) for item in items]


def _entry(path: Path, topic: str, area: str, item: Any) -> CatalogueEntry:
    line = line_of(item)
    if not isinstance(item, dict):
        raise CatalogueError(path, line, f"这一条不是键值表：{item!r}", "写成 quote、title、questions 各一行")
    for field in ("quote", "title"):
        if not isinstance(item.get(field), str) or not item[field].strip():
            raise CatalogueError(path, line, f"缺 {field}", f"补上 {field}（一行文字）")
    kind = item.get("kind")
    if kind is not None and kind not in KINDS:
        raise CatalogueError(path, line_of(item, "kind"), f"未知的 kind {kind!r}", f"用其中之一：{'、'.join(KINDS)}")
    questions = _texts(path, item, "questions")
    low, high = QUESTIONS_PER_ENTRY
    if not low <= len(questions) <= high:
        raise CatalogueError(
            path,
            line_of(item, "questions") or line,
            f"有 {len(questions)} 个示例问题",
            f"写 {low} 到 {high} 个居民会问的话",
        )
    return CatalogueEntry(
        path=path,
        line=line,
        topic=topic,
        area=area,
        quote=item["quote"].strip(),
        title=item["title"].strip(),
        audience=_texts(path, item, "audience"),
        terms=_texts(path, item, "terms"),
        questions=questions,
        voices=_texts(path, item, "voices"),
        kind=kind,
        page=item.get("page"),
        plain=_plain(path, item),
    )


def _plain(path: Path, item: Any) -> str:
    text = item.get("plain") or ""
    if not isinstance(text, str) or len(text.strip()) > MAX_CHARS:
        what = f"plain 不是一句 {MAX_CHARS} 字以内的话：{text!r}"
        raise CatalogueError(path, line_of(item, "plain"), what, "写成一行平常话，或者去掉这一行")
    return text.strip()


def _texts(path: Path, item: Any, field: str) -> tuple[str, ...]:
    values = item.get(field) or []
    if not isinstance(values, list):
        raise CatalogueError(path, line_of(item, field), f"{field} 不是列表", "每项一行，以 - 开头")
    for index, value in enumerate(values):
        if not isinstance(value, str) or not value.strip():
            line = line_of(values, index)
            raise CatalogueError(path, line, f"{field} 里有一项不是文字：{value!r}", "给它加上引号")
        if len(value) > (limit := _LIMITS.get(field, len(value))):
            raise CatalogueError(path, line_of(values, index), f"问题有 {len(value)} 字", f"缩到 {limit} 字以内")
    return tuple(value.strip() for value in values)


def _refuse_duplicates(entries: Sequence[CatalogueEntry]) -> None:
    seen_questions: dict[str, CatalogueEntry] = {}
    for entry in entries:
        for question in entry.samples:
            earlier = seen_questions.setdefault(question, entry)
            if earlier is not entry or entry.samples.count(question) > 1:
                raise CatalogueError(
                    entry.path,
                    entry.line,
                    f"问题「{question}」与 {earlier.path.name}:{earlier.line} 重复",
                    "留在最合适的一条里，另一条换个问法",
                )
