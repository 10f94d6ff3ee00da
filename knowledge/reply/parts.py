"""Parts of an answer that are read off a finding and a commitment: which passages stand beside the first, figures, the topic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.topics import OTHER
from knowledge.document.figures import Figure
from knowledge.reply.answer import MAX_CITATIONS, Baseline, Fact
from knowledge.reply.headline import amount_of
from knowledge.search.finding import Candidate, Finding

SECOND_CITATION_FROM = 0.15  # probability from which another passage is shown too
TOPIC_FROM = 0.8  # NLU's share among the topics; on evaluation/dev.yml topics right went from 95.5 to 96.4 %


def also_shown(found: Sequence[Candidate]) -> list[Commitment]:
    """The passages of others that are nearly as probable as the first, one for each sentence."""
    others: dict[str, Commitment] = {}
    for candidate in found[1:]:
        near = candidate.probability >= SECOND_CITATION_FROM
        if near and candidate.commitment.quote != found[0].commitment.quote:
            others.setdefault(candidate.commitment.quote, candidate.commitment)
    return list(others.values())[: MAX_CITATIONS - 1]


def fact(commitment: Commitment, position: int, figure: Figure) -> Fact:
    """A figure of a commitment with its baseline, if the plan gives one."""
    old = next((old for at, _, old in commitment.baselines if at == position), None)
    baseline = Baseline(old.value, old.year) if old else None
    unit = figure.unit if amount_of(figure).endswith(figure.unit) else ""  # words have no unit, or it stands among them
    value = figure.value if unit or not isinstance(figure.value, str) else amount_of(figure)
    return Fact(figure.label, value, unit, figure.year, figure.qualifier, baseline)


def topic_of_question(finding: Finding, commitment: Commitment) -> str:
    """The passage's topic; where that is none of the four and NLU is sure of one of them, what the resident asked about."""
    topics = finding.topics
    likeliest = max(topics, key=lambda name: topics[name]) if topics else commitment.topic
    sure = topics.get(likeliest, 0.0) >= TOPIC_FROM * sum(topics.values())
    return likeliest if commitment.topic == OTHER and sure else commitment.topic


def targets_of(commitments: Sequence[Commitment]) -> Mapping[str, tuple[Commitment, int]]:
    """Id of a figure of then → the target that it is linked to and the place of its figure there, with its year known."""
    found: dict[str, tuple[Commitment, int]] = {}
    for commitment in commitments:
        for position, identifier, _ in commitment.baselines:
            if commitment.kind == "target" and commitment.figures[position].year:
                found.setdefault(identifier, (commitment, position))
    return found
