"""Where a sentence that nobody curated is cut: each run promises one thing, and stands in the sentence as it is."""

from __future__ import annotations

import pytest

from knowledge.catalogue.clause_runs import clause_runs, without_adverbial
from knowledge.catalogue.commitments import assemble
from knowledge.document.documents import load_document
from knowledge.document.passages import passages_of
from knowledge.document.plan_text import squash
from knowledge.groundwork import settings

CUT = {
    "到2030年，全县养老床位达到5000张；护理型床位占比60%以上，每个镇有1所日间照料中心。": (
        "到2030年，全县养老床位达到5000张",
        "护理型床位占比60%以上",
        "每个镇有1所日间照料中心",
    ),
    "完善孤儿的安置、医疗、教育保障体系，适时调整养育标准。": (
        "完善孤儿的安置、医疗、教育保障体系",
        "适时调整养育标准",
    ),
    "推进“健康街镇，健康村居”创建活动。": ("推进“健康街镇，健康村居”创建活动",),
    "对经济困难、需要照料的老人，由政府购买服务。": ("对经济困难、需要照料的老人，由政府购买服务",),
    "切实做好。": ("切实做好",),
}


@pytest.mark.parametrize("sentence", CUT)
def test_a_run_promises_one_thing(sentence: str) -> None:
    """Cut where something else is done or counted; never within quotation marks, never into what says nothing alone."""
    assert tuple(clause_runs(sentence)) == CUT[sentence]


def test_nothing_of_a_plan_is_lost_and_nothing_is_added() -> None:
    """Each run of the real plan stands in its sentence, in order, and only punctuation is left between them."""
    for passage in passages_of(settings.PLAN, load_document(settings.DOCUMENT)):
        at = 0
        for run in clause_runs(passage.text):
            found = passage.text.index(run, at)
            assert not passage.text[at:found].strip("，；。：、 \n")
            at = found + len(run)
        assert not passage.text[at:].strip("，；。：、 \n")


def test_a_title_says_what_it_is_about() -> None:
    """Not when or how."""
    assert without_adverbial("到2025年，进一步扩大托班供给") == "扩大托班供给"
    assert without_adverbial("“十四五”期间，新增公园3座") == "新增公园3座"


@pytest.mark.slow  # cuts the whole plan
def test_an_uncurated_plan_leaves_no_sentence_out() -> None:
    """Every sentence of the real plan has a commitment if nobody curated it."""
    document = load_document(settings.DOCUMENT)
    passages = passages_of(settings.PLAN, document)
    commitments = assemble(passages, (), document, {})
    assert {squash(c.quote) for c in commitments} == {squash(p.text) for p in passages}
    assert all(squash(c.headline) in squash(c.quote) for c in commitments)
