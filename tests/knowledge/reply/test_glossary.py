"""Words of the plan that it does not explain: on tap, marked as staff's, with their source."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.document.documents import Document
from knowledge.document.passages import Passage
from knowledge.document.plan_text import squash
from knowledge.groundwork import settings
from knowledge.groundwork.errors import CatalogueError
from knowledge.language.languages import ENGLISH
from knowledge.language.question import read_question
from knowledge.reply import wording
from knowledge.reply.compose import Composer
from knowledge.reply.glossary import DefinedTerm, ExplainedTerm, Glossary
from tests.actions.findings import CANTEENS, commitment, finding

TERM = ExplainedTerm("喘息服务", "让照顾老人的家人歇一歇", "某办法")
RESPITE = commitment("c-rest", "发展“喘息服务”", text="开展项目，发展“喘息服务”，推进互助。", kind="action")
COMPOSER = Composer("规划", None, "http://x/plan", (RESPITE, CANTEENS), glossary=Glossary((TERM,)))
LINE = "“喘息服务”：让照顾老人的家人歇一歇（工作人员的解释，不是规划的话；来源：某办法）"


def test_an_answer_that_uses_a_term_offers_its_meaning() -> None:
    """First among what can be asked; whoever asks for it gets it, and is not offered it again."""
    answer = COMPOSER.answered(finding("照顾老人累了能歇几天吗", RESPITE, CANTEENS), today_year=2024)
    assert answer.related[0].title == answer.related[0].payload == "喘息服务是什么意思" and LINE not in answer.text
    asked = COMPOSER.answered(finding("喘息服务是什么意思", RESPITE, CANTEENS), today_year=2024)
    assert LINE in asked.text.split("\n") and "喘息服务是什么意思" not in [each.title for each in asked.related]
    assert LINE not in asked.headline and "某办法" not in asked.citations[0].quote


def test_a_term_that_the_sentence_has_not_is_not_explained() -> None:
    """Nor one that is not asked for."""
    passage = COMPOSER.passage(CANTEENS, asked=read_question("喘息服务是什么意思", {}), today_year=2024)
    assert "某办法" not in passage.text
    assert "某办法" not in COMPOSER.passage(RESPITE, asked=read_question("喘息服务有吗", {}), today_year=2024).text


RENTAL = ExplainedTerm("公共租赁住房", "租金有限定的保障性住房", "某令", ("公租房",))
RENTING = commitment("c-rent", "加大公共租赁住房保障力度", text="调整标准，加大公共租赁住房保障力度，发展“喘息服务”。")
HALL = commitment("c-hall", "指村民自治的阵地", text="“客堂间”。指村民自治的阵地。", kind="definition")
VILLAGE = commitment("c-vill", "办好村里的客堂间", text="推进自治，办好村里的客堂间。", kind="action")
TALK = Composer("规划", None, "http://x", (RENTING, HALL, VILLAGE), glossary=Glossary((RENTAL, TERM)))


def test_other_names_lead_to_a_term() -> None:
    """Its explanation comes first, under the plan's own word."""
    told = TALK.passage(RENTING, asked=read_question("公租房是什么意思", {}), today_year=2024).text.split("\n")
    assert told[0] == "“公共租赁住房”：租金有限定的保障性住房（工作人员的解释，不是规划的话；来源：某令）"
    for text in ("公租房是什么意思", "请问什么叫“公租房”", "公租房是啥", "公共租赁住房怎么理解呢"):
        assert TALK.term_asked(text) == RENTAL
    for text in ("公租房有多少", "公租房怎么申请", "公租房", "夜校是什么意思"):
        assert TALK.term_asked(text) is None


REST = replace(
    TERM, english=("respite care", "Respite"), means_in_english="somebody takes over, so that family can rest"
)
ENGLISH_TALK = Composer("规划", None, "http://x", (RESPITE, CANTEENS), glossary=Glossary((REST,))).speaking(ENGLISH)


@pytest.mark.parametrize(
    "text",
    [
        "What is respite care?",
        "what's respite",
        "Please explain respite care",
        "What does “respite care” mean?",
        "So what is meant by the term respite care, please?",
        "what does 喘息服务 mean",
    ],
)
def test_a_term_is_explained_in_english_under_its_english_name(text: str) -> None:
    """By staff's words in English, the plan's own word beside it; without them by those in Chinese."""
    told = ENGLISH_TALK.passage(RESPITE, asked=read_question(text, {}), today_year=2024).text.split("\n")
    line = "Respite care (“喘息服务”), explained by staff, not the plan's words: somebody takes over, so that family can rest."
    assert ENGLISH_TALK.term_asked(text) == REST and told[0] == f"{line} Source (in Chinese): 某办法"
    chinese = COMPOSER.speaking(ENGLISH).passage(
        RESPITE, asked=read_question("喘息服务是什么意思", {}), today_year=2024
    )
    assert TERM.means in chinese.text and "explained by staff" in chinese.text


