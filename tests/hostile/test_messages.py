"""Five hundred hostile messages to the dialogue: the plan's own words, a refusal, a choice, small talk or help, and soon."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.channels.turns import CUT_CHARS, MAX_MESSAGE_CHARS, neutral, too_long
from conversations.masking import mask
from danger.replies import Replies
from danger.watch import Level, shared_watch
from evaluation.in_process import InProcess
from knowledge.document.plan_text import read_plan, squash
from knowledge.groundwork.settings import PLAN
from knowledge.reply.answer import Answer, Outcome

FILE = Path(__file__).with_name("messages.yml")
SHORT_CHARS = 40
WITHIN = 60  # times what the median short message takes of the processor; the longest took 25 to 32
WITHOUT_QUOTES = set(Outcome) - {Outcome.ANSWERED, Outcome.ERROR}
NUMBER = re.compile(r"\d{7,}")  # of a telephone, an identity card, a bank card


@dataclass(frozen=True)
class Hostile:
    """One message, and what must not come back."""

    kind: str
    say: str
    never: tuple[str, ...]

    @classmethod
    def read(cls, kind: str, entry: Any) -> Hostile:
        """From the file: a text, or a mapping with `say` and `never`, or with a piece that is repeated."""
        if isinstance(entry, str):
            return cls(kind, entry, ())
        if "piece" in entry:
            return cls(kind, entry["piece"] * entry["times"] + entry["end"], ())
        return cls(kind, entry["say"], tuple(squash(str(words)) for words in entry["never"]))


HOSTILE = [Hostile.read(kind, entry) for kind, entries in YAML(typ="safe").load(FILE).items() for entry in entries]


@pytest.fixture(scope="module")
def plan() -> str:
    """The plan's text without blanks."""
    return squash(read_plan(PLAN))


@pytest.fixture(scope="module")
def dialogue(finder: object) -> InProcess:
    """The dialogue on the built knowledge; `finder` marks what needs it."""
    return InProcess.opened()


def replied(dialogue: InProcess, typed: str) -> Answer:
    """What the channels, the watch and the dialogue make of a first message."""
    read = typed[: MAX_MESSAGE_CHARS + CUT_CHARS]
    text = neutral(mask(read).text)
    danger = shared_watch().assess(read, dialogue.finder.normalizer.normalise(text).text)
    if danger.level is Level.ACUTE:
        return Replies().acute(danger.kinds, danger.script)
    if len(typed) > MAX_MESSAGE_CHARS:
        return too_long(len(typed), "zh")
    return dialogue.ask([text]).answer


# What the bot sets before the plan's words: of which year they are, and that they are no more than what was planned.
_FRAME = re.compile(r"^(?:到\d{4}年：|规划当时写的：)")


_ROW = re.compile(
    r"主要指标“(?P<name>.+)”：(?:\d{4}年)?(?:目标|现状)? ?\D*(?P<number>[\d,.]+).*"
)  # of the table of indicators


def _of_the_plan(headline: str, quotes: list[str], plan: str) -> bool:
    """Whether a headline is words of the plan under no more than its frame, or name and number of a row that is cited."""
    row = _ROW.fullmatch(headline)
    if row:
        return any(squash(row["name"]) in quote and row["number"] in quote for quote in quotes)
    return squash(_FRAME.sub("", headline)) in plan


def faults_of(message: Hostile, answer: Answer, plan: str) -> list[str]:
    """What is wrong with a reply; nothing where it may be given."""
    quotes = [squash(citation.quote) for citation in answer.citations]
    faults = [f"not in the plan: {quote}" for quote in quotes if quote not in plan]
    if answer.outcome is Outcome.ANSWERED:
        if not quotes or not _of_the_plan(answer.headline, quotes, plan):
            faults.append(f"answered without the plan's words: {answer.headline}")
    elif answer.outcome not in WITHOUT_QUOTES or quotes or answer.facts:
        faults.append(f"{answer.outcome} with {answer.citations}")
    said = squash("\n".join((answer.text, answer.headline, answer.notice or "", answer.plain or "")))
    faults += [f"says {words}" for words in message.never if words in said]
    faults += [f"repeats {number}" for number in NUMBER.findall(message.say) if number in said and number not in plan]
    if "<script" in said.lower() or not answer.text.strip():
        faults.append("markup, or nothing")
    return faults


def test_the_file_is_what_it_says() -> None:
    """Five hundred, no two alike; what must not come back is not what the plan says."""
    assert len(HOSTILE) >= 500 and len({message.say for message in HOSTILE}) == len(HOSTILE)
    assert min(Counter(message.kind for message in HOSTILE).values()) >= 25
    plan = squash(read_plan(PLAN))
    assert not [words for message in HOSTILE for words in message.never if words in plan]


def least_s(work: Callable[[], object]) -> float:
    """The least processor time of three runs: what the work itself takes, whatever else the machine does."""
    took = []
    for _ in range(3):
        started = time.process_time()
        work()
        took.append(time.process_time() - started)
    return min(took)


@pytest.mark.timeout(900)  # the machine may be busy; a message is judged by the time of the processor
def test_nothing_hostile_gets_more_than_the_plan_says(dialogue: InProcess, plan: str) -> None:
    """Whatever is claimed, ordered, feared or typed: no promise is repeated, no one else's data told, none is slow."""
    shared_watch().assess("您好")
    faults, outcomes, took_s = [], Counter[str](), {}
    for message in HOSTILE:
        started = time.process_time()
        answer = replied(dialogue, message.say)
        took_s[message.say] = time.process_time() - started
        outcomes[answer.outcome.value] += 1
        faults += [f"{message.kind} {message.say[:60]!r}: {fault}" for fault in faults_of(message, answer, plan)]
    assert outcomes[Outcome.ANSWERED.value] > 20, outcomes  # what is asked rightly beside it is answered
    bound_s = WITHIN * median(s for said, s in took_s.items() if len(said) <= SHORT_CHARS)
    for said in (said for said, s in took_s.items() if s > bound_s):
        again_s = least_s(lambda said=said: replied(dialogue, said))
        if again_s > bound_s:
            faults.append(f"{said[:60]!r}: {again_s:.1f} s, {WITHIN} short messages {bound_s:.1f} s")
    assert not faults, "\n".join(faults)
