"""The page *outside*: what counts as what, what stands first, and the real bot on a few messages of each set."""

from __future__ import annotations

import json
import re
from itertools import islice
from pathlib import Path

import pytest

from evaluation.in_process import InProcess
from evaluation.outside_page import asked, files_beside, told, write_page
from evaluation.outside_report import OutsidePage, figures, render_outside, shown_point
from evaluation.outside_sets import (
    JudgedMessage,
    OutsideSet,
    came_of_question,
    came_of_silence,
    outside_sets,
)
from evaluation.perturbed import SLIPS, load_perturbed
from evaluation.questions import load_questions
from evaluation.truthfulness import CAME, ShownReply, risk_coverage, truthfulness
from knowledge.reply.answer import Outcome


def came(number: int, what: str, probability: float, answers: bool, name: str = "hotline") -> JudgedMessage:
    """A message with what came of it."""
    outcome = {"refused": "not_in_plan", "missed": "not_in_plan", "offered": "clarify"}.get(what, "answered")
    text = f"<b>第{number}条</b>"
    return JudgedMessage(name, "story", f"h-{number}", text, True, what, outcome, "原文", "要的", probability, answers)


@pytest.fixture
def page() -> OutsidePage:
    """Four messages: right, offered, refused though answerable, wrong."""
    messages = [
        came(1, "right", 0.9, True),
        came(2, "offered", 0.4, True),
        came(3, "missed", 0.2, True),
        came(4, "wrong", 0.6, False, "outside"),
    ]
    return OutsidePage(1.0, 0.5, {"hotline": "热线", "outside": "日常"}, messages, ["那份文件"])


def test_truthfulness_is_counted_as_crag_does() -> None:
    """Right 1, offered and half 0.5, rightly refused 1, refused though answerable 0, wrong -1."""
    assert truthfulness(["right", "offered", "half", "refused", "missed", "wrong"]) == pytest.approx(2 / 6)
    assert truthfulness([]) == 0


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (ShownReply(Outcome.ANSWERED, ("床位9500张", "公园")), "right"),
        (ShownReply(Outcome.ANSWERED, ("公园", "床位9500张")), "beside"),
        (ShownReply(Outcome.ANSWERED, ("公园",)), "wrong"),
        (ShownReply(Outcome.CLARIFY, offered=("公园", "床位9500张")), "offered"),
        (ShownReply(Outcome.CLARIFY, offered=("公园",)), "other"),
        (ShownReply(Outcome.NOT_IN_PLAN), "missed"),
        (ShownReply(Outcome.HANDOFF), "other"),
    ],
)
def test_what_came_of_a_question(shown: ShownReply, expected: str) -> None:
    """By the passage that comes first; a choice counts by what it offers."""
    assert came_of_question(shown, ["床位9500张"]) == expected


def test_what_is_none_of_our_business_is_refused_or_chatted_about() -> None:
    """A passage is wrong, a request registered for it neither right nor harm."""
    outcomes = (Outcome.ANSWERED, Outcome.OUT_OF_SCOPE, Outcome.CHAT, Outcome.HANDOFF)
    assert [came_of_silence(each) for each in outcomes] == ["wrong", "refused", "refused", "other"]


def test_risk_and_coverage_by_hand() -> None:
    """Right at 0.9, wrong at 0.6, two right at 0.4 that are shown together."""
    curve = risk_coverage([(0.4, True), (0.9, True), (0.6, False), (0.4, True)])
    assert curve.coverage == (0.25, 0.5, 1.0)
    assert curve.risk == (0.0, 0.5, 0.25)
    assert curve.area == pytest.approx(0.25)


def test_the_bots_own_point_counts_what_it_showed(page: OutsidePage) -> None:
    """Two of four are shown a passage, one of them wrongly."""
    assert shown_point(page.messages) == (0.5, 0.5)


