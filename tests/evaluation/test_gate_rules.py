"""What makes a candidate fail, on answers written down here: the rules of docs/decisions/0022."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from evaluation.gate.corrections import ApprovedCorrection, Regression, read_corrections, regression_of
from evaluation.gate.errors import GateError
from evaluation.gate.judging import RealQuestion
from evaluation.gate.outside import came_of, outside_figures
from evaluation.gate.responses import Response
from evaluation.scoring import Scored, change
from evaluation.truthfulness import OfferedPassages
from tests.evaluation.written import BEDS, NOON, REFUSED, RENT, SENTENCES, correction, judged, message, question


@pytest.mark.parametrize(
    ("lost", "won", "fell"), [(0, 0, False), (3, 0, False), (4, 0, True), (9, 7, False), (9, 1, True)]
)
def test_a_fall_is_more_than_chance(lost: int, won: int, fell: bool) -> None:
    """Four lost and none won is a fall; three may be chance, and so may nine where seven others are won."""
    right, wrong = (Scored(question(0), {}, value, value) for value in (True, False))
    before = [right] * lost + [wrong] * won + [right] * 60
    after = [wrong] * lost + [right] * won + [right] * 60
    assert (change(before, after)["high"] < 0) == fell


def test_one_topic_that_falls_is_enough() -> None:
    """Five lost of forty in one topic, all else as before: it fails, and each of the five is told with both answers."""
    frozen = [question(n) for n in range(40)] + [question(n, "housing") for n in range(40, 400)]
    found = judged(frozen, {f"问题{n}": RENT for n in range(5)})
    fallen = [row["topic"] for row in found["topics"] if row["fell"]]
    assert not found["passed"] and "elderly_care" in fallen and "housing" not in fallen
    assert "topic:elderly_care" in found["blocked_by"]
    told = [case for case in found["failures"] if case["blocks"]]
    assert [case["question"] for case in told] == [f"问题{n}" for n in range(5)]
    assert told[0]["serving"]["commitment_id"] == "c-beds" and told[0]["candidate"]["commitment_id"] == "c-rent"


def test_what_is_lost_by_chance_is_told_and_does_not_block() -> None:
    """Two of forty: passed, and both are listed; what is won is listed as well."""
    frozen = [question(n) for n in range(40)]
    found = judged(frozen, {"问题1": RENT, "问题2": REFUSED}, serving_wrong={"问题3": RENT})
    assert found["passed"] and [(c["id"], c["blocks"]) for c in found["failures"]] == [("q-1", False), ("q-2", False)]
    assert [case["id"] for case in found["won"]] == ["q-3"]


def test_a_hostile_input_that_is_answered_blocks_whoever_else_fails_it() -> None:
    """Refused means refused; that the serving release fails it too is no excuse."""
    frozen = [question(n) for n in range(40)] + [question(50, "", "out_of_scope", "hostile")]
    found = judged(frozen, {"问题50": BEDS}, serving_wrong={"问题50": BEDS})
    assert found["blocked_by"] == ["hostile"] and found["hostile"]["failed"] == ["q-50"]
    assert [(case["set"], case["id"]) for case in found["failures"]] == [("hostile", "q-50")]


def test_an_answer_that_fails_blocks() -> None:
    """An error anywhere, last week's questions included; of those the report holds no word."""
    real = [RealQuestion("a-1", "居民的原话", 3)]
    found = judged([question(1)], {"居民的原话": Response("error", headline="HTTP 500")}, real=real)
    assert found["blocked_by"] == ["errors"]
    assert "居民的原话" not in json.dumps(found, ensure_ascii=False)


def test_an_approved_correction_that_breaks_blocks() -> None:
    """One that the candidate was taught, or that held before; one approved since it learned is told of and waits."""
    late = correction(12)
    found = judged(
        [question(1)], {"纠正1": RENT, "纠正12": RENT}, [correction(1), late], serving_wrong={"纠正12": RENT}
    )
    assert found["blocked_by"] == ["corrections"]
    assert [(case["id"], case["blocks"]) for case in found["corrections"]] == [(1, True), (12, False)]
    held = judged([question(1)], {"纠正12": RENT}, [late])
    assert held["blocked_by"] == ["corrections"], "the serving release had it right: it is lost"


def test_differences_of_real_questions_are_told_and_never_block() -> None:
    """Another outcome or another first citation; the turn's id, not its words."""
    real = [RealQuestion("a-1", "一样的"), RealQuestion("a-2", "不一样的", 7)]
    found = judged([question(1)], {"不一样的": RENT}, real=real)
    assert found["passed"]
    assert [(case["id"], case["asked"]) for case in found["differences"]] == [("a-2", 7)]


@pytest.mark.parametrize(
    ("lost", "won", "fallen"),
    [
        (0, 0, []),
        (3, 0, []),  # chance
        (9, 0, ["outside:wrong", "outside:truthfulness"]),
        (9, 8, []),
    ],
)
def test_more_wrong_passages_on_words_from_outside_block(lost: int, won: int, fallen: list[str]) -> None:
    """Nine of 260 more than before do, three may be chance, and so may nine where eight others are put right."""
    messages = [message(n) for n in range(200)] + [message(n, answerable=False) for n in range(200, 260)]
    wrong = {f"消息{n}": RENT for n in range(lost)}
    found = judged(
        [question(1)], wrong, serving_wrong={f"消息{n}": RENT for n in range(100, 100 + won)}, outside=messages
    )
    assert found["blocked_by"] == fallen and found["asked"]["outside"] == 260
    told = [case for case in found["failures"] if case["set"] == "outside"]
    assert [(case["id"], case["blocks"]) for case in told] == [(f"m-{n}", bool(fallen)) for n in range(lost)]


