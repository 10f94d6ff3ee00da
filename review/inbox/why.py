"""Why a turn was answered as it was: one sentence, with the thresholds that decided; and the turn that it leaned on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from conversations.turns import PAUSED, Turn
from knowledge.catalogue.training_data import TOPIC_OF_INTENT
from knowledge.reply.decide import (
    COST_OTHER_SHOWN,
    COST_REFUSED,
    COST_SILENT_SHOWN,
    OFFER_BELOW,
    OFFER_LEAD,
)
from knowledge.reply.judging import REFUSALS
from review.shown import share
from review.steps import step_name
from review.triage.alike import OWN_STEPS
from review.triage.reasons import AGAIN_WITHIN, DANGER, outcome_of

TAUGHT = ("as_it_stands", "taught_talk")  # steps that do as somebody taught or published, whatever the odds
SENTENCES: Mapping[str, str] = {
    "danger": "危险的规则认出了这句话，先答求助电话，没有去规划里找。",
    "paused": "当时停答，只回复了公告。",
    "failed": "没有在时限内得到答复，或中途出错；居民看到的是致歉和 12345。",
    "too_long": "消息太长，没有读。",
    "taught": "这句话有人教过或发布过，照办，没有权衡。",
    "shown": "给了原文：第一条能回答的可能性是 {answerable}，规划没写的可能性是 {silence}；没写的是 {silence} 时，能回答的到 {threshold} 就给。",
    "shown_always": "给了原文：第一条能回答的可能性是 {answerable}，规划没写的可能性是 {silence}，不到 {always} 时总是给。",
    "shown_though": "给了原文，是这一步决定的：{step}。只看可能性本来不给：能回答的是 {answerable}，没写的是 {silence}，这时要到 {threshold}。",
    "shown_against_all": "给了原文，是这一步决定的：{step}。只看可能性本来不给：规划没写的可能性是 {silence}，这么高时，第一条多可能都不给。",
    "silent": "没有给原文：规划没写的可能性是 {silence}，这时第一条能回答的可能性要到 {threshold} 才给，它是 {answerable}。",
    "silent_surely": "没有给原文：规划没写的可能性是 {silence}，这么高时，第一条多可能都不给。",
    "outside": "没有给原文：能回答的可能性是 {answerable}，要到 {threshold} 才给；与本区公共服务无关的可能性 {outside}，比各主题加起来的 {topics} 大，所以说不在范围。",
    "outside_surely": "没有给原文：规划没写的可能性是 {silence}，这么高时，第一条多可能都不给；与本区公共服务无关的可能性 {outside}，比各主题加起来的 {topics} 大，所以说不在范围。",
    "refused_though": "没有给原文，是这一步决定的：{step}。只看可能性本来会给：能回答的是 {answerable}，到 {threshold} 就给。",
    "offered": "没有哪一条突出，给了几个选项：第一条能回答的可能性是 {answerable}（不到 {offer_below}），它占候选的 {lead}（不到 {offer_lead}）。",
    "step": "是这一步决定的：{step}。",
    "unknown": "没有记下是怎么决定的。",
}


@dataclass(frozen=True)
class Why:
    """A sentence of `SENTENCES`, and what stands in its gaps; `step` is a Chinese name to be translated."""

    sentence: str
    values: Mapping[str, str] = field(default_factory=dict)
    step: str = ""


def why(turn: Turn) -> Why:
    """What decided this turn, as the log tells it; the numbers are those that the rule of `knowledge.reply.decide` saw."""
    outcome = outcome_of(turn.outcome, turn.step)
    plain = {DANGER: "danger", PAUSED: "paused", "error": "failed"}.get(outcome)
    if plain is None and turn.step in TAUGHT:
        plain = "taught"
    if plain is None and outcome in REFUSALS and not turn.intents and turn.answerable is None:
        plain = "too_long"
    if plain is not None:
        return Why(SENTENCES[plain])
    step = step_name(turn.step)
    if turn.answerable is None or turn.silence is None or outcome not in (*REFUSALS, "answered", "clarify"):
        return Why(SENTENCES["step" if step else "unknown"], step=step)
    name, values = _by_odds(turn, outcome, turn.answerable, turn.silence)
    return Why(SENTENCES[name], values, step)


def needed(silence: float) -> float:
    """P(the first passage answers) from which it is shown, where the plan is silent with probability `silence`.

    Where showing costs as much as refusing (`knowledge.reply.decide`), at least 0.
    """
    at_least = (COST_SILENT_SHOWN * silence + (COST_OTHER_SHOWN - COST_REFUSED) * (1.0 - silence)) / COST_OTHER_SHOWN
    return max(0.0, at_least)


def always_shown_below() -> float:
    """P(the plan is silent) below which the first passage is shown however likely it is."""
    return (COST_REFUSED - COST_OTHER_SHOWN) / (COST_SILENT_SHOWN + COST_REFUSED - COST_OTHER_SHOWN)


def _by_odds(turn: Turn, outcome: str, answerable: float, silence: float) -> tuple[str, dict[str, str]]:
    threshold = needed(silence)
    values = {"answerable": share(answerable), "silence": share(silence), "always": share(always_shown_below())}
    reachable = threshold <= 1.0  # beyond it no probability is enough, and the sentences name no threshold
    if reachable:
        values["threshold"] = share(threshold)
    lead = turn.candidates[0].probability if turn.candidates else 0.0
    if outcome == "clarify":
        if answerable >= OFFER_BELOW or lead >= OFFER_LEAD:
            return "step", values
        limits = {"lead": share(lead), "offer_below": share(OFFER_BELOW), "offer_lead": share(OFFER_LEAD)}
        return "offered", {**values, **limits}
    enough = answerable >= threshold
    if outcome == "answered":
        if not enough:
            return ("shown_though" if reachable else "shown_against_all"), values
        return ("shown" if threshold > 0.0 else "shown_always"), values
    if enough:
        return "refused_though", values
    outside, topics = turn.intents.get("out_of_scope", 0.0), sum(turn.intents.get(i, 0.0) for i in TOPIC_OF_INTENT)
    if outcome == "out_of_scope" and outside > topics:
        return ("outside" if reachable else "outside_surely"), {
            **values,
            "outside": share(outside),
            "topics": share(topics),
        }
    return ("silent" if reachable else "silent_surely"), values


def leaned_on(turns: Sequence[Turn], position: int) -> Turn | None:
    """The turn that the one at `position` leaned on, None for one that was read by itself.

    The latest before it that was answered with the same passage, else with any, within the time that a conversation's
    context lives: from turn to turn, so a long conversation goes back far.
    """
    turn = turns[position]
    if (turn.step or "") in OWN_STEPS:
        return None
    earlier: list[Turn] = []
    after = turn
    for before in reversed(turns[:position]):
        if after.asked_at - before.asked_at > AGAIN_WITHIN:
            break
        earlier.append(before)
        after = before
    same = (each for each in earlier if set(each.citations) & set(turn.citations))
    cited = (each for each in earlier if each.citations)
    return next(same, None) or next(cited, None) or next(iter(earlier), None)
