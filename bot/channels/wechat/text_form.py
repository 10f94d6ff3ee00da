"""answer/1 as a WeChat text: links and numbers in place of buttons, within 2,048 bytes, the rest after 「更多」."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from html import escape
from typing import Any
from urllib.parse import urlsplit

import regex  # with Rasa; `\X` matches what a reader sees as one character

from bot.channels.wechat import words
from knowledge.language.languages import LANGUAGES
from knowledge.reply import wording
from knowledge.reply.answer import Outcome

MAX_BYTES = 2048  # 微信官方文档「被动回复用户消息」: a text's Content, and the same through the customer-service API
NUMBERS = 3  # related questions offered as numbers; the choices of a clarification are all offered
_ATOM = regex.compile(r"<a [^>]*>[^<]*</a>|\X")
_SENTENCE_END = regex.compile(r"[。！？；!?\n][”’」』）)]*$")
_CLAUSE_END = regex.compile(r"[，、,：:]$")
_ASKED_BACK = frozenset(
    sentence.of(language) for sentence in (wording.CLARIFY, wording.DENIED) for language in LANGUAGES
)  # lead to choices without a colon


@dataclass(frozen=True)
class Choice:
    """A numbered question: what is shown and what is asked when the follower sends its number."""

    title: str
    question: str


@dataclass(frozen=True)
class Prepared:
    """A whole reply, however long, with its choices in order and the answer that a vote is about.

    `aside`: a word between two answers, after which the numbers, the rest and the vote of the last one still hold.
    `urgent`: the numbers to call are the answer.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    answer_id: str = ""
    aside: bool = False
    urgent: bool = False

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Prepared:
        """What `as_json` gave."""
        choices = tuple(Choice(str(c["title"]), str(c["question"])) for c in data["choices"])
        urgent = bool(data.get("urgent"))  # none in what an earlier version stored
        return cls(str(data["text"]), choices, str(data["answer_id"]), bool(data["aside"]), urgent)

    def as_json(self) -> dict[str, Any]:
        """For storage."""
        return asdict(self)


def joined(replies: Sequence[Prepared]) -> Prepared:
    """Several replies as one, in order but for urgent ones, which come first; numbers and votes are about the last that is no aside."""
    last = next((reply for reply in reversed(replies) if not reply.aside), replies[-1])
    in_order = sorted(replies, key=lambda reply: not reply.urgent)
    return replace(last, text="\n\n".join(reply.text for reply in in_order), urgent=in_order[0].urgent)


def prepare(text: str, custom: Mapping[str, Any]) -> Prepared:
    """The reply for an answer/1 and its text."""
    outcome, hotlines = custom.get("outcome"), custom.get("hotlines") or ()
    if outcome == Outcome.DANGER.value or (outcome == Outcome.CHAT.value and hotlines):
        # The numbers stay plain digits, which telephones make dialable by themselves: the platform documents links in
        # a text for web pages, not for `tel:`, and a link that fails would hide the number. No vote is asked for.
        return Prepared(text.replace("<", "＜"), urgent=True)
    related = [Choice(str(r["title"]), str(r["payload"])) for r in custom.get("related") or ()]
    text, _, quiet = text.rpartition("\n") if hotlines else (text, "", "")
    main, lead, offered = _without_related(text, related)
    clarifies = outcome == Outcome.CLARIFY.value
    choices = tuple(related if clarifies else related[:NUMBERS])
    lines = [main.replace("<", "＜"), _links(custom.get("citations") or ())]
    if offered and choices:
        lines += [lead, numbered(choices)]
    hints = [_number_hint(choices)] if choices else []
    if outcome == Outcome.ANSWERED.value:
        hints.append(words.REPLY_FEEDBACK)
    lines.append("；".join(hints) + "。" if hints else "")
    whole = "\n".join(filter(None, [*lines, quiet]))
    if quiet and len(whole.encode()) > MAX_BYTES:  # whom to call does not wait for 「更多」
        whole = "\n".join(filter(None, [quiet, *lines]))
    return Prepared(whole, choices, str(custom.get("answer_id") or ""))


def numbered(choices: Sequence[Choice]) -> str:
    """The choices as lines 「1. …」."""
    return "\n".join(f"{number}. {choice.title}" for number, choice in enumerate(choices, start=1))


def welcome(document: str, choices: Sequence[Choice]) -> Prepared:
    """What a new follower reads."""
    lines = [words.WELCOME.format(document=document)]
    if choices:
        lines += [words.HOT_QUESTIONS, numbered(choices), _number_hint(choices) + "。"]
    return Prepared("\n".join(lines), tuple(choices))


def first_page(text: str, limit: int = MAX_BYTES) -> tuple[str, str]:
    """The part to send now, at most `limit` bytes of UTF-8, and what is left for 「更多」 (empty: nothing).

    Cut after a sentence, else after a clause, else between two characters as a reader sees them; a link
    is never cut.
    """
    if len(text.encode()) <= limit:
        return text, ""
    budget = limit - len(words.MORE.encode())
    taken: list[str] = []
    size = 0
    for atom in _ATOM.findall(text):
        size += len(atom.encode())
        if size > budget:
            break
        taken.append(atom)
    page = "".join(taken[: _cut(taken)])
    if not page:  # one "character" longer than a message: nothing a person wrote
        page = text.encode()[:budget].decode("utf-8", "ignore")
    return page.rstrip() + words.MORE, text[len(page) :].lstrip()


def is_public(url: str) -> bool:
    """Whether a follower's telephone can open the address."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.hostname == "localhost":
        return False
    try:
        return ipaddress.ip_address(parts.hostname).is_global
    except ValueError:
        return "." in parts.hostname


def _cut(atoms: Sequence[str]) -> int:
    """How many atoms to keep: up to the last sentence end in the second half, else clause end, else all."""
    half = len(atoms) // 2
    for ends in (_SENTENCE_END, _CLAUSE_END):
        for end in range(len(atoms), half, -1):
            if ends.search("".join(atoms[max(0, end - 3) : end])):
                return end
    return len(atoms)


def _without_related(text: str, related: Sequence[Choice]) -> tuple[str, str, bool]:
    """The text before its numbered related questions, the line that led to them ("" for none), and whether it ends with them."""
    tail = "\n" + numbered(related)
    if not related or not text.endswith(tail):
        return text, "", False
    main, _, lead = text.removesuffix(tail).rpartition("\n")
    leads = lead.endswith(("：", ":")) or lead in _ASKED_BACK
    return (main, lead, True) if leads else (text.removesuffix(tail), "", True)


def _links(citations: Sequence[Mapping[str, Any]]) -> str:
    several = len({c["document"] for c in citations}) > 1
    label = words.READ_DOCUMENT if several else words.READ_PLAN
    links = {str(c["url"]): label.format(page=c["page"], document=c["document"]) for c in citations}
    shown = {url: text.replace("<", "＜") for url, text in links.items() if is_public(url)}
    return "　".join(f'<a href="{escape(url, quote=True)}">{text}</a>' for url, text in shown.items())


def _number_hint(choices: Sequence[Choice]) -> str:
    numbers = "、".join(str(number) for number in range(1, len(choices) + 1))
    return words.REPLY_NUMBER.format(numbers=f" {numbers} ")
