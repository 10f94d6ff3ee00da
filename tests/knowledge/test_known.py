"""What somebody labelled is believed word for word; everything else is left to the models."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.building.parsed import parse
from knowledge.building.sources import Sources
from knowledge.catalogue.commitments import Commitment
from knowledge.catalogue.linked import load_linked, with_linked
from knowledge.catalogue.training_data import GROUPED, TrainingQuestions, grouped_questions, nlu_examples
from knowledge.groundwork import settings
from knowledge.groundwork.errors import CatalogueError
from knowledge.language.question import same_words
from knowledge.reply.answer import Outcome
from knowledge.reply.decide import decide
from knowledge.search.finder import Finder
from knowledge.search.known import LINKED_TO, SILENT, SURE, KnownIntents, KnownQuestions, known_questions


def linked_file(folder: Path, *entries: tuple[str, list[str]]) -> Path:
    """A file of linked questions."""
    lines = ["commitments:"]
    for identifier, questions in entries:
        lines += [f"  - id: {identifier}", "    headline: 要点", "    questions:", *(f"      - {q}" for q in questions)]
    path = folder / "linked_questions.yml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_known_text_has_its_intent_and_the_rest_stays_a_distribution() -> None:
    """At 0.99; the others keep their order and share what is left."""
    known = KnownIntents.of([("公租房", "ask_housing"), ("谢谢", "thanks")])
    believed = known.believed("公租房呢", {"thanks": 0.5, "ask_housing": 0.3, "greet": 0.2})
    assert believed["ask_housing"] == SURE and sum(believed.values()) == pytest.approx(1.0)
    assert believed["thanks"] > believed["greet"] > 0
    assert known.believed("别的", {"thanks": 0.5, "greet": 0.5}) == {"thanks": 0.5, "greet": 0.5}
    assert known.believed("谢谢", {"thanks": 1.0}) == {"thanks": 1.0}


def test_particles_decide_where_examples_differ_by_them() -> None:
    """「高中」 is a topic, 「高中呢」 a follow-up; 「高中吗」 is neither and left to the classifier."""
    known = KnownIntents.of([("高中", "ask_schooling"), ("高中呢", "follow_up"), ("高中", "greet"), ("你好", "greet")])
    asked = ("高中", "高中呢", "高中吗", "你好", "请问")
    assert [known.intent_of(text) for text in asked] == ["ask_schooling", "follow_up", "", "greet", ""]


def test_who_wins_where_files_claim_the_same_words() -> None:
    """Linked before contrast before silent before an intent."""
    intents = KnownIntents.of([("甲问题", "out_of_scope"), ("乙问题", "out_of_scope"), ("丙问题", "greet")])
    known = KnownQuestions(
        {"甲问题": "c-1"}, frozenset({"丙问题"}), {"甲问题": "fee", "乙问题": "fee", "丙问题": "fee"}, intents
    )
    assert [known.label(text) for text in ("甲问题吗", "乙问题", "丙问题", "丁问题")] == [
        LINKED_TO,
        SILENT,
        "greet",
        "",
    ]


def test_linked_questions_belong_to_their_commitment_alone(tmp_path: Path, commitments: tuple[Commitment, ...]) -> None:
    """They come after its own, and no other commitment keeps the same words."""
    first = next(c for c in commitments if c.questions)
    other = next(c for c in commitments if not c.curated)
    taken = first.questions[0]
    found = with_linked(commitments, load_linked(linked_file(tmp_path, (other.id, [taken, "全新的问法"]))))
    by_id = {c.id: c for c in found}
    assert by_id[other.id].questions == (taken, "全新的问法")
    assert by_id[first.id].questions == first.questions[1:]
    assert [c.id for c in found] == [c.id for c in commitments]


@pytest.mark.parametrize(
    ("entries", "line", "what"),
    [
        ([("c-0000000000", ["问题"])], 2, "没有编号 c-0000000000"),
        ([("c-1", ["问题一", "问题一"])], 2, "重复"),
        ([("c-1", ["问题一"]), ("c-2", ["请问问题一？"])], 6, "重复"),
        ([("c-1", ["长" * 201])], 5, "缩到 200 字"),
        ([("[c-1]", ["问题一"])], 2, "没有承诺编号"),
    ],
)
@pytest.mark.slow  # parses the whole plan, each time
def test_a_wrong_link_stops_the_build(
    tmp_path: Path, entries: list[tuple[str, list[str]]], line: int, what: str
) -> None:
    """With the file, the line and the mend."""
    path = linked_file(tmp_path, *entries)
    with pytest.raises(CatalogueError, match=what) as caught:
        parse(Sources(linked=path))
    assert caught.value.path == path and caught.value.line == line and caught.value.mend


def taught(finder: Finder, folder: Path, linked: Path) -> Finder:
    """The same finder, knowing what the sources (and a file of links) say word for word."""
    links, commitments = load_linked(linked), finder.stored.commitments
    folders = settings.TRAINING, Sources().nlu, Sources().dialogues, Sources().questions
    questions = TrainingQuestions.read(commitments, (), links, *folders)
    knows = known_questions(questions, links, finder.normalizer)
    return Finder(finder.stored, finder.normalizer, finder.computer, finder._models, finder.encoder, knows)


def test_the_finder_honours_every_label(tmp_path: Path, finder: Finder) -> None:
    """Silent with its aspect, out of scope, contrast not silent, a link before anything else; however it is punctuated."""
    target = next(c for c in finder.stored.commitments if not c.curated)
    own = next(c for c in finder.stored.commitments if len(c.questions) > 5)
    path = linked_file(tmp_path, (target.id, ["养老", "今朝夜饭吃啥好"]))
    knowing = taught(finder, tmp_path, path)
    silent, contrast = (grouped_questions(settings.TRAINING / name) for name in GROUPED)
    for example in silent[::150]:
        finding = knowing.find(f"请问{example.text}？")
        assert (finding.known_as, finding.aspect, finding.silence) == (SILENT, example.label, SURE)
        assert decide(finding).outcome is Outcome.NOT_IN_PLAN
    for example in contrast[::150]:
        assert decide(knowing.find(example.text)).outcome is Outcome.ANSWERED, example.text
    outside = [e.text for e in nlu_examples(Sources().nlu) if e.label == "out_of_scope" and len(same_words(e.text)) > 3]
    for text in outside[::60]:
        assert decide(knowing.find(text)).outcome is Outcome.OUT_OF_SCOPE, text
    for text in ("养老", "今朝夜饭吃啥好呀？"):
        finding = knowing.find(text)
        assert finding.known_as == LINKED_TO and decide(finding).outcome is Outcome.ANSWERED
        assert finding.candidates[0].commitment.id == target.id
    assert knowing.find(own.questions[0]).candidates[0].commitment.id == own.id


def test_a_question_that_nobody_labelled_is_weighed(finder: Finder) -> None:
    """Nothing is known of it, so nothing changes."""
    assert finder.find("隔壁王家的旧冰箱丢在楼道谁来管啊").known_as == ""
