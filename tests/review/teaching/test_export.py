"""Approved corrections become lines of the repository's files, tidy, once, and go again when they are taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from sqlalchemy import select

from knowledge.building.parsed import parse
from knowledge.building.sources import Sources
from knowledge.catalogue.entries import load_catalogue
from knowledge.catalogue.training_data import grouped_questions, nlu_examples
from review.database.columns import now
from review.database.engine import reading, transaction
from review.database.people import AuditRow
from review.database.work import CorrectionRow
from review.teaching.errors import SourcesChanged, SourcesUnusable
from review.teaching.export import export_corrections, has_something_new
from tests.review.teaching.conftest import Desk

NEW = "隔壁王家的旧冰箱丢在楼道谁来管啊"
LINKED = "knowledge/sources/training/linked_questions.yml"
SILENT = "knowledge/sources/training/not_in_plan.yml"


def lines_added(before: bytes, after: bytes) -> list[str]:
    """Lines of `after` that `before` has not, in order; everything else must be as it was."""
    old, new = before.decode().splitlines(), after.decode().splitlines()
    rest = iter(new)
    added: list[str] = []
    for line in old:
        for other in rest:
            if other == line:
                break
            added.append(other)
        else:
            raise AssertionError(f"line lost: {line}")
    return added + list(rest)


def intents(root: Path) -> dict[str, str]:
    """Text → intent of the NLU files."""
    return {e.text: e.label for e in nlu_examples(root / "data/nlu")}


def sources_at(root: Path) -> Sources:
    """The checkout's own sources."""
    knowledge = root / "knowledge" / "sources"
    return Sources(
        catalogue=knowledge / "catalogue",
        training=knowledge / "training",
        linked=root / LINKED,
        lexicon=knowledge / "lexicon",
        nlu=root / "data/nlu",
    )


def test_an_intent_becomes_the_last_example_of_its_block(desk: Desk) -> None:
    """One line is added, in the file of its intent; every other byte stays."""
    before = desk.files()
    desk.correct(NEW, kind="intent", intent="ask_housing")
    desk.correct("拜拜啦改天再聊哈哈", kind="intent", intent="goodbye")
    exported = desk.export()
    after = desk.files()
    assert {name for name in after if before[name] != after[name]} == {
        "data/nlu/ask_housing.yml",
        "data/nlu/dialogue.yml",
    }
    assert after["data/nlu/ask_housing.yml"] == before["data/nlu/ask_housing.yml"] + f"      - {NEW}\n".encode()
    assert lines_added(before["data/nlu/dialogue.yml"], after["data/nlu/dialogue.yml"]) == [
        "      - 拜拜啦改天再聊哈哈"
    ]
    assert intents(desk.root)["拜拜啦改天再聊哈哈"] == "goodbye"
    assert exported.added == 2 and exported.removed == 0


def test_a_second_export_changes_no_byte(desk: Desk, commitment_of: Callable[..., Any]) -> None:
    """Whatever was taught: once is enough, in the files, in git and in the database."""
    desk.correct(NEW, kind="intent", intent="ask_housing")
    desk.correct("高考状元奖励多少钱一个人头", kind="silent")
    desk.correct("今天晚上吃啥火锅好", kind="not_ours")
    desk.correct("楼道堆东西要哪能弄", kind="link", commitment_id=commitment_of(curated=False).id)
    desk.correct(kind="word", word="阿宝头", means="孩子", word_kind="dialect")
    desk.edit(
        commitment_of(curated=True, questions=range(10, 20)).id, questions=lambda q: [*q[1:], "全新的一个示例问法"]
    )
    first = desk.export()
    after, head = desk.files(), desk.git("rev-parse", "HEAD")
    with reading(desk.engine) as session:
        assert not has_something_new(session)
    second = desk.export()
    assert first.added == 6 and not first.skipped
    assert (second.files, second.commits, list(second.done), list(second.skipped)) == ((), (), [], [])
    assert desk.files() == after and desk.git("rev-parse", "HEAD") == head


