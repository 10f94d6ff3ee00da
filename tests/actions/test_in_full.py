"""Where a question in full lies: predicted from the half that was typed and what it leans on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from actions.dialogue.conversation import Conversation
from actions.dialogue.in_full import PARTS, InFullModel, shipped_in_full
from actions.dialogue.steps.in_context import in_full
from evaluation.fit_dialogue.in_full import fit_in_full
from knowledge.encoder.text_encoder import DIMENSIONS, Vectors
from knowledge.groundwork.errors import FileUnreadable
from tests.actions.findings import (
    ABOUT_BEDS,
    BEDS,
    CARE_BEDS,
    IN_FULL,
    RENTING,
    FakeInFull,
    FakeSearch,
    finding,
    leaning,
)

CHANCE = np.random.default_rng(7)


def unit(rows: Vectors) -> Vectors:
    """Each row to unit length."""
    return np.asarray(rows / np.linalg.norm(rows, axis=-1, keepdims=True), np.float32)


def made_up(n: int) -> tuple[list[list[Vectors | None]], Vectors]:
    """Questions in full that are the question before with the first twenty numbers of the turn; every third was told something."""
    parts: list[list[Vectors | None]] = []
    wholes = np.zeros((n, DIMENSIONS), np.float32)
    for at in range(n):
        each: list[Vectors | None] = list(unit(CHANCE.normal(size=(len(PARTS), DIMENSIONS))))
        each[3] = each[3] if at % 3 == 0 else None
        parts.append(each)
        assert each[0] is not None and each[1] is not None
        wholes[at] = np.concatenate([each[0][:20], each[1][20:]])
    return parts, unit(wholes)


def near(model: InFullModel, parts: list[list[Vectors | None]], wholes: Vectors) -> float:
    """The mean cosine of what is predicted and what is right."""
    return float(np.mean([model.vector(each) @ whole for each, whole in zip(parts, wholes)]))


def test_what_makes_a_question_whole_is_learned() -> None:
    """A made-up way to complete questions is found, on questions that the fit has not seen: nearer than any share of the parts."""
    parts, wholes = made_up(1800)
    model = fit_in_full(parts[:1500], wholes[:1500], penalty=0.3)
    shares_only = fit_in_full(parts[:1500], wholes[:1500], penalty=1e9)
    held_out = parts[1500:], wholes[1500:]
    assert near(shares_only, *held_out) > max(near_part(0, *held_out), 0.9)
    assert near(model, *held_out) > near(shares_only, *held_out) + 0.01


def near_part(part: int, parts: list[list[Vectors | None]], wholes: Vectors) -> float:
    """The mean cosine of one of the parts by itself."""
    return float(np.mean([each[part] @ whole for each, whole in zip(parts, wholes)]))  # type: ignore[misc]


def test_a_prediction_is_a_unit_vector_whatever_is_missing() -> None:
    """Of a first turn after a story, too."""
    one = unit(CHANCE.normal(size=DIMENSIONS))
    for parts in ([one, None, None, None], [one, None, None, one], [one, one, one, one]):
        found = shipped_in_full().vector(parts)
        assert found.shape == (DIMENSIONS,) and found.dtype == np.float32
        assert np.linalg.norm(found) == pytest.approx(1, abs=1e-5)


def test_a_kept_model_predicts_the_same(tmp_path: Path) -> None:
    """To half precision; a file of another kind is refused."""
    parts, wholes = made_up(30)
    model = fit_in_full(parts, wholes, penalty=1.0)
    model.save(tmp_path / "kept.npz")
    kept = InFullModel.load(tmp_path / "kept.npz")
    assert float(kept.vector(parts[0]) @ model.vector(parts[0])) == pytest.approx(1, abs=1e-4)
    (tmp_path / "broken.npz").write_bytes(b"nothing")
    with pytest.raises(FileUnreadable):
        InFullModel.load(tmp_path / "broken.npz")


def test_a_turn_that_leans_is_answered_by_what_its_whole_question_finds() -> None:
    """Though by itself it finds something else; the question that is kept is whole."""
    turn = leaning("那护理型的呢", finding("那护理型的呢", RENTING), finding(IN_FULL, CARE_BEDS, BEDS))
    reply = in_full(turn)
    assert reply and reply.answer.citations[0].commitment_id == CARE_BEDS.id
    assert reply.conversation.question == "养老床位有多少，那护理型的呢"
    assert isinstance(turn.services.in_full, FakeInFull) and turn.services.in_full.parts == [True, True, True, False]


def test_after_a_story_there_is_nothing_but_the_story_to_lean_on() -> None:
    """No subject and no question before: what was told is a part, and what is kept has it."""
    story = Conversation(told=("我妈八十了",))
    turn = leaning("有人管伐", finding("有人管伐", RENTING), finding(IN_FULL, BEDS), before=story)
    reply = in_full(turn)
    assert reply and reply.answer.citations[0].commitment_id == BEDS.id
    assert reply.conversation.question == "我妈八十了，有人管伐"
    assert isinstance(turn.services.in_full, FakeInFull) and turn.services.in_full.parts == [True, False, False, True]


def test_first_words_and_thanks_lean_on_nothing() -> None:
    """No search is made for them."""
    first = leaning("那护理型的呢", before=Conversation())
    thanks = leaning("谢谢", acts={"thanks": 1.0}, before=ABOUT_BEDS)
    assert in_full(first) is None and in_full(thanks) is None
    for turn in (first, thanks):
        assert isinstance(turn.services.search, FakeSearch) and IN_FULL not in turn.services.search.searched
