"""No text makes a regular expression of the product try for longer than in proportion to its length."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from actions.dialogue.steps.next_plan import next_words
from actions.dialogue.steps.of_the_plan import plan_done_words
from bot.nlu.plan_entities import PlanEntityExtractor
from bot.pages.looked_for import pattern_of
from bot.pages.reader import marked
from conversations.masking import load as load_masking
from conversations.masking import mask
from knowledge.document.documents import load_document
from knowledge.groundwork import settings
from knowledge.language.five_years import FiveYears
from knowledge.language.normalise import Dialect, written_text
from knowledge.language.past import past_of_a_leaning_turn, past_of_a_question
from knowledge.language.question import Question, _amount_of, _patterns_of, amount_asked_of, read_question
from knowledge.reply.listing import Subjects
from knowledge.search.plain_parts import KeptVectorizer
from tests.patterns.collecting import Built, Found, held_by, modules, recorded, written_in
from tests.patterns.effort import grows_too_fast
from tests.patterns.pumping import pumps

READS_THE_PLAN = (
    "knowledge.document.passages",
)  # the rows of its tables, when the knowledge is built; no resident's words
LATER = (2041, 2045)  # a plan that nobody has asked of here
REACHED: dict[str, Callable[[], object]] = {  # how patterns come about that only a running program knows
    "knowledge.language.normalise": lambda: Dialect.load(settings.DIALECT).translate("养老院"),
    "actions.dialogue.steps.next_plan": lambda: next_words(FiveYears(16)),
    "actions.dialogue.steps.of_the_plan": lambda: plan_done_words.__wrapped__("十五五"),
    "knowledge.language.past": lambda: (
        past_of_a_question.__wrapped__(LATER),
        past_of_a_leaning_turn.__wrapped__(LATER),
    ),
    "knowledge.language.question": lambda: (_patterns_of.__wrapped__(LATER), _amount_of.__wrapped__(LATER)),
    "knowledge.search.plain_parts": lambda: KeptVectorizer("word", (1, 2), r"(?u)\b\w+\b", {}).build_analyzer()(
        "养老院"
    ),
    "bot.nlu.plan_entities": lambda: PlanEntityExtractor(load_document(settings.DOCUMENT).places),
    "bot.pages.looked_for": lambda: (
        marked("养老院", ["养老", "老"]),
        pattern_of(["轨交17号线", "—" * 40, "的" * 40], near=True),
    ),
}
LITERAL = ("knowledge.language.skeleton",)  # words of the plan with | between, nothing repeated
# One character each of the plan's own sample questions is looked for, at most 40: not in the resident's words.
IN_OUR_TEXTS = ("knowledge.reply.suggest",)

# What stood in the product once, each with how it was tried.
KNOWN_BAD = {
    "fillers that overlap (listing)": (
        r"^(?:你好|您好|请问|我想|想|问|知道|了解|问一下|，|一下|规划|十四五|里|期间|中|对|关于|青浦区?|区里|政府|我们|在|把|给我)*"
        r"(?P<subject>.+?)(?:有哪些|有什么)(?P<kind>指标|目标)?(?:吗|呢)*$",
        "match",
    ),
    "fillers before and after anything (listing)": (r"^(?:你好|问问?|，|\s)*(.+?)(?:怎么说|问问|呢|，|\s)*$", "match"),
    "words that lead up to what is not there (normalise)": (
        r"(?:我家?|本人|住[在址]?|地址)*〔[A-Z]{2,6}〕",
        "finditer",
    ),
    "blanks before what is not there (normalise)": (r"\s+(?=[^\x00-\x7f])", "finditer"),
    "numerals without a measure word (question)": (r"[一二两三四五六七八九十百千万零]+(?=[张家套])", "finditer"),
    "blanks at the end (training data)": (r"^\s*-\s+(.+?)\s*$", "match"),
}
GOOD = {
    "numerals from their first": (r"(?<![一二三])[一二三]+(?=[张家套])", "finditer"),
    "one filler": (r"^(?:你好|您好|请问|，)*有", "match"),
    "bounded": (r".{0,12}呢$", "finditer"),
}


def _fault(found: Found) -> str:
    """The first text on which a pattern's effort grows too fast, and how; "" if there is none."""
    for way in sorted(found.ways):
        call = _tries(found.pattern, way)
        for pump in pumps(found.pattern):
            wrong = grows_too_fast(call, pump.text)
            if wrong:
                return f"{found.where} {way} {pump}: {wrong} — {found.pattern.pattern[:60]}"
    return ""


