"""The part of a passage that a reply and the pages show first. Knows nothing of how a passage is found."""

from __future__ import annotations

import re

from knowledge.catalogue.commitments import Commitment
from knowledge.document.figures import Figure, format_value
from knowledge.document.plan_text import squash, tidy

FULL_HEADLINE_CHARS = 60  # a sentence up to this long is its own headline
_DATED = re.compile(r"20\d\d年|“十[三四五]五”")
_NUMBER_AND_MORE = re.compile(r"(\d+(?:\.\d+)?)(（.*）)")


def headline_for(commitment: Commitment, question: str) -> str:
    """The curated run of the sentence, or the clause of a long sentence that shares most with the question.

    A table row is given whole (its number apart), a definition from the term on: by itself neither a
    row's name nor 「指…」 says anything.
    """
    if commitment.kind == "indicator":
        return re.sub(r"^\d+\s*", "", tidy(commitment.quote))
    if commitment.kind == "definition" and commitment.curated:
        whole, run = tidy(commitment.quote), tidy(commitment.headline)
        return whole[: whole.index(run) + len(run)].rstrip("。") if run in whole else run
    sentence = tidy(commitment.headline)
    if commitment.curated or len(sentence) <= FULL_HEADLINE_CHARS:
        return sentence.rstrip("。")
    clauses = [clause for clause in re.split(r"(?<=[，；])", sentence.rstrip("。")) if clause]
    pairs = {question[i : i + 2] for i in range(len(question) - 1)}
    scores = [sum(clause[i : i + 2] in pairs for i in range(len(clause) - 1)) for clause in clauses]
    best = scores.index(max(scores))
    start = best - 1 if best and re.search(r"到20\d\d年，$|^到20\d\d年", squash(clauses[best - 1])) else best
    end = best + 1
    while end < len(clauses) and sum(map(len, clauses[start:end])) < 12:
        end += 1
    return "".join(clauses[start:end]).rstrip("，；")


def year_of_then(commitment: Commitment, headline: str, first_year: int | None) -> int | None:
    """Of which year a review of the last years speaks whose headline names none: by itself it reads as today's.

    That of its numbers; without numbers the year before the plan's `first_year`. None where it is no such review.
    """
    run = squash(headline)
    if commitment.kind != "baseline" or _DATED.search(run):
        return None
    own = {figure.year for figure in commitment.figures if figure.printed_value in run}
    if own:
        return own.pop() if len(own) == 1 else None
    return first_year - 1 if first_year and commitment.curated else None  # another clause may be of any time


def amount_of(figure: Figure) -> str:
    """A number with its unit; a target in words has none, and one with more behind its number has it before that."""
    value = format_value(figure.value)
    if not isinstance(figure.value, str):
        return f"{value}{figure.unit}"
    if counted := _NUMBER_AND_MORE.fullmatch(value):
        return f"{counted[1]}{figure.unit}{counted[2]}"
    return f"{value}{figure.unit}" if re.search(r"\d$", value) else value