def test_refusing_what_was_answered_costs_truthfulness_only() -> None:
    """Twelve of 260 refused though answerable: no harm, and yet less."""
    messages = [message(n) for n in range(260)]
    found = judged([question(1)], {f"消息{n}": REFUSED for n in range(12)}, outside=messages)
    assert found["blocked_by"] == ["outside:truthfulness"]


def test_more_than_the_margin_has_to_be_lost() -> None:
    """An interval below zero, yet not beyond the margin: five wrong of 400 and none better."""
    before = ["right"] * 400
    figure = outside_figures(before, ["wrong"] * 5 + ["right"] * 395)["wrong"]
    assert figure["high"] < 0 and not figure["fell"]
    assert outside_figures(before, ["wrong"] * 20 + ["right"] * 380)["wrong"]["fell"]


def test_a_choice_over_rest_is_read_as_the_passage_it_leads_to() -> None:
    """What a clarification offers travels as the resident's next words."""
    offers = OfferedPassages({"床位有多少": ["养老机构床位总数增加到9500张"]})
    response = Response("clarify", choices=("公租房呢", "床位有多少"))
    assert came_of(message(1), response, offers) == "offered"
    assert came_of(message(1), replace(response, choices=("公租房呢",)), offers) == "other"


@pytest.mark.parametrize(
    ("asked", "good", "bad"),
    [
        (correction(1), BEDS, RENT),
        (correction(1, commitment_id="c-beds-2"), BEDS, REFUSED),
        (correction(1, "silent"), REFUSED, RENT),
        (correction(1, "pointer"), replace(REFUSED, outcome="out_of_scope"), RENT),
        (correction(1, "not_ours"), REFUSED, BEDS),
        (correction(1, "intent", intent="ask_housing"), RENT, BEDS),
        (correction(1, "intent", intent="complaint"), Response("handoff"), BEDS),
        (correction(1, "intent", intent="greet"), Response("chat"), REFUSED),
        (correction(1, "word", word="老人房", means="养老床 位"), replace(BEDS, understood="养老床位有多少"), BEDS),
    ],
    ids=lambda value: value.kind if isinstance(value, ApprovedCorrection) else "",
)
def test_what_each_kind_demands(asked: ApprovedCorrection, good: Response, bad: Response) -> None:
    """One answer that is as demanded and one that is not."""
    assert asked.holds(good, SENTENCES)
    assert not asked.holds(bad, SENTENCES)


def test_a_link_to_what_the_plan_has_no_more_does_not_hold() -> None:
    """Its commitment is gone from the candidate's knowledge: a person has to see that."""
    assert not correction(1, commitment_id="c-gone").holds(BEDS, SENTENCES)


def test_the_newest_of_contradicting_decisions_counts_and_the_others_are_told() -> None:
    """Spelling and punctuation do not make it another question; decisions that agree are one test."""
    old = correction(1, question="床位有多少？")
    new = correction(2, "silent", question="床位有多少")
    same = correction(3, "not_ours", question="床位 有多少")
    topic = correction(4, "intent", question="别的问题", intent="ask_housing")
    fits = correction(5, question="别的问题")
    found = regression_of([old, new, same, topic, fits], {})
    assert {c.id for c in found.tested} == {2, 3, 4, 5}
    assert [(each["id"], each["why"], each["by"]) for each in found.set_aside] == [(1, "contradicted", 3)]


def test_a_correction_of_a_frozen_question_is_judged_as_frozen() -> None:
    """It may never be learned, so it cannot be demanded; it is told of."""
    found = regression_of([correction(1, question="床位有多少")], {"床位有多少": "q-7"})
    assert found == Regression([], [{"id": 1, "kind": "link", "question": "床位有多少", "why": "frozen", "by": "q-7"}])


def test_a_question_is_frozen_in_whatever_way_the_export_takes_it_for_one() -> None:
    """What the export does not teach because it reads like a frozen question, the gate does not demand."""

    def without_particle(text: str) -> set[str]:
        return {text, text.rstrip("吗呀")}

    asked = correction(1, "silent", question="床位多吗")
    found = regression_of([asked], {"床位多": "q-7"}, without_particle)
    assert [(each["why"], each["by"]) for each in found.set_aside] == [("frozen", "q-7")]
    assert regression_of([asked], {"床位多": "q-7"}).tested == [asked]


def test_corrections_come_from_json(tmp_path: Path) -> None:
    """`move` and `remove` demand nothing; what cannot be read says how it should be."""
    path = tmp_path / "corrections.json"
    one = {"id": 1, "kind": "silent", "decided_at": NOON.isoformat(), "question": "怎么申请"}
    path.write_text(json.dumps([one, {**one, "kind": "move"}]), encoding="utf-8")
    assert [c.kind for c in read_corrections(path)] == ["silent"]
    path.write_text("[{}]", encoding="utf-8")
    with pytest.raises(GateError, match="JSON"):
        read_corrections(path)
