"""What the page *outside* asks, and what came of each message."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from actions.dialogue.reply import Reply
from evaluation.dialogues import JUDGING, JudgedTurn, group_of, judged
from evaluation.hotline import HotlineMessage, load_messages, verdict
from evaluation.in_process import InProcess
from evaluation.outside import OUTSIDE, messages_of
from evaluation.perturbed import load_perturbed
from evaluation.questions import EvaluationQuestion, load_questions
from evaluation.truthfulness import OfferedPassages, ShownReply, holds
from knowledge.catalogue.written_dialogues import load_dialogues
from knowledge.document.plan_text import squash
from knowledge.groundwork.settings import ROOT
from knowledge.reply.answer import Outcome
from knowledge.reply.judging import REFUSALS

BESIDE_THE_CHECKOUT = (
    ROOT.parents[1] / "shared" / "data" / "off-topic-real.txt"
)  # others' words: never in the repository
TRAVEL, HOTLINE, TALK = "travel", "hotline", "outside"
UNPERTURBED, PERTURBED, DIALOGUES = "unperturbed", "perturbed", "dialogues"
SHOWN_CHARS = 80  # of the passage in the list of misses


@dataclass(frozen=True)
class JudgedMessage:
    """A message of a set with what came of it, one of `evaluation.truthfulness.CAME`.

    `probability` is P(answerable) and `first_answers` whether the first candidate answers; None where a message has
    several questions, none was searched for, or it is a turn that leans on others.
    """

    set: str
    group: str
    id: str
    text: str
    answerable: bool
    came: str
    outcome: str
    shown: str
    wanted: str = ""
    probability: float | None = None
    first_answers: bool | None = None


@dataclass(frozen=True)
class OutsideSet:
    """A set's name, what it is in a line for people, and how to ask it: one message after another."""

    name: str
    about: str
    asked: Callable[[], Iterator[JudgedMessage]]


def outside_sets(bot: InProcess, files: Sequence[Path]) -> list[OutsideSet]:
    """Every set, with those of `files`: messages of others that are none of our business, one a line."""
    asking = _Asking(bot)
    return [
        OutsideSet(HOTLINE, "热线式的消息 hotline messages", asking.hotline),
        OutsideSet(DIALOGUES, "整段对话，每一轮都判 whole dialogues, every turn judged", asking.dialogues),
        OutsideSet(
            TALK, "日常的话，与我们无关 everyday talk, none of our business", partial(asking.elsewhere, TALK, OUTSIDE)
        ),
        *(_of_file(asking, path) for path in files),
        OutsideSet(PERTURBED, "冻结题，带口误笔误 frozen questions with a slip of typing or speech", asking.perturbed),
        OutsideSet(UNPERTURBED, "同样的题，照原样问 the same questions as they stand", asking.unperturbed),
    ]


def _of_file(asking: _Asking, path: Path) -> OutsideSet:
    if path.name == BESIDE_THE_CHECKOUT.name:
        about = "别人写给旅行助手的话 what others wrote to a travel assistant"
        return OutsideSet(TRAVEL, about, partial(asking.elsewhere, TRAVEL, path))
    about = "与我们无关的话 none of our business"
    return OutsideSet(path.stem, f"{path.name}：{about}", partial(asking.elsewhere, path.stem, path))


