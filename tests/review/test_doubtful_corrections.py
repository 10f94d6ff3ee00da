"""One click does not make a right answer wrong: what is doubtful waits for a second person, who reads why."""

from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from knowledge.groundwork.settings import knowledge_paths
from knowledge.published.corrections import Link, LiveCorrections, Refusal
from knowledge.search.finder import Finder
from review.accounts.roles import Role
from review.correcting.doubts import LIKELY_FROM, SURE_FROM
from review.correcting.objections import ELSEWHERE, FAR, LEANS, SAMPLE, SHORT, SURE, Objections
from review.correcting.publishing import live_now
from review.correcting.regression_check import RegressionCheck
from tests.built import built_finder
from tests.review.conftest import Console, Visitor
from tests.review.turns import turn

BEDS, NURSING = "c-702f53f084", "c-578a187877"  # two commitments of one sentence, which holds 9500
HOME = "到2025年养老院床位有多少张"  # the home page's first question, nearly one of the catalogue's samples
SURELY = "小孩两岁有没有托班可以上"
Start = Callable[..., Console]


@pytest.fixture(scope="module")
def finder() -> Finder:
    """The consoles' own."""
    return built_finder()


@pytest.fixture(scope="module")
def housing(finder: Finder) -> str:
    """A commitment that has nothing to do with any of these questions."""
    return next(c.id for c in finder.stored.commitments if c.topic == "housing" and c.curated)


@pytest.fixture(scope="module")
def check(finder: Finder, tmp_path_factory: pytest.TempPathFactory) -> RegressionCheck:
    """With one frozen question, which asks for a number that stands in a sentence of four commitments."""
    frozen: Path = tmp_path_factory.mktemp("frozen") / "questions.yml"
    frozen.write_text(
        'questions:\n- {id: t-1, kind: fact, question: "养老院床位到2025年有多少张", outcome: answered, expect: ["9500"]}\n',
        encoding="utf-8",
    )
    return RegressionCheck(finder, frozen, knowledge_paths().vectors)


def against(check: RegressionCheck, new: Link | Refusal, **said: bool) -> Objections:
    """What speaks against a correction where nothing else is live."""
    return check.objections_to(new, LiveCorrections(), [], **said)


def whys(found: Objections) -> set[str]:
    """The kinds of doubt."""
    return {doubt.why for doubt in found.doubts}


def test_another_commitment_of_the_same_sentence_takes_nobodys_sample_question(
    check: RegressionCheck, finder: Finder
) -> None:
    """The share of nursing beds stands in the sentence of the 9500 beds; that does not make it the answer."""
    assert {SURE, SAMPLE} <= whys(against(check, Link(HOME, NURSING)))
    sample = finder.by_id[BEDS].questions[0]
    broken = against(check, Link(sample, NURSING)).breaks
    assert [each.now for each in broken if each.origin.startswith("示例问题")] == ["养老机构床位总数"]


def test_a_frozen_question_is_compared_by_commitment_not_by_words(check: RegressionCheck) -> None:
    """Its 9500 stands in the other commitment's quote too: nothing breaks, and yet a second person looks."""
    found = against(check, Link("养老院床位到2025年有多少张", NURSING))
    assert found.breaks == []
    moved = [each for each in found.doubts if each.why == ELSEWHERE]
    assert [(each.question, each.now, each.then) for each in moved] == [
        ("养老院床位到2025年有多少张", "养老机构床位总数", "护理型床位占比")
    ]


@pytest.mark.parametrize("refused", [True, False])
def test_a_confident_answer_is_not_overridden_by_one_person(
    check: RegressionCheck, housing: str, *, refused: bool
) -> None:
    """Neither by another commitment nor by a refusal."""
    assert SURE in whys(against(check, Refusal(SURELY) if refused else Link(SURELY, housing)))


@pytest.mark.parametrize("question", ["养老院", "那护理型的呢", "多少钱", "天气"])
@pytest.mark.parametrize("refused", [True, False])
def test_a_very_short_question_may_ask_for_anything(
    check: RegressionCheck, housing: str, question: str, *, refused: bool
) -> None:
    """Also where the bot refuses these words already: after another turn it understands them."""
    assert SHORT in whys(against(check, Refusal(question) if refused else Link(question, housing)))


@pytest.mark.parametrize(
    "question",
    [
        "那护理型的呢",
        "什么时候",
        "这个怎么申请啊",
        "你刚才说的那个多少钱",
        "那么在青浦区的呢请问",
        "另外一个项目进展怎么样",
    ],
)
def test_a_follow_up_does_not_become_global(check: RegressionCheck, housing: str, question: str) -> None:
    """It is heard in the words; and where only the turn tells, the turn is believed."""
    assert LEANS in whys(against(check, Link(question, housing)))
    assert LEANS in whys(against(check, Link("乐龄卡在哪里刷", housing), leans=True))


@pytest.mark.parametrize("new", [Link(HOME, BEDS), Refusal("今天天气怎么样", outside=True)])
def test_what_is_plainly_a_correction_is_not_held_up(check: RegressionCheck, new: Link | Refusal) -> None:
    """What the bot says already, what is none of its business."""
    assert not against(check, new)


WRITTEN_OUT = "敬老卡可以在哪里的公交车上刷"
# Odd ways to ask: of one or the other the bot is about as likely right as not, whatever the models were fitted on last.
ODD = ("抱抱班办不办", "房子的事有人管伐", "读书的地方有伐", "青年人的窝有着落伐", "河浜清爽点了伐", "看毛病便当点伐")


