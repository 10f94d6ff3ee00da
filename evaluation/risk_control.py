"""`python -m evaluation.risk_control`: from which probability a passage may be shown, so that few are wrong (conformal risk control).

Of messages by other pens than the catalogue's (first turns of `data/dialogues/` that ask) the loss is 1 where a passage is
shown first that does not answer. It falls as the probability rises from which one is shown, so the lowest threshold whose
corrected mean loss stays under a level keeps the expected loss of the next message under it, whatever the distribution
(Angelopoulos et al. 2022, "Conformal risk control"). What it would cost is told beside it: the share that is offered
a choice though the plan answers. `decide.py` shows a passage also where one stands out among the candidates: its line is the first.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from tqdm import tqdm

from actions.asking import as_nlu_hears
from evaluation.in_process import InProcess, told_why
from evaluation.truthfulness import holds
from knowledge.catalogue.written_dialogues import TRAINING, WrittenTurn, load_dialogues
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

    @property
    def is_shown_now(self) -> bool:
        """By `decide.py`."""
        return self.is_shown(OFFER_BELOW) or (self.shown and self.lead >= OFFER_LEAD)

    def is_shown(self, threshold: float) -> bool:
        """From this probability on; what is not, is a choice."""
        return self.shown and self.probability >= threshold


def asked(finder: Finder, turn: WrittenTurn) -> Asked:
    """What the finder makes of a message by itself."""
    said, _ = as_nlu_hears(finder, turn.say)
    finding = finder.find(said.text, intents=said.intents, vector=said.vector, understood=said.understood)
    shown = decide(finding, may_clarify=False).outcome is Outcome.ANSWERED
    quotes = [squash(candidate.commitment.quote) for candidate in finding.candidates]
    right = bool(turn.answers) and holds(quotes[:1], turn.answers)
    lead = sum(c.probability for c, quote in zip(finding.candidates, quotes) if quote == quotes[0])
    return Asked(shown, right, bool(turn.answers), finding.answerable, lead)


def corrected_loss(messages: Sequence[Asked], shown: Sequence[bool]) -> float:
    """The mean loss, with one more message that lost counted in: what conformal risk control holds against the level."""
    return (sum(is_shown and not each.right for each, is_shown in zip(messages, shown)) + 1) / (len(messages) + 1)


def offered(messages: Sequence[Asked], shown: Sequence[bool]) -> float:
    """The share of answerable messages that would get a choice."""
    choices = [each.shown and not is_shown for each, is_shown in zip(messages, shown) if each.answerable]
    return sum(choices) / max(1, len(choices))


def lowest_threshold(messages: Sequence[Asked], level: float) -> float | None:
    """The lowest of `GRID` under which the loss stays under a level; None if none does."""
    return next((each for each in GRID if corrected_loss(messages, _shown(messages, each)) <= level), None)


def _shown(messages: Sequence[Asked], threshold: float) -> list[bool]:
    return [each.is_shown(threshold) for each in messages]


def report(messages: Sequence[Asked]) -> list[str]:
    """Lines: what holds today, then each level with its threshold and its price."""
    now = [each.is_shown_now for each in messages]
    lines = [f"{len(messages)} 条 messages", f"现在 now：{_price(messages, now)}"]
    for level in LEVELS:
        threshold = lowest_threshold(messages, level)
        if threshold is not None:
            told = _price(messages, _shown(messages, threshold))
            lines.append(f"≤ {level:.0%}：门槛 threshold {threshold:.2f}，{told}")
    return lines


def _price(messages: Sequence[Asked], shown: Sequence[bool]) -> str:
    wrong, choices = corrected_loss(messages, shown), offered(messages, shown)
    return f"错误出示 wrong shown ≤ {wrong:.1%}，有答案却给选项 offered though answerable {choices:.1%}"


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
