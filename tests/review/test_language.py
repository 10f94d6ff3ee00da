"""Chinese first, English beside it: no string of a page is without English, and none in the file is unused."""

from __future__ import annotations

import re
from pathlib import Path

from ruamel.yaml import YAML

import review
from actions.dialogue.entries import CERTAIN, QUESTION, READINGS
from actions.documents.introducing import introduced
from conversations.turns import LOOKED_UP, PAUSED
from knowledge.catalogue.topics import AREA_NAMES
from knowledge.reply.wording import ASPECT_NAMES, STATE_NAMES
from knowledge.shelf.record import KIND_NAMES as DOCUMENT_KINDS
from knowledge.shelf.record import STATUS_NAMES as STANDING_NAMES
from review import filtering
from review.accounts.roles import ROLE_NAMES
from review.correcting import objections, regression_questions, states
from review.correcting.corrections import KIND_NAMES, WORD_KINDS
from review.correcting.intents import INTENTS
from review.correcting.plan_lookup import SIGNAL_NAMES
from review.danger import wording as danger_wording
from review.inbox.why import SENTENCES
from review.jobs import names as job_names
from review.labels import FIELD_LABELS, OF_FORM, OTHER
from review.language import SAID, english, in_language, translator
from review.navigation import NAVIGATION
from review.pages import (
    adopted_commitments,
    adopted_evaluation,
    adopting,
    audit_names,
    audit_words,
    commitments,
    corrections,
    dashboard,
    documents,
    notices,
    releases,
    relinking,
    requests,
    topics,
    unanswered,
)
from review.requests import handling
from review.shown import CHANNEL_LABELS, OUTCOME_LABELS, TOPIC_LABELS
from review.steps import EARLIER_STEP, STEP_NAMES
from review.triage.reasons import REASON_NAMES

LABELS_OF_FILTERS = {  # named in the source as the second argument, or as a pair with the field's name
    label
    for path in Path(review.__file__).parent.rglob("*.py")
    for label in re.findall(
        r'(?:filtering\.\w+\(\s*"\w+", |"label": |SINCE, UNTIL = \("since", |\), \("until", )"([^"]+)"',
        path.read_text("utf-8"),
    )
}
HERE = Path(review.__file__).parent
NAMES = (
    *ROLE_NAMES.values(), *KIND_NAMES.values(), *WORD_KINDS.values(), *INTENTS.values(), *STEP_NAMES.values(), EARLIER_STEP, *SIGNAL_NAMES.values(),
    *SAID.values(), *(label for _, label, _ in NAVIGATION), *commitments.KIND_NAMES.values(), *STATE_NAMES.values(),
    *handling.KIND_NAMES.values(), *handling.STATUS_NAMES.values(), *notices.KIND_NAMES.values(), *OUTCOME_LABELS.values(),
    *job_names.STAGE_NAMES.values(), *job_names.STATUS_NAMES.values(), *job_names.KIND_LABELS.values(),
    *job_names.OUTCOME_NAMES.values(), job_names.NIGHTLY,
    *TOPIC_LABELS.values(), *CHANNEL_LABELS.values(), *SENTENCES.values(), *dashboard.VERSION_HEADER, *requests.HEADER, *unanswered.HEADER, *audit_words.HEADER,
    audit_words.GONE, audit_words.EVERY_ANSWER, "是", "否", *audit_names.ACTION_NAMES.values(), *audit_names.TARGET_NAMES.values(),
    *audit_names.FIELD_NAMES.values(), *(name for names in audit_names.FIELD_VALUES.values() for name in names.values()),
    *filtering.SENTENCES.values(), *LABELS_OF_FILTERS,
    *FIELD_LABELS.values(), OTHER, *(label for names in OF_FORM.values() for label in names.values()),
    *audit_names.ACTOR_NAMES.values(), audit_names.NOBODY, *audit_names.VALUE_NAMES.values(), *REASON_NAMES.values(), *ASPECT_NAMES.values(), *releases.GROUP_NAMES.values(), *releases.RULE_NAMES.values(), *releases.GATE_NAMES.values(),
    *releases.ACTION_NAMES.values(), *releases.ASIDE_NAMES.values(),
    *regression_questions.SUMMARIES.values(), *regression_questions.ORIGINS, *danger_wording.SCRIPTS.values(),
    *relinking.COUNT_NAMES.values(), *STANDING_NAMES.values(), *DOCUMENT_KINDS.values(), documents.AUTO_NAME, *AREA_NAMES.values(), *adopted_commitments.LISTS.values(), adopting.NOT_READ,
    *(name for names in adopted_evaluation.names().values() for name in names.values()),
    *objections.WHY_NAMES.values(), *states.STATE_NAMES.values(), *corrections.TABS.values(), topics.SAMPLE, topics.BESIDES,
)  # fmt: skip


def strings_of_pages() -> set[str]:
    """Every string that templates and pages hand to the translator."""
    found: set[str] = set(NAMES)
    for path in HERE.glob("templates/*.html"):
        text = path.read_text(encoding="utf-8")
        found |= {a or b for a, b in re.findall(r"""_\((?:"([^"]+)"|'([^']+)')\)""", text)}
        for group in re.findall(r"_\(\{([^}]+)\}", text):
            found |= set(re.findall(r': "([^"]+)"', group))
        found |= set(re.findall(r'\("\w*", "([\u4e00-\u9fff]+)"\)', text))
    board = (HERE / "pages/dashboard.py").read_text(encoding="utf-8")
    found |= set(re.findall(r'say\("([^"]+)"\)', board)) | set(re.findall(r'^ +\("([^"]+)", now', board, re.M))
    found |= set(re.findall(r', "([个次][\u4e00-\u9fff]+)"\)', board))
    return found


def test_every_string_has_its_english_and_every_english_its_use() -> None:
    """Whoever adds a string adds its English; what is gone is gone from the file as well."""
    assert set(english()) == strings_of_pages()


def test_no_heading_and_no_count_is_empty_in_english() -> None:
    """A table's column has a name, a number its noun: what is nothing in English stands inside a sentence only."""
    nothing = {chinese for chinese, other in english().items() if not other.strip()}
    for path in HERE.glob("templates/*.html"):
        text = path.read_text(encoding="utf-8")
        named = set(re.findall(r"""<(?:th|h\d|label|button|option|dt)\b[^>]*>\{\{ _\("([^"]+)"\)""", text))
        named |= set(re.findall(r"""<p class="quiet">\{\{ [^}]* \}\} \{\{ _\("([^"]+)"\)""", text))
        assert not named & nothing, (path.name, named & nothing)


def test_intents_are_those_of_the_domain() -> None:
    """What staff can choose is what NLU knows."""
    domain = YAML(typ="safe").load(Path("domain.yml").read_text(encoding="utf-8"))
    assert set(INTENTS) == {next(iter(intent)) for intent in domain["intents"]}


def test_steps_are_those_of_the_dialogue() -> None:
    """Staff see each in their words."""
    steps = {step.__name__ for table in (CERTAIN, QUESTION, READINGS) for step in table}
    assert set(STEP_NAMES) == {*steps, PAUSED, LOOKED_UP, introduced.__name__}


def test_errors_come_in_the_readers_language() -> None:
    """「中文 / English」 is cut in two; a message without English stays as it is."""
    assert in_language("不行 / no", "zh") == "不行"
    assert in_language("不行 / no", "en") == "no"
    assert in_language("不行", "en") == "不行"
    assert translator("en")("收件箱") == "Inbox"
    assert translator("zh")("收件箱") == "收件箱"
