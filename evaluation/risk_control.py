"""`python -m evaluation.risk_control`: from which probability a passage may be shown, so that few are wrong (conformal risk control).

Of messages by other pens than the catalogue's (first turns of `data/dialogues/` that ask) the loss is 1 where a passage is
shown first that does not answer. It falls as the threshold of `decide.OFFER_BELOW` rises, so the lowest threshold whose
corrected mean loss stays under a level keeps the expected loss of the next message under it, whatever the distribution
(Angelopoulos et al. 2022, "Conformal risk control"). What it would cost is told beside it: the share that is offered
a choice though the plan answers.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from tqdm import tqdm

from evaluation.in_process import InProcess, as_nlu_hears, told_why
from evaluation.truthfulness import holds
from evaluation.written_dialogues import TRAINING, WrittenTurn, load_dialogues
from knowledge.document.plan_text import squash
from knowledge.groundwork.errors import KnowledgeError
from knowledge.reply.answer import Outcome
from knowledge.reply.decide import OFFER_BELOW, OFFER_LEAD, decide
from knowledge.search.finder import Finder

LEVELS = (0.10, 0.08, 0.06, 0.05, 0.04, 0.03)
GRID = tuple(np.round(np.arange(0.0, 1.001, 0.02), 2).tolist())


@dataclass(frozen=True)
class Asked:
    """A message: whether a passage may be shown for it, whether that answers, how sure it is, and its share."""

    shown: bool
    right: bool
    answerable: bool
    probability: float
    lead: float

    def is_shown(self, threshold: float) -> bool:
        """With this threshold in place of `OFFER_BELOW`; what is not, is a choice."""
        return self.shown and (self.probability >= threshold or self.lead >= OFFER_LEAD)


def asked(finder: Finder, turn: WrittenTurn) -> Asked:
    """What the finder makes of a message by itself."""
    said, _ = as_nlu_hears(finder, turn.say)
    finding = finder.find(said.text, intents=said.intents, vector=said.vector, understood=said.understood)
    shown = decide(finding, may_clarify=False).outcome is Outcome.ANSWERED
    quotes = [squash(candidate.commitment.quote) for candidate in finding.candidates]
    right = bool(turn.answers) and holds(quotes[:1], turn.answers)
    lead = sum(c.probability for c, quote in zip(finding.candidates, quotes) if quote == quotes[0])
    return Asked(shown, right, bool(turn.answers), finding.answerable, lead)


def corrected_loss(messages: Sequence[Asked], threshold: float) -> float:
    """The mean loss, with one more message that lost counted in: what conformal risk control holds against the level."""
    lost = sum(each.is_shown(threshold) and not each.right for each in messages)
    return (lost + 1) / (len(messages) + 1)


def offered(messages: Sequence[Asked], threshold: float) -> float:
    """The share of answerable messages that would get a choice."""
    answerable = [each for each in messages if each.answerable]
    return sum(each.shown and not each.is_shown(threshold) for each in answerable) / max(1, len(answerable))


def lowest_threshold(messages: Sequence[Asked], level: float) -> float | None:
    """The lowest of `GRID` under which the loss stays under a level; None if none does."""
    return next((each for each in GRID if corrected_loss(messages, each) <= level), None)


def report(messages: Sequence[Asked]) -> list[str]:
    """Lines: what holds today, then each level with its threshold and its price."""
    now = f"现在 now {OFFER_BELOW:.2f}：错误出示 wrong shown ≤ {corrected_loss(messages, OFFER_BELOW):.1%}，给选项 offered {offered(messages, OFFER_BELOW):.1%}"
    lines = [f"{len(messages)} 条 messages", now]
    for level in LEVELS:
        threshold = lowest_threshold(messages, level)
        if threshold is None:
            lines.append(f"≤ {level:.0%}：没有门槛做得到 no threshold does it")
        else:
            lines.append(
                f"≤ {level:.0%}：门槛 threshold {threshold:.2f}，给选项 offered {offered(messages, threshold):.1%}"
            )
    return lines


def main(arguments: list[str] | None = None) -> int:
    """Exit code 1 if the knowledge is not built or a file cannot be read."""
    argparse.ArgumentParser(
        prog="python -m evaluation.risk_control", description=(__doc__ or "").split("\n")[0]
    ).parse_args(arguments)
    try:
        dialogues, bot = load_dialogues(TRAINING), InProcess.opened()
    except (OSError, KnowledgeError) as error:
        return told_why(error)
    turns = [dialogue.turns[0] for dialogue in dialogues if dialogue.turns[0].act == "question"]
    messages = [asked(bot.finder, turn) for turn in tqdm(turns, desc="问句 questions", unit="句")]
    print("\n".join(report(messages)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
