"""Where a resident can go on: the pages of the services that staff gave, or the city's, under an answer or a refusal of the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from knowledge.published.corrections import NextStep
from knowledge.reply import wording
from knowledge.reply.answer import Answer, Outcome, ServiceLink

MAX_STEPS = 3
_SERVICES = "随申办"  # as `wording.HOTLINES` calls the city's app
_GO_ON = (Outcome.ANSWERED, Outcome.NOT_IN_PLAN)


def with_next_steps(answer: Answer, steps: Sequence[NextStep], services: str = "") -> Answer:
    """The answer with the links that belong under it: a line each, before the questions that are offered last.

    `services` is where the city's app opens, for an answer that sends residents there; staff's link for all answers takes
    its place.
    """
    if services and _SERVICES in answer.text and all(step.about for step in steps):
        steps = (*steps, NextStep(_SERVICES, services))
    links = _links_under(answer, steps) if answer.outcome in _GO_ON else ()
    if not links:
        return answer
    lines = answer.text.split("\n")
    at = len(lines) - offered_lines(answer, lines)
    told = [wording.NEXT_STEP.of(answer.language, name=link.name, url=link.url) for link in links]
    return replace(answer, text="\n".join([*lines[:at], *told, *lines[at:]]), next_steps=links)


def _links_under(answer: Answer, steps: Sequence[NextStep]) -> tuple[ServiceLink, ...]:
    """Those of what is cited, else of the topic, and those of every answer; each address once."""
    cited = {citation.commitment_id for citation in answer.citations}
    own = [step for step in steps if step.about in cited] or [s for s in steps if s.about and s.about == answer.topic]
    found = {step.url: ServiceLink(step.name, step.url) for step in (*own, *(s for s in steps if not s.about))}
    return tuple(found.values())[:MAX_STEPS]


def offered_lines(answer: Answer, lines: Sequence[str]) -> int:
    """How many lines at the end offer next questions, their heading included."""
    count = len(answer.related)
    titles = [f"{number}. {each.title}" for number, each in enumerate(answer.related, start=1)]
    return count + 1 if count and list(lines[-count:]) == titles and len(lines) > count else 0
