"""The questions that a message is made of, and what is found for each."""

from __future__ import annotations

from actions.dialogue.acts import ASKING, LEANING
from actions.dialogue.compound import PartQuestion
from actions.dialogue.leaning import Leaning
from knowledge.language.clauses import questions_in
from knowledge.search.finding import Finding

MOST = 3  # questions that one reply answers; each costs two searches, so of more only the first are looked at


def parts_of(leaning: Leaning) -> list[PartQuestion]:
    """The questions of a message; [] where it asks but once."""
    # What is understood has lost its question marks, what was typed may have slips: whichever has more questions.
    questions = max(questions_in(leaning.text), questions_in(leaning.utterance.text), key=len)
    if len(questions) < 2:
        return []
    parts: list[PartQuestion] = []
    for question in questions[:MOST]:
        alone = leaning.services.search.find(question)
        found = max(alone, _after(leaning, parts[-1], alone), key=lambda each: each.answerable) if parts else alone
        parts.append(PartQuestion(question, found, **_acts_of(leaning, question, alone)))
    return parts


def _acts_of(leaning: Leaning, question: str, found: Finding) -> dict[str, float]:
    acts = leaning.services.acts.read(question, leaning.services.search.vector_of(found.understood.text))
    return {"asking": sum(acts.get(act, 0.0) for act in ASKING), "leaning": acts.get(LEANING, 0.0)}


def _after(leaning: Leaning, last: PartQuestion, alone: Finding) -> Finding:
    """What is found for a part in full, asked after another: 「以后加到几张」 after 「敬老院现在几张床」."""
    if not last.finding.candidates or alone.odds.silent > alone.answerable:
        return alone
    vector_of, text = leaning.services.search.vector_of, alone.understood.text
    title = last.finding.candidates[0].commitment.title
    parts = (vector_of(text), vector_of(f"{last.question}，{text}"), vector_of(f"{title}{text}"), None)
    return leaning.find_in_full(alone, parts)
