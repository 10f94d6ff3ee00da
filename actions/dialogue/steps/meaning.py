"""「公租房是什么意思」「什么叫客堂间」"What is respite care?": a word of the plan, as staff explain it or as the plan defines it."""

from __future__ import annotations

from dataclasses import replace

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import found
from knowledge.catalogue.commitments import Commitment
from knowledge.document.plan_text import squash
from knowledge.reply.glossary import DefinedTerm, ExplainedTerm
from knowledge.search.finding import Candidate

BESIDE = 0.1  # of the probability of what else was found: it can be asked next, it is not shown


def meaning(leaning: Leaning) -> Reply | None:
    """The plan's definition, or the sentence that uses the word with its explanation in front."""
    if leaning.is_known:
        return None
    as_understood, as_written = map(leaning.services.composer.term_asked, leaning.wordings)
    term = as_understood or as_written
    commitment = _place_of(leaning, term) if term else None
    if term is None or commitment is None:
        return None
    finding = leaning.finding
    first = next((c for c in finding.candidates if c.commitment.id == commitment.id), Candidate(commitment, 1.0, {}))
    others = [replace(c, probability=BESIDE * c.probability) for c in finding.candidates if c is not first]
    understood, asked = replace(finding.understood, guesses=()), replace(finding.question, text=term.question)
    reply = found(
        leaning, replace(finding, candidates=(first, *others), understood=understood, question=asked), same=False
    )
    return replace(reply, finding=replace(finding, candidates=(first, *others)))


def _place_of(leaning: Leaning, term: ExplainedTerm | DefinedTerm) -> Commitment | None:
    """Where the word stands: what was found first, else the first clause, else the first sentence, that uses it."""
    if isinstance(term, DefinedTerm):
        return term.definition
    likely = [candidate.commitment for candidate in leaning.finding.candidates]
    own = [c for c in (*likely, *leaning.services.commitments) if term.stands_in(squash(c.headline))]
    return next(iter(own or [c for c in leaning.services.commitments if term.stands_in(squash(c.quote))]), None)
