"""Dialogues as their writers labelled them: what each turn does, and which runs of the plan answer it.

`data/dialogues/` is what the dialogue is fitted on, `evaluation/dialogues.yml` what judges it; both were written by people
who had seen the plan alone, each by its own. Their questions that stand alone and those of `data/questions/` are *fresh*:
words of other pens than the catalogue's, which no signal knows, on which the ranking and the outcomes are fitted
(docs/decisions/0050).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.document.plan_text import squash
from knowledge.groundwork.curated_yaml import line_of, load_mapping
from knowledge.groundwork.errors import CatalogueError
from knowledge.groundwork.settings import ROOT

TRAINING = ROOT.parent / "data" / "dialogues"
TURNS = ROOT.parent / "data" / "turns"  # single ones: what each does
QUESTIONS = ROOT.parent / "data" / "questions"  # single ones as well: what answers each
ASKING = ("question", "correction", "return")  # acts that have `answers`
ACTS = (
    *ASKING,
    *("tell", "denial", "source", "more", "repeat"),
    *("thanks", "greeting", "goodbye", "person", "complaint", "off_topic"),
)


@dataclass(frozen=True)
class WrittenTurn:
    """One turn. `answers` are runs of text of which the passage holds one, () where the plan is silent or nothing is asked.

    `whole` is the question in full where `leans` says that it needs the turns before it; `wrong` are runs that must not be
    shown: of what was denied. `also` has the runs for each further question of the turn.
    """

    say: str
    act: str
    leans: bool = False
    whole: str = ""
    answers: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    also: tuple[tuple[str, ...], ...] = ()

    @property
    def asks(self) -> bool:
        """Whether there is a question in it."""
        return self.act in ASKING


@dataclass(frozen=True)
class WrittenDialogue:
    """A dialogue's turns; `kind` is what it is mainly about."""

    id: str
    kind: str
    turns: tuple[WrittenTurn, ...]


def load_dialogues(path: Path) -> list[WrittenDialogue]:
    """All dialogues of a file, or of all files of a folder by name. Raises `CatalogueError`, with the line of an unknown act."""
    if path.is_dir():
        return [dialogue for each in sorted(path.glob("*.yml")) for dialogue in load_dialogues(each)]
    return [
        WrittenDialogue(str(item["id"]), str(item["kind"]), tuple(_turn(path, turn) for turn in item["turns"]))
        for item in load_mapping(path)[0]["dialogues"]
    ]


def load_turns(folder: Path) -> list[WrittenTurn]:
    """All single turns of the files of a folder, by name. Raises `CatalogueError`, with the line of an unknown act."""
    return [_turn(path, turn) for path in sorted(folder.glob("*.yml")) for turn in load_mapping(path)[0]["turns"]]


@dataclass(frozen=True)
class FreshQuestion:
    """A question that stands alone, and runs of text of which the sentence that answers holds one; () if the plan is silent."""

    text: str
    answers: tuple[str, ...]


def fresh_questions(turns: Iterable[WrittenTurn]) -> list[FreshQuestion]:
    """The questions among these that need no other turn to be understood and ask one thing, each words once."""
    alone = [turn for turn in turns if turn.act == "question" and not turn.leans and not turn.also]
    return list({turn.say: FreshQuestion(turn.say, turn.answers) for turn in alone}.values())


def _turn(path: Path, turn: dict[str, object]) -> WrittenTurn:
    act = str(turn["act"])
    if act not in ACTS:
        raise CatalogueError(path, line_of(turn, "act"), f"未知的 act {act!r}", f"用其中之一：{'、'.join(ACTS)}")
    return WrittenTurn(
        say=str(turn["say"]),
        act=act,
        leans=bool(turn.get("leans")),
        whole=str(turn.get("whole") or ""),
        answers=_runs(turn.get("answers")),
        wrong=_runs(turn.get("not")),
        also=tuple(_runs(runs) for runs in _listed(turn.get("also"))),
    )


def _runs(value: object) -> tuple[str, ...]:
    return tuple(squash(str(run)) for run in _listed(value))


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()
