"""What is said beside a reply because there are other documents: the plan before, that only an ended one speaks, what was searched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.dialogue.reply import Reply
from actions.documents.choosing import DocumentReply, closest_in_force, speaks_too, spoke_before
from knowledge.reply import wording
from knowledge.reply.answer import Answer, Outcome
from knowledge.reply.besides import Spoken, earlier_line, headline_of, said_line, which_document, with_line
from knowledge.reply.sentence import BotSentence
from knowledge.shelf.standing import succeeds

MOST_NAMED = 3  # documents in a line that says what was searched


def remarked(given: DocumentReply, replies: Sequence[DocumentReply]) -> Reply:
    """The reply with such a line, if there is one to say."""
    answer = given.reply.answer
    if given.answers and (line := _that_it_is_over(given, replies)):
        closest = None if given.is_whole else closest_in_force(given, replies)
        cited = closest.reply.answer.citations[:1] if closest else ()
        answer = with_line(answer, line, first=True, cited=cited)
    elif beside := spoke_before(given, replies) or speaks_too(given, replies):
        answer = _with_other(given, beside)
    elif answer.outcome is Outcome.NOT_IN_PLAN and not given.is_of_elsewhere:
        others = [each.document.record.short_title for each in replies if each is not given][:MOST_NAMED]
        listed = _say(answer, wording.LISTED_AND).join(others)
        answer = with_line(answer, _say(answer, wording.ALSO_SEARCHED, documents=listed)) if others else answer
    return replace(given.reply, answer=answer)


def _that_it_is_over(given: DocumentReply, replies: Sequence[DocumentReply]) -> str:
    record = given.document.record
    later = [e.document.record for e in replies if not e.is_ended and succeeds(e.document.record, record)]
    if not given.is_ended or not later:
        return ""
    names = {"document": record.short_title, "current": later[0].short_title}
    closest = None if given.is_whole else closest_in_force(given, replies)
    told = _spoken(closest) if closest else None
    if closest and told:
        names |= {"current": closest.document.record.short_title, "headline": headline_of(told)}
        return _say(given.reply.answer, wording.CLOSEST_IN_FORCE, **names, page=told.citation.page)
    return _say(given.reply.answer, wording.ENDED_LIST if given.is_whole else wording.ONLY_ENDED, **names)


def _with_other(given: DocumentReply, earlier: DocumentReply) -> Answer:
    answer, then = given.reply.answer, earlier.reply.answer.citations[0]
    now, before = _spoken(given), _spoken(earlier)
    if now is None or before is None:
        return answer

    def say(sentence: BotSentence, **fields: object) -> str:
        return _say(answer, sentence, **fields)

    record = earlier.document.record
    is_previous = succeeds(given.document.record, record)
    if earlier.is_ended:
        which = which_document(say, record.short_title, is_previous=is_previous)
        return with_line(answer, earlier_line(say, which, now, before), cited=(then,))
    return with_line(answer, said_line(say, record.short_title, before), cited=(then,))


def _spoken(each: DocumentReply) -> Spoken | None:
    citation, finding = each.reply.answer.citations[0], each.reply.finding
    commitment = each.document.responder.finder.by_id.get(citation.commitment_id)
    return Spoken(commitment, finding.question.text, citation) if commitment and finding else None


def _say(answer: Answer, sentence: BotSentence, **fields: object) -> str:
    return sentence.of(answer.language, **fields)
