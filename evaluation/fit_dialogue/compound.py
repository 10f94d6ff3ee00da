"""Fits whether a message asks several things, on first messages by writers who had seen the plan alone.

What is learned is not what its writer meant but what is gained: a message is answered whole and in parts, and both replies
are judged as `evaluation.truthfulness` counts. So a part that is refused rightly beside a passage speaks for parting, and a
passage beside a question on which the plan is silent counts twice against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from actions.asking import as_nlu_hears
from actions.dialogue.compound import ALWAYS, CompoundModel, features_of
from actions.dialogue.conversation import Conversation
from actions.dialogue.parting import parts_of
from actions.dialogue.responder import Responder
from actions.dialogue.steps.several import SEVERAL_FROM
from evaluation.hotline import HotlineMessage, verdict
from evaluation.truthfulness import WORTH, OfferedPassages, ShownReply
from knowledge.catalogue.written_dialogues import WrittenTurn
from knowledge.language.clauses import questions_in

C = 3.0  # of scikit-learn's regression, on features to unit deviation; with the next two chosen held out by `report`
HELD_OUT, SEED = 10, 14
MEANT = ("question", "correction", "tell", "complaint")  # acts of messages that may ask several things, or sound so
NEVER, EVER = CompoundModel({ALWAYS: -99.0}), CompoundModel({ALWAYS: 99.0})
SHARE_OF_SEVERAL = 0.4  # of all weight: what is written for this has more of them than residents send
NEEDLESS = 1.0  # price of parting what asks one thing, besides what it loses: whoever asked once is answered twice


@dataclass(frozen=True)
class CompoundExample:
    """The features of a message of at least two parts, whether several things were asked, and what parting it gains, -2 to 2."""

    features: Mapping[str, float]
    is_several: bool
    gain: float


def examples_of(responder: Responder, turns: Sequence[WrittenTurn]) -> Iterator[CompoundExample]:
    """Those of the messages that have parts which can be answered one by one."""
    offers = OfferedPassages.of(responder.finder.stored.commitments)
    services = responder.services

    def worth(turn: WrittenTurn, model: CompoundModel) -> tuple[float, str]:
        said, intent = as_nlu_hears(responder.finder, turn.say)
        responder.services = replace(services, compound=model)
        reply = responder.reply(said, Conversation(), intent)
        message = HotlineMessage("", turn.act, turn.say, (turn.answers, *turn.also))
        return WORTH.get(verdict(message, ShownReply.of(reply.answer, offers)), 0.0), reply.step

    def may_ask_twice(turn: WrittenTurn) -> bool:
        forms = turn.say, responder.finder.normalizer.normalise(turn.say).text
        return turn.act in MEANT and any(len(questions_in(form)) > 1 for form in forms)

    for turn in filter(may_ask_twice, turns):
        said, intent = as_nlu_hears(responder.finder, turn.say)
        leaning = responder.leaning(said, Conversation(), intent)
        parts = parts_of(leaning)
        if len(parts) < 2:
            continue
        parted, step = worth(turn, EVER)
        whole, _ = worth(turn, NEVER)
        responder.services = services
        if step == "several":
            features = features_of(turn.say, parts, leaning.finding)
            yield CompoundExample(features, bool(turn.also), parted - whole)


def fit(examples: Sequence[CompoundExample]) -> CompoundModel:
    """The weights on the features as they are."""
    names, rows, scale = _scaled(examples)
    found = _regression(rows, examples, np.ones(len(examples), bool))
    weights = dict(zip(names, (found.coef_[0] / scale).tolist()))
    return CompoundModel({ALWAYS: float(found.intercept_[0]), **weights})


def _regression(
    rows: NDArray[np.float64], examples: Sequence[CompoundExample], used: NDArray[np.bool_]
) -> LogisticRegression:
    """Whether parting gains, each example weighing what is at stake: half a chance is where nothing is gained or lost."""
    several = _several(examples)
    gains = _gains(examples) - NEEDLESS * ~several
    share = several[used].mean()
    weight = np.abs(gains) * np.where(several, SHARE_OF_SEVERAL / share, (1 - SHARE_OF_SEVERAL) / (1 - share))
    counts = used & (gains != 0)
    return LogisticRegression(C=C, max_iter=4000).fit(rows[counts], gains[counts] > 0, weight[counts])


def report(examples: Sequence[CompoundExample]) -> str:
    """One line: of messages held out, how many of several questions are heard, how many of one are parted, what is gained."""
    _, rows, _ = _scaled(examples)
    parted = np.zeros(len(examples), bool)
    for train, test in KFold(HELD_OUT, shuffle=True, random_state=SEED).split(rows):
        used = np.zeros(len(examples), bool)
        used[train] = True
        parted[test] = _regression(rows, examples, used).predict_proba(rows[test])[:, 1] >= SEVERAL_FROM
    several, gains = _several(examples), _gains(examples)
    heard, wrongly = parted[several].mean(), parted[~several].mean()
    return (
        f"几个问题，留出的消息 several questions, held out: {len(several)} 条，听出 heard {heard:.1%}，错分 parted wrongly "
        f"{wrongly:.1%}；得 gained {gains[parted & several].sum():+.1f}，失 lost {gains[parted & ~several].sum():+.1f}，都听出能得 "
        f"with all heard {gains[several].sum():+.1f}"
    )


def _scaled(examples: Sequence[CompoundExample]) -> tuple[list[str], NDArray[np.float64], NDArray[np.float64]]:
    """The features' names, rows to unit deviation, and their scale; `ALWAYS` is the regression's intercept."""
    names = sorted({name for each in examples for name in each.features} - {ALWAYS})
    table = np.array([[each.features[name] for name in names] for each in examples])
    scale = np.maximum(table.std(axis=0), 1e-6)
    return names, table / scale, scale


def _several(examples: Sequence[CompoundExample]) -> NDArray[np.bool_]:
    return np.array([each.is_several for each in examples])


def _gains(examples: Sequence[CompoundExample]) -> NDArray[np.float64]:
    return np.array([each.gain for each in examples])