def test_what_the_plan_is_silent_on_goes_to_its_topic_and_aspect(desk: Desk) -> None:
    """The aspect that the reviewer chose, else the likeliest; the topic that NLU sees."""
    desk.correct("公租房的押金到底收几块洋钿呀", kind="silent")
    desk.correct("公租房钥匙丢了寻啥人配呀", kind="pointer", aspect="person_in_charge")
    desk.export()
    found = {q.text: (q.topic, q.label) for q in grouped_questions(desk.root / SILENT)}
    assert found["公租房的押金到底收几块洋钿呀"] == ("housing", "fee")
    assert found["公租房钥匙丢了寻啥人配呀"] == ("housing", "person_in_charge")


def test_what_is_not_ours_is_out_of_scope(desk: Desk) -> None:
    """As an example of that intent."""
    desk.correct(NEW, kind="not_ours")
    desk.export()
    assert intents(desk.root)[NEW] == "out_of_scope"


def test_a_linked_question_is_a_sample_of_its_commitment(desk: Desk, commitment_of: Callable[..., Any]) -> None:
    """Curated or not; entries stand by id, questions in the order of the decisions; the build reads them."""
    curated, parsed = commitment_of(curated=True), commitment_of(curated=False)
    for commitment in sorted((curated, parsed), key=lambda c: c.id, reverse=True):
        desk.correct(f"说的是{commitment.id[-4:]}伐: 一", kind="link", commitment_id=commitment.id)
        desk.correct(f"说的是{commitment.id[-4:]}伐：二", kind="link", commitment_id=commitment.id)
    desk.export()
    text = desk.text(LINKED)
    ids = re.findall(r"- id: (\S+)", text)
    assert ids == sorted([curated.id, parsed.id])
    assert text.startswith("# Questions") and "commitments:\n" in text and curated.headline.replace(" ", "") in text
    commitments = parse(sources_at(desk.root)).commitments
    built = {c.id: c.questions for c in commitments}
    assert built[parsed.id] == (f"说的是{parsed.id[-4:]}伐: 一", f"说的是{parsed.id[-4:]}伐：二")
    assert built[curated.id][: len(curated.questions)] == curated.questions


def test_a_word_goes_to_the_lexicon(desk: Desk) -> None:
    """At the end of the words; one that is there gets the new meaning, and the old one when that is taken back."""
    before = desk.files()
    name = "knowledge/sources/lexicon/dialect.yml"
    desk.correct(kind="word", word="落苏田", means="菜地", word_kind="dialect")
    other = desk.correct(kind="word", word="毛头", means="新生儿", word_kind="dialect")
    desk.export()
    assert "  落苏田: 菜地\n" in desk.text(name) and "  毛头: 新生儿\n" in desk.text(name)
    desk.withdraw(other)
    desk.export()
    assert lines_added(before[name], desk.files()[name]) == ["  落苏田: 菜地"]


def test_edits_of_a_commitment_reach_its_entry(desk: Desk, commitment_of: Callable[..., Any]) -> None:
    """Title, audience and questions, and nothing else of the file."""
    commitment = commitment_of(curated=True, topic="housing", questions=range(10, 20))
    gone = commitment.questions[0]
    desk.edit(
        commitment.id,
        title="改过的标题",
        audience=["租客", "新市民"],
        questions=lambda questions: [*questions[1:], "改过以后才有的问法"],
    )
    before = desk.files()
    exported = desk.export()
    name = "knowledge/sources/catalogue/housing.yml"
    assert list(exported.files) == [name]
    old, new = before[name].decode().splitlines(), desk.text(name).splitlines()
    assert len(old) == len(new)
    assert [line.strip() for line in new if line not in old] == [
        "title: 改过的标题", "audience: [租客, 新市民]", "- 改过以后才有的问法",
    ]  # fmt: skip
    assert f"      - {gone}" not in new
    commitments = parse(sources_at(desk.root)).commitments
    built = next(c for c in commitments if c.id == commitment.id)
    assert built.title == "改过的标题" and built.audience == ("租客", "新市民") and gone not in built.questions