class _Asking:
    """Asks each set of one bot."""

    def __init__(self, bot: InProcess) -> None:
        self._bot = bot
        self._offers = OfferedPassages.of(bot.finder.stored.commitments)

    def hotline(self) -> Iterator[JudgedMessage]:
        for message in load_messages():
            reply = self._bot.ask([message.text])
            came = verdict(message, ShownReply.of(reply.answer, self._offers))
            single = len(message.answers) <= 1 and not message.corrected_by
            runs = message.answerable[0] if message.answerable else ()
            yield _judged(
                (HOTLINE, message.kind, message.id, message.text),
                came,
                reply,
                answerable=bool(message.answerable),
                wanted=_wanted(message),
                first=_first_answers(reply, runs) if single else None,
            )

    def dialogues(self) -> Iterator[JudgedMessage]:
        for dialogue in load_dialogues(JUDGING):
            for at, turn in enumerate(judged(self._bot, dialogue), start=1):
                yield _judged(
                    (DIALOGUES, group_of(turn.turn), f"{dialogue.id}#{at}", turn.turn.say),
                    came_of_turn(turn, self._offers),
                    turn.reply,
                    answerable=bool(turn.turn.answers) or any(turn.turn.also),
                    wanted=" / ".join(turn.turn.answers[:1]),
                )

    def elsewhere(self, name: str, path: Path) -> Iterator[JudgedMessage]:
        for number, text in enumerate(messages_of(path), start=1):
            reply = self._bot.ask([text])
            yield _judged(
                (name, "", f"{name}-{number}", text),
                came_of_silence(reply.answer.outcome),
                reply,
                answerable=False,
                first=_first_answers(reply, ()),
            )

    def perturbed(self) -> Iterator[JudgedMessage]:
        by_id = {question.id: question for question in load_questions()}
        for each in load_perturbed():
            yield self._question(PERTURBED, each.slip, each.asked_of(by_id[each.of]))

    def unperturbed(self) -> Iterator[JudgedMessage]:
        by_id = {question.id: question for question in load_questions()}
        for each in load_perturbed():
            yield self._question(UNPERTURBED, each.slip, by_id[each.of])

    def _question(self, name: str, group: str, question: EvaluationQuestion) -> JudgedMessage:
        reply = self._bot.ask([question.question])
        shown = ShownReply.of(reply.answer, self._offers)
        runs = [squash(run) for run in question.expect]
        return _judged(
            (name, group, question.id, question.question),
            came_of_question(shown, runs),
            reply,
            answerable=bool(runs),
            wanted=" / ".join(question.expect[:1]),
            first=_first_answers(reply, runs),
        )


def came_of_question(shown: ShownReply, runs: Sequence[str]) -> str:
    """What came of a single question that one of the runs answers; without runs the plan is silent."""
    if not runs:
        return came_of_silence(shown.outcome)
    if shown.outcome is Outcome.ANSWERED:
        return "right" if holds(shown.quotes[:1], runs) else "beside" if holds(shown.quotes, runs) else "wrong"
    offered = shown.outcome is Outcome.CLARIFY and holds(shown.offered, runs)
    return "offered" if offered else "missed" if shown.outcome in REFUSALS else "other"


def came_of_silence(outcome: Outcome) -> str:
    """What came of a message that the plan does not answer; small talk is as good as a refusal."""
    if outcome is Outcome.ANSWERED:
        return "wrong"
    return "refused" if outcome in (*REFUSALS, Outcome.CHAT) else "other"


def came_of_turn(judged_turn: JudgedTurn, offers: OfferedPassages) -> str:
    """What came of a dialogue's turn."""
    outcome, turn = judged_turn.reply.answer.outcome, judged_turn.turn
    if judged_turn.verdict == "offered":
        runs = [run for each in (turn.answers, *turn.also) for run in each]
        return "offered" if holds(ShownReply.of(judged_turn.reply.answer, offers).offered, runs) else "other"
    if judged_turn.verdict == "right":
        return "refused" if outcome in REFUSALS else "right"
    return {"refused": "missed", "wrong": "wrong"}.get(judged_turn.verdict, "other")


def _first_answers(reply: Reply, runs: Sequence[str]) -> bool | None:
    """Whether the first candidate answers; None where nothing was searched for."""
    if reply.finding is None or not reply.finding.candidates:
        return None
    return holds([squash(reply.finding.candidates[0].commitment.quote)], runs)


def _wanted(message: HotlineMessage) -> str:
    return "；".join(runs[0] for runs in message.answerable) or message.corrected_by


def _judged(
    which: tuple[str, str, str, str],
    came: str,
    reply: Reply,
    *,
    answerable: bool,
    wanted: str = "",
    first: bool | None = None,
) -> JudgedMessage:
    answer = reply.answer
    shown = answer.citations[0].quote if answer.citations else answer.text.replace("\n", " ")
    probability = reply.finding.answerable if reply.finding and first is not None else None
    return JudgedMessage(
        *which, answerable, came, answer.outcome.value, shown[:SHOWN_CHARS], wanted, probability, first
    )
