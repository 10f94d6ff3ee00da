"""A plan that nobody curated learns from one that somebody did: what its questions are about, and what no plan says."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.building.build import build
from knowledge.building.parsed import parse
from knowledge.building.sources import Sources, fingerprint
from knowledge.building.teacher import as_if_uncurated
from knowledge.document.other_places import other_places
from knowledge.document.plan_text import squash
from knowledge.reply.answer import Outcome
from knowledge.reply.decide import decide
from knowledge.search.finder import Finder
from tests.knowledge.building.test_build import OTHER_PLAN, scratch

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]  # the small project is trained, minutes on a busy machine
ANSWERED = {
    "养老床位要达到多少": "3200",
    "装电梯吗": "电梯",
    "放学后有没有课后服务": "课后服务",
    "公租房有多少套": "800",
}
SILENT = ("托班一个月收费多少钱", "公租房申请电话是多少", "养老院的地址在哪里")


@pytest.fixture(scope="module")
def small(first_training: tuple[Path, subprocess.CompletedProcess[str]]) -> Sources:
    """The small project's sources: a curated plan of a few sentences."""
    return Sources().within(first_training[0])


def test_questions_go_to_the_run_that_answers_them() -> None:
    """Of the real plan: no question is lost, each stands at a run of its own sentence, and nothing else is curated."""
    parsed = parse(Sources())
    plain = as_if_uncurated(parsed.passages, parsed.commitments, parsed.document, {})
    asked = {question: c for c in plain for question in c.questions}
    wanted = {question: c for c in parsed.commitments for question in c.questions}
    assert asked.keys() == wanted.keys() and not any(c.curated for c in plain)
    assert all(asked[question].quote == wanted[question].quote for question in wanted)
    in_run = sum(squash(wanted[q].headline)[:12] in squash(asked[q].headline) for q in wanted) / len(wanted)
    assert in_run > 0.75  # of the others the curated headline is cut elsewhere than the run


def test_another_plan_is_answered_and_refused(small: Sources, tmp_path: Path) -> None:
    """A plan without a catalogue gives the right passage, and refuses what no plan says, from its first day."""
    plan, document = tmp_path / "county.txt", tmp_path / "county.yml"
    plan.write_text(OTHER_PLAN, encoding="utf-8")
    document.write_text("title: 江苏省某某县规划\ndistrict: 某某县\n", encoding="utf-8")
    sources = replace(Sources.uncurated(plan), training=small.training, nlu=small.nlu, teacher=small)
    paths = scratch(tmp_path / "county")
    build(sources, paths, quiet=True)
    finder = Finder.open(paths)
    for question, words in ANSWERED.items():
        finding = finder.find(question)
        assert words in finding.candidates[0].commitment.quote, question
    refused = [
        decide(finder.find(question)).outcome in (Outcome.NOT_IN_PLAN, Outcome.OUT_OF_SCOPE) for question in SILENT
    ]
    assert all(refused), dict(zip(SILENT, refused))
    assert finder.find("深圳的养老床位有多少").aspect == "other_district"
    assert not any(c.questions or c.curated for c in finder.stored.commitments)


def test_what_the_teacher_says_is_an_input(small: Sources, tmp_path: Path) -> None:
    """A changed question of the curated plan asks for a build of the other one."""
    plan = tmp_path / "county.txt"
    plan.write_text(OTHER_PLAN, encoding="utf-8")
    sources = replace(Sources.uncurated(plan), teacher=small)
    before = fingerprint(sources)
    assert fingerprint(replace(sources, teacher=None)) != before
    assert fingerprint(replace(sources, teacher=replace(small, catalogue=tmp_path))) != before


def test_other_places_are_all_but_ones_own() -> None:
    """The province of a named city is its own; where nothing is named, nothing is held for elsewhere."""
    elsewhere = other_places("广州市实施意见", "广州")
    assert {"深圳", "佛山", "北京"} <= set(elsewhere) and not {"广州", "广东"} & set(elsewhere)
    assert "上海" not in other_places("上海市松江区规划", "松江")
    assert other_places("某县规划", "") == ()