def test_an_entry_that_is_full_gets_no_more(desk: Desk, commitment_of: Callable[..., Any]) -> None:
    """The forty-first sample question stands among the linked ones."""
    commitment = commitment_of(curated=True, questions=range(30, 38))
    more = [f"第{n}种全新的问法是这样的" for n in range(40 - len(commitment.questions))]
    desk.edit(commitment.id, questions=lambda questions: [*questions, *more])
    desk.export()
    assert not any(more[-1] in desk.text(LINKED) for _ in "x")
    desk.correct("再来一个装不下的问法", kind="link", commitment_id=commitment.id)
    desk.export()
    assert "再来一个装不下的问法" in desk.text(LINKED)
    parse(sources_at(desk.root))


def test_a_title_that_nobody_curated_is_told(desk: Desk, commitment_of: Callable[..., Any]) -> None:
    """There is no entry to write it into; it is said once, and is not new any more."""
    desk.edit(
        commitment_of(curated=False).id, title="没地方写", questions=lambda q: ["问法一号", "问法二号", "问法三号"]
    )
    exported = desk.export()
    assert [(s.question, "没有人整理过" in s.reason) for s in exported.skipped] == [("没地方写", True)]
    with reading(desk.engine) as session:
        assert not has_something_new(session)


def test_a_call_for_help_is_not_learned_even_if_it_was_approved_before(desk: Desk) -> None:
    """Approved when nothing looked for danger yet: the files stay as they were, and the reason is said."""
    before = desk.files()
    number = desk.correct("楼道里灯坏了找谁", kind="not_ours")
    with transaction(desk.engine) as session:
        session.get(CorrectionRow, number).question = "我不想活了"
    exported = desk.export()
    assert ["求助" in skipped.reason for skipped in exported.skipped] == [True]
    assert desk.files() == before


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("我的电话是〔手机号〕，公租房排到没有", "打码"),
        ("[公租房](place)在哪里排", "Rasa"),
        ("？？？", "没有字"),
    ],
)
def test_what_must_not_be_learned_is_skipped_with_its_reason(desk: Desk, question: str, reason: str) -> None:
    """Nothing is written for it, and it does not ask for another export."""
    before = desk.files()
    desk.correct(question, kind="intent", intent="ask_housing")
    exported = desk.export()
    assert [reason in skipped.reason for skipped in exported.skipped] == [True]
    assert desk.files() == before
    with reading(desk.engine) as session:
        assert not has_something_new(session)


@pytest.mark.parametrize("name", ["questions.yml", "dev.yml"])
def test_no_question_of_the_evaluation_is_learned(desk: Desk, name: str) -> None:
    """However it is punctuated."""
    from evaluation.questions import load_questions

    measured = next(q for q in load_questions(desk.root / "evaluation" / name) if len(q.question) > 8)
    before = desk.files()
    desk.correct(f"请问，{measured.question}？", kind="not_ours")
    assert ["评测" in skipped.reason for skipped in desk.export().skipped] == [True]
    assert desk.files() == before


def test_the_same_question_is_learned_once(desk: Desk) -> None:
    """Particles, punctuation, width and script make no new example."""
    for text in (NEW, f"请问{NEW}？", NEW.replace("冰箱", "冰 箱"), NEW.replace("楼", "樓")):
        desk.correct(text, kind="intent", intent="ask_housing")
    assert desk.export().added == 1
    assert [t for t in intents(desk.root) if "冰箱" in t.replace(" ", "") and "王家" in t] == [NEW]


