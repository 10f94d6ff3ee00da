"""「一共有几张」「总数是多少」 and nothing more: how many of what was answered, then and as the plan's target."""

from __future__ import annotations

from collections.abc import Mapping

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import again, linked_figure, silent
from knowledge.catalogue.commitments import Commitment
from knowledge.document.figures import Figure
from knowledge.document.plan_text import squash
from knowledge.language.phrase import Part, Phrase, any_of, maybe, one_of
from knowledge.reply import wording

_AROUND = any_of(
    "请问|我想问|想问|问一下|那么|那|这个|这些|那个|那些|这|它|它们|里面|全区|青浦区|青浦|区里|规划里|的|一共|总共|统共|共计|合计|拢共|全部|所有|到底|究竟|具体|准确|大概|大约|差不多"
    "|数字|数量|总数|总量|数目|目标|现在|目前|如今|眼下|是|有|要|会|得|能|该|算|占|达到|达|增加到|建|造|做|弄|了|呢|啊|呀|吗|么|哦|嘛|伐|吧|，|。|！|？|!|?|,| "
)
_MEASURES = "个|张|家|套|所|座|条|项|处|名|人|户|件|台|辆|公里|平方米|万平方米|平方|亩|岁|长|大|成"
_NAMED = Part((), optional=True, repeated=True, fewest=True, name="of")  # what is counted, or nothing
_HOW_MANY = Phrase(_AROUND, _NAMED, _AROUND, one_of("多少|几"), maybe(_MEASURES, "measure"), _AROUND, _NAMED, _AROUND)
_TOTAL = Phrase(_AROUND, one_of("总数|总量|总的数字|合计|总共|一共|统共"), _AROUND)
_AROUND_IN_ENGLISH = any_of(
    " |so|and|then|but|please|exactly|of them|of those|in all|in total|altogether|now|today|,|?|."
)
_HOW_MANY_IN_ENGLISH = Phrase(
    _AROUND_IN_ENGLISH,
    one_of(
        "how many are there|how many will there be|how many is that|how many|what is the total|what's the total|the total"
        "|what is the number|what's the number|the number"
    ),
    _AROUND_IN_ENGLISH,
)
_NO_THING = "年天月日点号钱块元层楼次周期"  # 「几年」 counts nothing that a passage gives
_KINDS = "张个家所座条处项件套名人户台辆"  # 「几个」 is asked of all that is counted one by one
_LENGTHS, _AREAS = {"长": "公里", "公里": "公里"}, {"大": "平方", "平方": "平方"}


def counted(leaning: Leaning) -> Reply | None:
    """The passage with its figures, each with its year; of a question that was refused, that the plan gives no number."""
    asked = _read(leaning)
    if asked is None or leaning.is_known or leaning.before.told or leaning.finding.question.years:
        return None
    composer, before = leaning.services.composer, leaning.before
    if before.refused and not asked["of"]:
        refused = leaning.services.search.find(before.refused)
        return Reply(composer.not_in_plan(refused, "number"), before)
    if before.refused or not leaning.has_subject or not _names_it(asked["of"], leaning.subject):
        return None
    return _figures_of(leaning, asked["measure"])


def _read(leaning: Leaning) -> Mapping[str, str] | None:
    for said in leaning.wordings:
        if _TOTAL.fits(said) or _HOW_MANY_IN_ENGLISH.fits(said):
            return {"of": "", "measure": ""}
        if found := _HOW_MANY.read(said):
            return found
    return None


def _names_it(name: str, subject: Commitment) -> bool:
    """Whether nothing is named, or what the subject is called."""
    return not name or (name[0] not in _NO_THING and name in squash(subject.headline) + subject.title)


def _figures_of(leaning: Leaning, measure: str) -> Reply:
    """Of the subject's own clause, else of the clause beside it in the sentence that counts in this measure.

    Of what was then the target that it is linked to: that shows both; asked how many there are now, what was then.
    """
    then = linked_figure(leaning) if leaning.asks_of_then else None
    subject = then or leaning.services.composer.target_of(leaning.subject) or leaning.subject
    if _has(subject, measure):
        return again(leaning, subject)
    inside = [c for c in leaning.services.search.by_id.values() if c.quote == subject.quote and _has(c, measure)]
    if len(inside) == 1:
        return again(leaning, inside[0])
    if inside:
        return Reply(
            leaning.services.composer.clarify(inside), leaning.before.after_clarification(leaning.utterance.text)
        )
    return silent(leaning, wording.NO_NUMBER)


def _has(commitment: Commitment, measure: str) -> bool:
    """Whether its own clause gives a number of what is counted so."""
    run = squash(commitment.headline)
    is_row = commitment.kind == "indicator"
    return any((is_row or each.printed_value in run) and _counts(each, measure) for each in commitment.figures)


def _counts(figure: Figure, measure: str) -> bool:
    if measure in _LENGTHS or measure in _AREAS:
        return {**_LENGTHS, **_AREAS}[measure] in figure.unit
    if measure == "成":
        return figure.unit in ("%", "％")
    if measure == "个":
        return bool(figure.unit) and figure.unit[-1] in _KINDS
    return measure in figure.unit
