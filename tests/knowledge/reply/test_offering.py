"""Which commitments become next questions: what else was found, each sentence and each figure once."""

from __future__ import annotations

from dataclasses import replace

from knowledge.document.figures import Figure
from knowledge.document.passage import Passage
from knowledge.published.corrections import Fixed
from knowledge.reply.offering import NextQuestions
from tests.actions.findings import BEDS, CANTEENS, RENTING, finding

AREA = Figure("养老设施面积", 16.0, "万平方米", 2025, "")


def row_of_the_table(figure: Figure) -> Passage:
    """A line of the table of targets."""
    return Passage(f"18 {figure.label} {figure.unit} {figure.value}", 22, 5, "第三章", "第二节", "", "indicator")


def test_a_figure_is_offered_once_wherever_the_plan_has_it() -> None:
    """The table says again what a sentence says, in single units too; another year or another figure is another question."""
    sentence = replace(CANTEENS, figures=(AREA,), questions=("养老设施面积要到多少",))
    row = replace(RENTING, id="c-row", figures=(Figure("养老设施面积", 160_000.0, "平方米", 2025, ""),), questions=("指标里养老设施面积是多少",))  # fmt: skip
    then = replace(RENTING, id="c-then", passage=row_of_the_table(AREA), figures=(replace(AREA, year=2020),), questions=("原来养老设施面积是多少",))  # fmt: skip
    offers = NextQuestions((BEDS, sentence, row, then), Fixed())
    offered = [related.title for related in offers.found(finding("养老", BEDS, sentence, row, then), (BEDS,))]
    assert offered == ["养老设施面积要到多少", "原来养老设施面积是多少"]
    assert offers.found(finding("养老", row), (sentence,)) == ()