def test_other_questions_in_english_ask_for_no_meaning() -> None:
    """How much there is of it, and a word that nobody explains; that is said where its meaning is asked outright."""
    for text in ("How much respite care is there?", "What is planned for respite care?", "What is a night school?"):
        assert ENGLISH_TALK.term_asked(text) is None
    answer = ENGLISH_TALK.answered(finding("What does night school mean?", CANTEENS), today_year=2024)
    assert answer.text.startswith(wording.UNEXPLAINED.en.format(term="night school"))


def test_a_term_anywhere_in_the_sentence_is_offered() -> None:
    """That of the clause first; what the plan itself defines as well, and not beside its own definition."""
    offered = TALK.answered(finding("租房有保障吗", RENTING), today_year=2024).related
    assert offered[0].payload == "公共租赁住房是什么意思"
    (defined,) = TALK.answered(finding("村里怎么自治", VILLAGE), today_year=2024).related
    assert defined.payload == "客堂间是什么意思"
    assert not TALK.answered(finding("村里怎么自治", HALL), today_year=2024).related
    term = TALK.term_asked("客堂间是什么意思")
    assert isinstance(term, DefinedTerm) and term.definition is HALL


def test_a_word_that_nobody_explains_is_said_to_be_so() -> None:
    """Before the passage; where staff or the plan explain it there is no such line."""
    line = wording.UNEXPLAINED.zh.format(term="自治")
    assert TALK.answered(finding("自治是什么意思", VILLAGE), today_year=2024).text.startswith(line)
    for text, shown in (("公租房是什么意思", RENTING), ("客堂间是什么意思", HALL), ("村里怎么自治", VILLAGE)):
        assert "没有解释" not in TALK.answered(finding(text, shown), today_year=2024).text


def test_whoever_does_not_understand_is_told_the_terms() -> None:
    """With the line in plain words, or by themselves."""
    plain = replace(RESPITE, plain="要办起来。")
    told = COMPOSER.explaining(COMPOSER.passage(plain, today_year=2024), plain).text.split("\n")
    assert told[:3] == [wording.IN_PLAIN_WORDS.zh, wording.PLAIN_WORDS.zh.format(plain="要办起来。"), LINE]
    bare = COMPOSER.explaining(COMPOSER.passage(RESPITE, today_year=2024), RESPITE).text.split("\n")
    assert bare[:2] == [wording.IN_PLAIN_WORDS.zh, LINE]


def test_the_shipped_terms_stand_in_the_plan_and_name_their_sources(
    passages: list[Passage], document: Document
) -> None:
    """Those that the plan itself explains are left to it."""
    terms = Glossary.load(settings.GLOSSARY).terms
    plan = squash("".join(passage.text for passage in passages))
    defined = [squash(passage.text) for passage in passages if passage.kind == "definition"]
    assert len(terms) >= 5
    for each in terms:
        assert each.term in plan and each.source and not any(text.startswith(each.term) for text in defined)
        assert each.english and each.means_in_english.isascii(), f"{each.term} is not explained in English"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("terms: 5", "没有 terms 列表"),
        ("terms:\n  - term: 甲\n    means: 乙", "这一条不全"),
        ("terms:\n  - {term: 甲, means: 乙, source: 丙, names: 丁}", "这一条不全"),
        ("terms:\n  - {term: 甲, means: 乙, source: 丙, english: [a], means_in_english: [b]}", "这一条不全"),
        (
            "terms:\n  - {term: 甲, means: 乙, source: 丙}\n  - {term: 丁, means: 乙, source: 丙, names: [甲]}",
            "写了两次",
        ),
        ("terms:\n  - {term: 甲, means: 乙, source: 丙}\n  - {term: 甲, means: 丁, source: 丙}", "写了两次"),
    ],
)
def test_a_faulty_file_says_what_and_how_to_mend(tmp_path: Path, text: str, said: str) -> None:
    """File, line, mend; without a file there are no terms."""
    assert Glossary.load(tmp_path / "none.yml").terms == ()
    (tmp_path / "g.yml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"g\.yml:\d") as caught:
        Glossary.load(tmp_path / "g.yml")
    assert said in str(caught.value) and " — " in str(caught.value)
