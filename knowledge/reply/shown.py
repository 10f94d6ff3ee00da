"""Headlines as residents see them, in answers and on the pages: rows in words, what was then with its year.

Knows nothing of how a passage is found.
"""

from __future__ import annotations

import re

from knowledge.catalogue.commitments import Commitment
from knowledge.language.languages import CHINESE, ENGLISH
from knowledge.reply import wording
from knowledge.reply.headline import amount_of, year_of_then


def shown_headline(
    commitment: Commitment, headline: str, first_year: int | None, language: str = CHINESE, as_aim: bool = False
) -> str:
    """A row of the table in plain words, what was then with its year in front, else the plan's words alone.

    `first_year` is that of the plan; `as_aim`: asked whether it was done, so that nothing may read as if it was.
    """
    if row := row_in_words(commitment, language):
        return row.rstrip("。.")
    if year := year_of_then(commitment, headline, first_year):
        return wording.OF_THEN.of(language, year=year, headline=headline)
    return wording.AIM.of(language, headline=headline) if as_aim else headline


def row_in_words(commitment: Commitment, language: str = CHINESE) -> str:
    """A row of the table in plain words: its cells, in another order; "" for what is none."""
    if commitment.kind != "indicator" or not commitment.figures:
        return ""
    figure = commitment.figures[0]
    if language == ENGLISH:
        before, after = wording.QUALIFIERS.get(figure.qualifier, figure.qualifier), ""
    else:
        before = figure.qualifier.removesuffix("左右").removesuffix("以上")
        after = "左右" if "左右" in figure.qualifier else "以上" if "以上" in figure.qualifier else ""
    line = wording.INDICATOR_LINE.of(
        language, label=figure.label, year=figure.year or "", amount=amount_of(figure), before=before, after=after
    )
    return re.sub(" +", " ", line) if language == ENGLISH else line