@pytest.fixture(scope="module")
def unsure(finder: Finder) -> str:
    """A question that the bot has found something or nothing for, and is not sure."""
    found = ((odd, finder.find(odd)) for odd in ODD)
    return next(odd for odd, each in found if LIKELY_FROM <= max(each.answerable, each.silence) < SURE_FROM)


def test_one_of_the_ten_that_were_found_is_not_held_up(check: RegressionCheck, finder: Finder, unsure: str) -> None:
    """What the bot does not know and would have found next."""
    for candidate in finder.find(unsure).candidates[:5]:
        assert not against(check, Link(unsure, candidate.commitment.id)).doubts


def test_what_was_not_found_at_all_is_linked_by_two(check: RegressionCheck, unsure: str) -> None:
    """However sure or unsure the bot is of what it says now; the title of what was chosen stands beside it."""
    for question in ("小区能装电梯吗", "养老院有医生吗", "健身步道在哪里修", unsure):
        far = [doubt for doubt in against(check, Link(question, BEDS)).doubts if doubt.why == FAR]
        assert [doubt.then for doubt in far] == ["养老机构床位总数"], question


@pytest.mark.parametrize("question", ["今天天气怎么样", "哪里可以打新冠疫苗", "青浦房价多少"])
def test_a_confident_refusal_is_not_overridden_by_one_person(
    check: RegressionCheck, finder: Finder, question: str
) -> None:
    """Not even by what was found next."""
    nearest = finder.find(question).candidates[0].commitment.id
    assert SURE in whys(against(check, Link(question, nearest)))


def console_with(start: Start, **changes: Any) -> Console:
    """A console with a whole question and a follow-up in its log."""
    console = start()
    console.desk.turns.record(turn(0, SURELY, **changes))
    console.desk.turns.record(turn(1, "乐龄卡在哪里刷", session="s-talk", step="next_object"))
    console.desk.triage.read_all()
    return console


def correct(visitor: Visitor, number: int, question: str, commitment_id: str) -> str:
    """Link a turn's question; where the console goes next."""
    visitor.get(f"/turns/a-{number:032d}/correct")
    fields = {"kind": "link", "question": question, "commitment_id": commitment_id}
    reply = visitor.post(f"/turns/a-{number:032d}/correct", back="/inbox", **fields)
    assert reply.status_code == 303, reply.text
    return reply.headers["Location"]


def live(console: Console) -> LiveCorrections:
    """What residents get."""
    with console.desk.reading() as session:
        return live_now(session)


def test_a_doubtful_correction_waits_for_a_second_person_who_reads_why(start_console: Start, housing: str) -> None:
    """Its author cannot approve it, another can; until then residents get what they got."""
    console = console_with(start_console)
    editor, other = console.as_role(Role.EDITOR), console.as_role(Role.ADMINISTRATOR)
    assert correct(editor, 0, SURELY, housing) == "/corrections?status=pending&said=doubted#c1"
    page = html.unescape(editor.get("/corrections?status=pending").text)
    assert "现在很有把握" in page and "幼儿园开设托班" in page and "等第二个人看" in page
    assert 'name="verdict" value="approved"' not in page
    held = editor.post("/corrections/1", version="1", verdict="approved")
    assert held.headers["Location"] == "/corrections?status=pending&said=doubted#c1"
    assert live(console) == LiveCorrections()
    other.get("/corrections")
    assert other.post("/corrections/1", version="2", verdict="approved").status_code == 303
    assert live(console).questions == (Link(SURELY, housing),)


def test_what_was_said_as_a_follow_up_waits_unless_it_is_written_out(start_console: Start, finder: Finder) -> None:
    """The log knows that this turn leant on the one before; what a reviewer makes of it stands by itself."""
    console = console_with(start_console)
    reviewer = console.as_role(Role.REVIEWER)
    assert "要接着上一句才听得懂" in reviewer.get(f"/turns/a-{1:032d}/correct").text
    assert correct(reviewer, 1, "乐龄卡在哪里刷", BEDS).endswith("said=doubted#c1")
    near = finder.find(WRITTEN_OUT).candidates[1].commitment.id
    assert correct(reviewer, 1, WRITTEN_OUT, near).endswith("said=corrected-for-editor")
    other = console.as_role(Role.EDITOR)
    assert "谁这样问都这样答" in html.unescape(other.get("/corrections?state=doubted").text)
    for number in (1, 2):
        assert other.post(f"/corrections/{number}", version="1", verdict="approved").status_code == 303
    assert {each.question for each in live(console).questions} == {"乐龄卡在哪里刷", WRITTEN_OUT}


def test_a_doubtful_sample_question_is_not_saved(start_console: Start, housing: str) -> None:
    """It would be live at once and nobody would look; what was typed stays in the form."""
    console = start_console()
    editor = console.as_role(Role.EDITOR)
    editor.get(f"/commitments/{housing}")
    questions = f"{SURELY}\n租的房子以后会不会多\n公租房会不会多造一点"
    fields = {"title": "公租房", "audience": "", "questions": questions}
    reply = editor.post(f"/commitments/{housing}", version="0", **fields)
    page = html.unescape(reply.text)
    assert reply.status_code == 422 and "没有第二个人看" in page and questions in page
    assert live(console) == LiveCorrections()
