"""What a follower's message is answered with: a turn through Rasa, or a few words of the channel's own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from bot.channels.wechat import words
from bot.channels.wechat.envelope import Incoming
from bot.channels.wechat.hot_questions import HotQuestions
from bot.channels.wechat.menu import HOT, Menu
from bot.channels.wechat.short_words import asks_for_more, number_in, vote_in
from bot.channels.wechat.text_form import Choice, Prepared, numbered, prepare, welcome
from conversations.followers import FollowerState
from conversations.turn_log import TurnLog

WELCOMED = ("subscribe", "scan")
ANSWERED_EVENTS = (*WELCOMED, "click")  # others, such as VIEW and LOCATION, want no words
MORE_OF_IT = "还有呢"  # what 「更多」 means once an answer was sent whole, in words that the bot was trained on
_NO_TEXT = "【收到不支持的消息类型"  # what the platform sends in place of stickers and the like

Ask = Callable[[str], Awaitable[Sequence[dict[str, Any]]]]


class InThread(Protocol):
    """Runs what blocks beside the event loop."""

    async def __call__(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """The function's result."""


class Answering:
    """Stateless: the follower's state comes in with each message, and goes out with the reply."""

    def __init__(self, log: TurnLog, hot: HotQuestions, menu: Menu, in_thread: InThread) -> None:
        self._log = log
        self._hot = hot
        self._buttons = menu.buttons()
        self._in_thread = in_thread

    async def reply(self, message: Incoming, state: FollowerState, ask: Ask) -> Prepared:
        """The reply to a message or event; `ask` takes a question through Rasa as this message's turn."""
        if message.event in WELCOMED:
            return await self._welcome()
        if message.event == "click":
            return await self._click(message.event_key, ask)
        text = message.text.strip()
        if message.kind not in ("text", "voice") or not text or text.startswith(_NO_TEXT):
            return Prepared(words.KIND_WORDS.get(message.kind, words.KIND_WORD), aside=True)
        if asks_for_more(text) and not state.rest:
            text = MORE_OF_IT
        return await self._steered(text, state) or await self._chosen(text, state, ask) or await _turn(ask, text)

    async def _welcome(self) -> Prepared:
        document = await self._in_thread(self._hot.document)
        return welcome(document, await self._in_thread(self._hot.offered))

    async def _click(self, key: str, ask: Ask) -> Prepared:
        button = self._buttons.get(key)
        if button is None or button.say == HOT:  # an old menu still on a follower's telephone
            choices = await self._in_thread(self._hot.offered)
            return Prepared(f"{words.HOT_QUESTIONS}\n{numbered(choices)}\n{words.REPLY_A_NUMBER}", choices)
        return await _turn(ask, button.question)

    async def _steered(self, text: str, state: FollowerState) -> Prepared | None:
        """The rest of a long answer, or thanks for a vote."""
        if asks_for_more(text) and state.rest:
            return Prepared(state.rest, _choices(state), state.answer_id)
        vote = vote_in(text)
        if vote is None:
            return None
        if state.answer_id and await self._in_thread(self._log.give_feedback, state.answer_id, vote):
            return Prepared(words.THANKS_UP if vote == "up" else words.THANKS_DOWN, aside=True)
        return Prepared(words.NOTHING_TO_RATE, aside=True)

    @staticmethod
    async def _chosen(text: str, state: FollowerState, ask: Ask) -> Prepared | None:
        """The question behind a number that was offered to this follower."""
        number, choices = number_in(text), _choices(state)
        if number is None or not choices:
            return None
        if not 1 <= number <= len(choices):
            return Prepared(words.NUMBER_RANGE.format(last=len(choices)), aside=True)
        return await _turn(ask, choices[number - 1].question)


async def _turn(ask: Ask, question: str) -> Prepared:
    messages = await ask(question)
    text = next((m["text"] for m in messages if m.get("text")), words.TROUBLE)
    custom: dict[str, Any] = next((m["custom"] for m in messages if m.get("custom")), {})
    return prepare(text, custom)


def _choices(state: FollowerState) -> tuple[Choice, ...]:
    return tuple(Choice(str(c["title"]), str(c["question"])) for c in state.choices)