def test_the_newest_decision_wins_and_the_old_example_goes(desk: Desk, commitment_of: Callable[..., Any]) -> None:
    """A question stands under one label, wherever it stood before; the next export keeps it so."""
    example = "租房太贵了"
    commitment = commitment_of(curated=True, topic="schooling")
    desk.correct(example, kind="intent", intent="complaint", by="liming")
    desk.export()
    assert intents(desk.root)[example] == "complaint" and example not in desk.text("data/nlu/ask_housing.yml")
    desk.correct(example, kind="link", commitment_id=commitment.id)
    exported = desk.export()
    assert example not in intents(desk.root) and f"- {example}\n" in desk.text(LINKED)
    assert ["取代" in skipped.reason for skipped in exported.skipped] == [True]
    assert desk.export().files == ()


def test_decisions_that_agree_both_hold(desk: Desk) -> None:
    """Silent, and of another topic than guessed: one group gives way to the other of the same aspect."""
    text = "公租房的押金到底收几块洋钿呀"
    desk.correct(text, kind="silent")
    desk.correct(text, kind="intent", intent="ask_schooling")
    assert not desk.export().skipped
    assert [(q.topic, q.label) for q in grouped_questions(desk.root / SILENT) if q.text == text] == [
        ("schooling", "fee")
    ]
    assert desk.export().files == ()


def test_what_only_sounds_alike_stays(desk: Desk, commitment_of: Callable[..., Any]) -> None:
    """「高中呢」 leans on the turn before, 「高中」 is a question: teaching one leaves the other."""
    desk.correct("高中", kind="link", commitment_id=commitment_of(curated=True, topic="schooling").id)
    desk.export()
    assert intents(desk.root)["高中呢"] == "follow_up"


def test_a_withdrawn_correction_leaves_every_byte_as_before(desk: Desk, commitment_of: Callable[..., Any]) -> None:
    """What it added goes, what it displaced comes back to its place."""
    before = desk.files()
    ids = [
        desk.correct("租房太贵了", kind="link", commitment_id=commitment_of(curated=False).id),
        desk.correct("高考状元奖励多少钱一个人头", kind="silent"),
        desk.correct("公租房租金一个月多少", kind="remove"),
        desk.correct("保障房一共造了几套", kind="move", intent="ask_other_service"),
        desk.correct(kind="word", word="阿宝头", means="孩子", word_kind="dialect"),
    ]
    assert desk.export().files
    for each in ids:
        desk.withdraw(each)
    with reading(desk.engine) as session:
        assert has_something_new(session)
    desk.export()
    assert desk.files() == before
    with reading(desk.engine) as session:
        assert not has_something_new(session)


def test_examples_are_moved_and_removed_where_they_stand(desk: Desk, commitment_of: Callable[..., Any]) -> None:
    """In the NLU files as in the catalogue; the last three questions of an entry cannot go, and that is said."""
    commitment = commitment_of(curated=True, topic="housing", questions=range(10, 20))
    few = commitment_of(curated=True, questions=(3,))
    desk.correct("租房太贵了", kind="move", intent="complaint")
    desk.correct(commitment.questions[0], kind="remove")
    desk.correct(few.questions[0], kind="remove")
    exported = desk.export()
    assert intents(desk.root)["租房太贵了"] == "complaint"
    assert f"- {commitment.questions[0]}\n" not in desk.text("knowledge/sources/catalogue/housing.yml")
    assert [(s.question, "少于 3 个" in s.reason) for s in exported.skipped] == [(few.questions[0], True)]
    parse(sources_at(desk.root))


def voices_of(root: Path, name: str = "housing") -> dict[str, list[str]]:
    """Title → the messages of others of each entry of a catalogue file that has some."""
    entries = YAML(typ="safe").load(root / f"knowledge/sources/catalogue/{name}.yml")["commitments"]
    return {entry["title"]: entry["voices"] for entry in entries if "voices" in entry}


