"""The replies to danger as the page shows and changes them; what holds is `danger.published`'s table."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256

from sqlalchemy.orm import Session

from danger import published
from danger.errors import WordingWrong
from danger.replies import KindWording, NumberWording, Replies, check_change, shipped
from knowledge.language.languages import ENGLISH, SIMPLIFIED, TRADITIONAL
from review.accounts.audit import Actor, write_audit
from review.errors import ChangedMeanwhile, InvalidInput, NothingThere

SCRIPTS: Mapping[str, str] = {SIMPLIFIED: "简体", TRADITIONAL: "繁体", ENGLISH: "英文"}
MAX_BYTES = 2048  # of one WeChat message. Source: 微信公众平台「客服消息」, errcode 45002
_FIELD_NAMES = {"zh": "中文", "en": "英文"}


@dataclass(frozen=True)
class Preview:
    """A whole reply in one script, and its size in bytes of UTF-8 as WeChat counts it."""

    script: str
    text: str
    size: int


@dataclass(frozen=True)
class ShownKind:
    """A kind of danger with what is said of it now; `changed` by staff. `seen` names this wording for who changes it."""

    kind: str
    wording: KindWording
    changed: bool
    numbers: Sequence[tuple[str, NumberWording]]
    previews: Sequence[Preview]
    seen: str


def shown_kinds(session: Session) -> Sequence[ShownKind]:
    """All kinds, in the file's order."""
    changed = published.changed(session.connection())
    return [_shown(kind, changed) for kind in shipped().kinds]


def shown_kind(session: Session, kind: str) -> ShownKind:
    """One kind. Raises `NothingThere`."""
    if kind not in shipped().kinds:
        raise NothingThere("没有这一种危险 / there is no such kind of danger")
    return _shown(kind, published.changed(session.connection()))


def _shown(kind: str, changed: Mapping[str, KindWording]) -> ShownKind:
    wording = changed.get(kind, shipped().kinds[kind])
    numbers = [(number, shipped().numbers[number]) for number in wording.numbers]
    return ShownKind(kind, wording, kind in changed, numbers, previews(kind, wording), _name_of(wording))


def previews(kind: str, wording: KindWording) -> Sequence[Preview]:
    """The whole reply in every script."""
    replies = Replies({kind: wording})
    texts = [(name, replies.acute((kind,), script).text) for script, name in SCRIPTS.items()]
    return [Preview(name, text, len(text.encode())) for name, text in texts]


def typed_wording(kind: str, numbers: str, zh: str, en: str) -> KindWording:
    """What a form holds: numbers in order, whatever stands between them, and a sentence a line."""
    sentences = [tuple(line.strip() for line in text.splitlines() if line.strip()) for text in (zh, en)]
    return replace(
        shipped().kinds[kind],
        numbers=tuple(each for each in re.split(r"[\s,，、;；]+", numbers) if each),
        zh=sentences[0],
        en=sentences[1],
    )


def check(kind: str, wording: KindWording) -> None:
    """Raise `InvalidInput` for a wording that must not be said: what is wrong, where, and how to mend it."""
    try:
        check_change(kind, wording)
    except WordingWrong as error:
        raise InvalidInput(
            f"没有保存。{_readable(kind, str(error))}。请改好再保存 / not saved: a reply has its numbers, the file's"
            " first number first, and 1 to 4 short sentences without addresses in each language"
        ) from error
    for preview in _longest(kind, wording):
        if preview.size > MAX_BYTES:
            raise InvalidInput(
                f"没有保存。整条答复的{preview.script}有 {preview.size} 字节，微信一条最多 {MAX_BYTES} 字节。请缩短句子再保存"
                f" / not saved: the whole reply is longer than WeChat's {MAX_BYTES} bytes: shorten the sentences"
            )


def _longest(kind: str, wording: KindWording) -> Sequence[Preview]:
    """The reply in every script, beside that second kind whose numbers make it longest."""
    replies = Replies({kind: wording})
    found = []
    for script, name in SCRIPTS.items():
        texts = [replies.acute((kind, other), script).text for other in shipped().kinds]
        text = max(texts, key=lambda each: len(each.encode()))
        found.append(Preview(name, text, len(text.encode())))
    return found


def _readable(kind: str, message: str) -> str:
    """`self_harm.zh: …` as 「轻生或自伤」中文：…."""
    zh_name = shipped().kinds[kind].zh_name
    for field, name in {"": "", **_FIELD_NAMES}.items():
        begins = f"{kind}.{field}: " if field else f"{kind}: "
        if message.startswith(begins):
            return f"“{zh_name}”{name}：{message.removeprefix(begins)}"
    return message


def change(session: Session, actor: Actor, kind: str, seen: str, wording: KindWording) -> None:
    """Residents are told `wording` within seconds. Raises `InvalidInput`, `ChangedMeanwhile`, `NothingThere`."""
    before = _unchanged_since(session, kind, seen)
    check(kind, wording)
    published.publish(session.connection(), kind, wording)
    write_audit(session, actor, "danger.change", f"danger:{kind}", _entry(before), _entry(wording))


def restore(session: Session, actor: Actor, kind: str, seen: str) -> None:
    """The file's wording holds again. Raises `ChangedMeanwhile`, `NothingThere`."""
    before = _unchanged_since(session, kind, seen)
    published.withdraw(session.connection(), kind)
    write_audit(session, actor, "danger.restore", f"danger:{kind}", _entry(before), _entry(shipped().kinds[kind]))


def _unchanged_since(session: Session, kind: str, seen: str) -> KindWording:
    now = shown_kind(session, kind)
    if now.seen != seen:
        raise ChangedMeanwhile(
            "刚有同事改过这一条，您的改动没有保存，请看清再改 / somebody has changed this reply meanwhile: nothing was saved"
        )
    return now.wording


def _entry(wording: KindWording) -> dict[str, object]:
    return {"numbers": list(wording.numbers), "zh": list(wording.zh), "en": list(wording.en)}


def _name_of(wording: KindWording) -> str:
    return sha256(json.dumps(asdict(wording), sort_keys=True).encode()).hexdigest()[:16]