def _tries(pattern: re.Pattern[Any], way: str) -> Callable[[str], object]:
    """A pattern of bytes is tried on the same text, each character a byte."""
    tried: Callable[[Any], object] = getattr(pattern, way)
    if way == "finditer":
        tried = lambda text: [None for _ in pattern.finditer(text)]  # noqa: E731
    return (lambda text: tried(text.encode("latin-1", "replace"))) if isinstance(pattern.pattern, bytes) else tried


@pytest.fixture(scope="module")
def product() -> list[ModuleType]:
    """All modules, imported."""
    return [module for module in modules() if module.__name__ not in READS_THE_PLAN]


@pytest.fixture(scope="module")
def patterns(product: list[ModuleType]) -> list[Found]:
    """All patterns, each way of trying one once."""
    found: dict[Any, Found] = {}
    for module in product:
        for each in (*written_in(module)[0], *held_by(module)):
            found.setdefault((each.pattern, each.ways), each)
    for reach in REACHED.values():
        for each in recorded(reach):
            found.setdefault((each.pattern, each.ways), each)
    tried = {pattern for pattern, ways in found if ways != frozenset(("finditer",))}
    return [each for each in found.values() if each.pattern not in tried or not _only_held(each)]


def _only_held(found: Found) -> bool:
    """Whether a pattern was seen in a module's globals only, of which the source tells how it is tried."""
    return ":" not in found.where


@pytest.mark.slow  # seconds of a bad pattern
@pytest.mark.parametrize("name", KNOWN_BAD)
def test_the_checker_knows_a_bad_pattern(name: str) -> None:
    """Patterns that froze the product once are told apart, by texts made from nothing but the patterns."""
    text, way = KNOWN_BAD[name]
    assert _fault(Found(re.compile(text), name, frozenset((way,))))


@pytest.mark.parametrize("name", GOOD)
def test_the_checker_leaves_a_good_pattern_alone(name: str) -> None:
    """Neither their mended forms nor bounded ones are blamed."""
    text, way = GOOD[name]
    assert not _fault(Found(re.compile(text), name, frozenset((way,))))


@pytest.mark.slow  # loads and tries the whole product
def test_every_pattern_takes_effort_in_proportion_to_the_text(patterns: list[Found]) -> None:
    """On its own alternatives over and over, at 250, 500 and 1,000 characters."""
    assert len(patterns) > 100
    assert not [fault for fault in map(_fault, patterns) if fault]


@pytest.mark.slow  # loads and tries the whole product
def test_no_pattern_is_built_out_of_the_checkers_sight(product: list[ModuleType]) -> None:
    """A pattern that only the running program knows is made here too, or it is said why it needs no trial."""
    built = {each for module in product for each in written_in(module)[1]}
    seen = {Built(*place) for reach in REACHED.values() for place in _places(built, reach)}
    unseen = [each for each in built - seen if each.module not in (*LITERAL, *IN_OUR_TEXTS)]
    assert not unseen, f"say in REACHED how to come there: {unseen}"


def _places(built: set[Built], reach: Callable[[], object]) -> Iterator[tuple[str, int, int]]:
    lines = {each.where for each in recorded(reach)}
    for each in built:
        if any(f"{each.module}:{line}" in lines for line in range(each.first, each.last + 1)):
            yield each.module, each.first, each.last


@pytest.mark.slow  # loads and tries the whole product
def test_what_reads_a_message_takes_effort_in_proportion_to_it() -> None:
    """Masking, normalising and reading as wholes, on fillers, numbers, names and addresses over and over."""
    dialect, subjects = Dialect.load(settings.DIALECT), Subjects.load(Path(settings.SUBJECTS))
    load_masking()  # what it reads once is no effort of a message

    def lists(text: str) -> object:
        question = Question(text, frozenset(), (), (), ())
        return subjects.asked_for(question), subjects.named_only(question)

    readers = (mask, written_text, dialect.translate, lambda text: read_question(text, {}), amount_asked_of, lists)
    units = (
        "问一下",
        "规划",
        "到2025年",
        "的",
        "我家",
        "住在",
        " ",
        "一",
        "62345678，",
        "编号62345678，",
        "a@",
        "a@b.c ",
    )
    units += ("我叫王", "一路1号", "1弄", "〔姓名〕我", "好装电梯", "1", "，")
    for reader in readers:
        for unit in units:
            wrong = grows_too_fast(reader, lambda length, unit=unit: (unit * length)[:length] + "\0")
            assert not wrong, f"{reader} on {unit!r} × n: {wrong}"