def test_a_message_of_others_that_is_taught_elsewhere_leaves_its_entry(
    desk: Desk, commitment_of: Callable[..., Any]
) -> None:
    """From among the voices alone, in a line of its own; the entry's other samples stay."""
    title, voices = next((title, voices) for title, voices in voices_of(desk.root).items() if len(voices) > 1)
    other = commitment_of(curated=False)
    before = desk.text("knowledge/sources/catalogue/housing.yml").splitlines()
    desk.correct(voices[0], kind="link", commitment_id=other.id)
    assert desk.export().skipped == []
    assert voices_of(desk.root)[title] == voices[1:]
    after = desk.text("knowledge/sources/catalogue/housing.yml").splitlines()
    assert len(after) == len(before) - 1 and voices[0] in (set(before) - set(after)).pop()
    built = {c.id: c.questions for c in parse(sources_at(desk.root)).commitments}
    assert voices[0] in built[other.id] and sum(voices[0] in questions for questions in built.values()) == 1


def test_an_entry_can_spare_all_messages_of_others(desk: Desk) -> None:
    """What is left is an empty list, and the entry itself; withdrawn, each stands again in its place."""
    before = voices_of(desk.root)
    title, voices = min(voices_of(desk.root).items(), key=lambda item: len(item[1]))
    ids = [desk.correct(voice, kind="remove") for voice in voices]
    assert desk.export().skipped == []
    assert not voices_of(desk.root)[title]
    (entry,) = (e for e in load_catalogue(sources_at(desk.root).catalogue) if e.title == title and e.topic == "housing")
    assert entry.voices == () and len(entry.questions) >= 3
    for correction in ids:
        desk.withdraw(correction)
    desk.export()
    assert voices_of(desk.root) == before


def test_a_message_of_others_that_is_linked_to_its_own_entry_is_a_sample_already(
    desk: Desk, commitment_of: Callable[..., Any]
) -> None:
    """Nothing is written twice."""
    before = desk.files()
    title, voices = next(iter(voices_of(desk.root).items()))
    own = commitment_of(title=title, topic="housing", curated=True)
    desk.correct(voices[0], kind="link", commitment_id=own.id)
    desk.export()
    assert desk.files() == before


def test_a_link_wins_over_an_entry_that_can_spare_no_question(desk: Desk, commitment_of: Callable[..., Any]) -> None:
    """The catalogue keeps its third question, and the build gives it to the commitment that a person chose."""
    few, other = commitment_of(curated=True, questions=(3,)), commitment_of(curated=False)
    desk.correct(few.questions[0], kind="link", commitment_id=other.id)
    desk.export()
    commitments = parse(sources_at(desk.root)).commitments
    built = {c.id: c.questions for c in commitments}
    assert few.questions[0] in built[other.id] and few.questions[0] not in built[few.id]


def test_a_dry_run_changes_nothing(desk: Desk) -> None:
    """It tells the same, and leaves files, git and database alone."""
    before = desk.files()
    desk.correct(NEW, kind="intent", intent="ask_housing")
    told = desk.export(dry_run=True)
    assert told.added == 1 and told.files == ("data/nlu/ask_housing.yml",)
    assert desk.files() == before
    with reading(desk.engine) as session:
        assert has_something_new(session)
    assert [d.change for d in desk.export().done] == [d.change for d in told.done]


def test_a_file_that_cannot_be_read_stops_all(desk: Desk) -> None:
    """It is named, and no other file is written."""
    path = desk.root / "data/nlu/ask_schooling.yml"
    path.write_text(path.read_text(encoding="utf-8") + "  - intent: [\n", encoding="utf-8")
    before = desk.files()
    desk.correct(NEW, kind="intent", intent="ask_housing")
    with pytest.raises(SourcesUnusable, match=r"ask_schooling.yml:\d+"):
        desk.export()
    assert desk.files() == before