def test_wrong_passages_stand_first(page: OutsidePage) -> None:
    """In every table before the rest, and first among the misses; what was left out is said; text is escaped."""
    html = render_outside(page)
    for head in re.findall(r"<tr><th>(?:消息|)</th>.*?</tr>", html):
        assert head.index("错误出示") < head.index("可信度")
    assert [each.id for each in page.misses] == ["h-4", "h-2", "h-3"]
    assert "没有测 left out: 那份文件" in html and "<svg" in html
    assert "<b>第" not in html and "&lt;b&gt;第4条" in html


def test_the_page_says_the_same_to_programs(page: OutsidePage, tmp_path: Path) -> None:
    """Shares, calibration error and misses in JSON; the terminal has a line for each set."""
    write_page(page, tmp_path)
    data = json.loads((tmp_path / "outside.json").read_text(encoding="utf-8"))
    assert data["sets"]["hotline"]["truthfulness"] == 0.5
    assert data["sets"]["outside"]["came"]["wrong"] == 1.0
    error = (0.1 + 0.6 + 0.8 + 0.6) / 4  # each message in a bin of its own
    assert data["calibration"]["expected_calibration_error"] == pytest.approx(error)
    assert [line.split()[0] for line in told(page)[1:3]] == ["hotline", "outside"]
    assert (tmp_path / "outside.html").read_text(encoding="utf-8") == render_outside(page)


def test_shares_of_nothing_are_zeros() -> None:
    """A set of no messages has figures nonetheless."""
    assert figures([])["n"] == 0 and set(figures([])["came"]) == set(CAME)


def test_a_file_that_is_not_beside_the_checkout_is_said(tmp_path: Path) -> None:
    """Without it the page is made and names it; with it nothing is left out."""
    missing = tmp_path / "shared" / "data" / "messages.txt"
    files, left_out = files_beside(None, missing)
    assert files == [] and "../shared/data/messages.txt" in left_out[0]
    missing.parent.mkdir(parents=True)
    missing.write_text("你好", encoding="utf-8")
    assert files_beside(None, missing) == ([missing], [])
    assert files_beside([tmp_path], missing) == ([tmp_path], [])


def test_slips_are_of_frozen_questions_and_leave_their_figures_alone() -> None:
    """300 of them, as many of each kind; the question is another, its figures are the same."""
    frozen = {question.id: question for question in load_questions()}
    slips = load_perturbed()
    assert len(slips) == 300 and len({each.of for each in slips}) == 300
    assert {kind: sum(each.slip == kind for each in slips) for kind in SLIPS} == dict.fromkeys(SLIPS, 50)
    figure = re.compile(r"[0-9A-Za-z]+")
    for each in slips:
        asked_now = each.asked_of(frozen[each.of])
        assert asked_now.question != frozen[each.of].question and asked_now.expect == frozen[each.of].expect
        assert figure.findall(each.text) == figure.findall(frozen[each.of].question)


@pytest.mark.slow
def test_the_same_seed_makes_the_same_slips() -> None:
    """A part of the file, made anew; half a minute, most of it JioNLP's homophones."""
    from scripts.perturb import perturbed

    assert perturbed(load_questions(), 12) == load_perturbed()[:12]


@pytest.mark.slow
def test_the_real_bot_on_a_part_of_each_set(tmp_path: Path) -> None:
    """Ten messages of each: all judged, most of the questions as they stand right, everyday talk shown nothing."""
    sets = outside_sets(InProcess.opened(), [])
    parts = [OutsideSet(each.name, each.about, lambda each=each: islice(each.asked(), 10)) for each in sets]
    page = asked(parts, [])
    assert [len(page.of(each.name)) for each in sets] == [10] * 5
    by_set = {each.name: figures(page.of(each.name)) for each in sets}
    assert by_set["unperturbed"]["truthfulness"] >= 0.8
    assert by_set["outside"]["came"]["wrong"] <= 0.1
    assert len(page.points) >= 15
    write_page(page, tmp_path)
    assert (tmp_path / "outside.html").stat().st_size > 10_000
