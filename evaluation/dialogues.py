"""`python -m evaluation.dialogues`: whole dialogues, every turn judged, by what the turn does.

The dialogues of `dialogues.yml` were written by someone who had seen the plan alone; nothing is learned from them. Asked in
this process, without Rasa.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from actions.dialogue.reply import Reply
from evaluation.in_process import InProcess, told_why
from knowledge.catalogue.written_dialogues import WrittenDialogue, WrittenTurn, load_dialogues
from knowledge.document.plan_text import squash
from knowledge.groundwork.errors import KnowledgeError
from knowledge.reply.answer import Answer, Outcome
from knowledge.reply.judging import REFUSALS

JUDGING = Path(__file__).resolve().parent / "dialogues.yml"
VERDICTS = ("right", "offered", "refused", "wrong", "odd")
_TALK = {
    "thanks": Outcome.CHAT,
    "greeting": Outcome.CHAT,
    "goodbye": Outcome.CHAT,
    "person": Outcome.HANDOFF,
    "complaint": Outcome.HANDOFF,
}


@dataclass(frozen=True)
class JudgedTurn:
    """A turn of a dialogue and what came of it, one of `VERDICTS`."""

    dialogue: WrittenDialogue
    turn: WrittenTurn
    reply: Reply
    verdict: str


def verdict(turn: WrittenTurn, answer: Answer, last: Sequence[str]) -> str:
    """right; offered (a choice where a passage was to be shown); refused (though the plan answers); wrong (a passage that
    does not answer, or where nothing was asked); odd (nothing wrong is claimed, and it is not what was wanted).

    `last` are the quotes of the last passage that was shown.
    """
    quotes = [squash(citation.quote) for citation in answer.citations]
    outcome = answer.outcome
    if turn.asks:
        return _verdict_on_question(turn, outcome, quotes)
    if turn.act in ("source", "repeat"):
        return "odd" if outcome is not Outcome.ANSWERED else "right" if set(quotes) & set(last) else "wrong"
    if turn.act == "more":
        if outcome is Outcome.ANSWERED:
            return "wrong" if quotes[:1] == list(last[:1]) else "right"
        return "right" if outcome is Outcome.NOT_IN_PLAN else "odd"
    if outcome is Outcome.ANSWERED:
        return "wrong" if turn.act != "denial" or set(quotes) & set(last) else "odd"
    if turn.act == "tell":
        return "right" if outcome is Outcome.CHAT else "odd"
    if turn.act == "denial":
        return "right" if outcome in (Outcome.CLARIFY, Outcome.CHAT) else "odd"
    if turn.act == "off_topic":
        return "right" if outcome in (*REFUSALS, Outcome.CHAT) else "odd"
    return "right" if outcome is _TALK[turn.act] else "odd"


def _verdict_on_question(turn: WrittenTurn, outcome: Outcome, quotes: Sequence[str]) -> str:
    if outcome is Outcome.ANSWERED and turn.also:
        wanted = [runs for runs in (turn.answers, *turn.also) if runs]
        return "right" if all(any(run in quote for run in runs for quote in quotes) for runs in wanted) else "wrong"
    if outcome is Outcome.ANSWERED:
        shown = quotes[:1]
        return "right" if any(run in quote for run in turn.answers for quote in shown) else "wrong"
    if outcome is Outcome.CLARIFY:
        return "offered"
    if not turn.answers and not any(turn.also):
        return "right" if outcome in REFUSALS else "odd"
    return "refused" if outcome in REFUSALS else "odd"


def judged(bot: InProcess, dialogue: WrittenDialogue) -> list[JudgedTurn]:
    """Every turn of a dialogue, asked in order."""
    found, last = [], list[str]()
    for turn, reply in zip(dialogue.turns, bot.converse([turn.say for turn in dialogue.turns])):
        found.append(JudgedTurn(dialogue, turn, reply, verdict(turn, reply.answer, last)))
        if reply.answer.outcome is Outcome.ANSWERED:
            last = [squash(citation.quote) for citation in reply.answer.citations]
    return found


def group_of(turn: WrittenTurn) -> str:
    """What a turn does, and for one that asks whether the plan answers and whether it leans on those before."""
    if not turn.asks:
        return turn.act
    how = " leaning" if turn.leans and turn.act == "question" else ""
    return f"{turn.act}{how}, {'answered' if turn.answers else 'silent'}"


def report_of(turns: Sequence[JudgedTurn]) -> list[str]:
    """Lines: the shares of all turns, of each kind of turn, of each kind of dialogue, and of each step that replied."""
    lines = [_line("全部 all turns", turns)]
    for title, key in (
        ("按这一句在做什么 by act", lambda each: group_of(each.turn)),
        ("按对话的种类 by kind of dialogue", lambda each: each.dialogue.kind),
        ("按答复的步骤 by step", lambda each: each.reply.step),
    ):
        groups: dict[str, list[JudgedTurn]] = defaultdict(list)
        for each in turns:
            groups[key(each)].append(each)
        lines += ["", title, *(_line(f"  {name}", found) for name, found in sorted(groups.items()))]
    return lines


def _line(name: str, turns: Iterable[JudgedTurn]) -> str:
    counts = Counter(each.verdict for each in turns)
    total = sum(counts.values())
    shares = "，".join(f"{each} {counts[each]} ({counts[each] / total:.1%})" for each in VERDICTS if counts[each])
    return f"{name} {total}：{shares}"


def main(arguments: list[str] | None = None) -> int:
    """Exit code 1 if the knowledge is not built or the file cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.dialogues", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--dialogues", type=Path, default=JUDGING, help="对话文件 / the dialogues")
    parser.add_argument("--list", action="store_true", help="列出没答对的 / list what was not right")
    options = parser.parse_args(arguments)
    try:
        dialogues, bot = load_dialogues(options.dialogues), InProcess.opened()
    except (OSError, KnowledgeError) as error:
        return told_why(error)
    turns: list[JudgedTurn] = []
    for dialogue in tqdm(dialogues, desc="对话 dialogues", unit="段"):
        turns += judged(bot, dialogue)
    if options.list:
        print("\n".join(_listed(each) for each in turns if each.verdict != "right"))
    print("\n".join(report_of(turns)))
    return 0


def _listed(each: JudgedTurn) -> str:
    turn, reply = each.turn, each.reply
    return (
        f"{each.dialogue.id} {each.verdict} {group_of(turn)} [{reply.step}] {turn.say} → {reply.answer.headline[:50]}"
    )


if __name__ == "__main__":
    sys.exit(main())