def test_a_file_that_is_changed_meanwhile_stops_all(desk: Desk) -> None:
    """The other person's change is kept, nothing is written, nothing is remembered."""
    path = desk.root / "data/nlu/ask_housing.yml"
    desk.correct(NEW, kind="intent", intent="ask_housing")
    desk.correct("公租房的押金到底收几块洋钿呀", kind="silent")

    def somebody_saves() -> Any:
        path.write_text(path.read_text(encoding="utf-8") + "      - 别人刚加的\n", encoding="utf-8")
        return desk.finder

    before = desk.files()
    with reading(desk.engine) as session, pytest.raises(SourcesChanged):
        export_corrections(session, desk.root, open_finder=somebody_saves)
    changed = {name for name, content in desk.files().items() if content != before[name]}
    assert changed == {"data/nlu/ask_housing.yml"} and "别人刚加的" in desk.text("data/nlu/ask_housing.yml")
    with reading(desk.engine) as session:
        assert has_something_new(session)
    assert desk.export().added == 2


def test_a_writing_session_records_in_its_own_transaction(desk: Desk) -> None:
    """Whoever exports inside a transaction gets all or nothing of it; the audit log tells of the export."""
    desk.correct(NEW, kind="intent", intent="ask_housing")
    with transaction(desk.engine) as session:
        export_corrections(session, desk.root, open_finder=lambda: desk.finder)
    with reading(desk.engine) as session:
        entry = session.scalars(select(AuditRow).where(AuditRow.action == "corrections.export")).one()
        assert entry.after["added"] == 1 and not has_something_new(session)


def test_plain_words_reach_the_catalogue_and_go_as_they_came(desk: Desk, commitment_of: Callable[..., Any]) -> None:
    """Set, written where there was none, and set back when withdrawn; what is not curated is skipped and says why."""
    beds = desk.finder.by_id["c-702f53f084"]
    bare = commitment_of(curated=True, plain="", topic="elderly_care")
    wild = commitment_of(curated=False)
    before = desk.files()
    rows = {
        each.id: desk.say_plainly(each, text)
        for each, text in (
            (beds, "养老院的床到2025年要有9500张。"),
            (bare, "这是平常的一句话。"),
            (wild, "没人整理的一句话。"),
        )
    }
    with reading(desk.engine) as session:
        assert has_something_new(session)
    exported = desk.export()
    assert [each.source for each in exported.skipped] == [f"plain:{wild.id}"]
    entries = {each.quote: each.plain for each in load_catalogue(desk.root / "knowledge/sources/catalogue")}
    assert entries[beds.headline.replace(" ", "")] == "养老院的床到2025年要有9500张。"
    assert "    plain: 这是平常的一句话。\n" in desk.text(f"knowledge/sources/catalogue/{bare.area}.yml")
    assert desk.git("log", "-1", "--format=%an").strip() == "王芳"
    with reading(desk.engine) as session:
        assert not has_something_new(session)
    assert not desk.export().files
    for row in rows.values():
        desk.take_line_back(row)
    desk.export()
    assert desk.files() == before


def test_what_was_said_of_an_adopted_plan_is_not_taught_to_another(desk: Desk) -> None:
    """It is live, and the repository's files are of the repository's plan: nothing is written, and why is said."""
    with transaction(desk.engine) as session:
        promoted = {"account": "x", "action": "release.promote", "target": "release:x"}
        session.add(AuditRow(at=now() - timedelta(hours=1), after={"plan": "《下一份规划》"}, **promoted))
    desk.correct(NEW, kind="silent")
    desk.correct("隔壁王家的旧冰箱，你看看合不合适", kind="not_ours")
    before = desk.files()
    exported = desk.export()
    assert [(each.question, "《下一份规划》" in each.reason) for each in exported.skipped] == [(NEW, True)]
    assert desk.files()[SILENT] == before[SILENT] and exported.files, "what belongs to no plan is taught"
