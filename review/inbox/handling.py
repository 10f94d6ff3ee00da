"""What staff do with a turn: take it, tag it, note something, finish it. Nothing is done to a turn that changed meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from conversations.masking import mask
from review.accounts.audit import Actor, write_audit
from review.database.columns import now
from review.database.people import AccountRow
from review.database.work import FilterRow, NoteRow, TagRow, TriageRow
from review.errors import ChangedMeanwhile, InvalidInput, NothingThere
from review.shown import moment
from review.triage.alike import move, touch
from review.typed import whole_number

MAX_TAG_CHARS, MAX_TAGS, MAX_FILTERS = 24, 8, 20


@dataclass(frozen=True)
class Chosen:
    """A turn and the version of it that the person saw."""

    turn_id: str
    version: int

    @classmethod
    def parse(cls, text: str) -> Chosen:
        """From a form's `id:version`. Raises `InvalidInput`."""
        turn_id, _, version = text.rpartition(":")
        seen = whole_number(version)
        if not turn_id or seen is None:
            raise InvalidInput("请重新打开页面再选 / reload the page and choose again")
        return cls(turn_id, seen)


def find_turn(session: Session, turn_id: str) -> TriageRow:
    """A turn's place in the inbox. Raises `NothingThere`."""
    row = session.get(TriageRow, turn_id)
    if row is None:
        raise NothingThere("没有这一条，可能已按保存期限删除 / no such turn: it may have been erased")
    return row


def change(session: Session, actor: Actor, chosen: Sequence[Chosen], action: str, **values: object) -> None:
    """Set columns of turns, all or none. Raises `ChangedMeanwhile` if somebody changed one since it was shown."""
    for each in chosen:
        row = unchanged(session, each)
        before = {name: getattr(row, name) for name in values}
        touch(row, actor)
        for name, value in values.items():
            setattr(row, name, value)
        write_audit(session, actor, action, f"turn:{row.turn_id}", before, dict(values))


def unchanged(session: Session, chosen: Chosen) -> TriageRow:
    """A turn as the person saw it. Raises `ChangedMeanwhile`."""
    row = find_turn(session, chosen.turn_id)
    if row.version != chosen.version:
        raise ChangedMeanwhile(
            f"{row.changed_by or '同事'} 在 {moment(row.changed_at)} 刚动过其中一条，您的操作没有做，请看清再来"
            f" / {row.changed_by or 'a colleague'} changed one of these at {moment(row.changed_at)}: nothing was done"
        )
    return row


def assign(session: Session, actor: Actor, chosen: Sequence[Chosen], account_id: int) -> None:
    """Give turns to a colleague, 0 to nobody. Raises `InvalidInput` for a disabled or unknown account."""
    account = session.get(AccountRow, account_id) if account_id else None
    if account_id and (account is None or account.disabled):
        raise InvalidInput("不能分派给这个人 / cannot be assigned to this person")
    change(session, actor, chosen, "turn.assign", assigned_to=account_id)


def set_status(session: Session, actor: Actor, chosen: Sequence[Chosen], status: str) -> None:
    """`done`, or `new` again, of turns and all for which they stand. Raises `ChangedMeanwhile` as `change` does."""
    for each in chosen:
        row = unchanged(session, each)
        before = {"status": row.status}
        turns = move(session, actor, row, status)
        after = {"status": status, **({"turns": turns} if turns > 1 else {})}
        write_audit(
            session, actor, f"turn.{'done' if status == 'done' else 'reopen'}", f"turn:{row.turn_id}", before, after
        )


def add_tag(session: Session, actor: Actor, chosen: Sequence[Chosen], tag: str) -> None:
    """Tag turns. Tags do not exclude each other, so a colleague's change meanwhile is no conflict."""
    tag = tag.strip()
    if not 0 < len(tag) <= MAX_TAG_CHARS or "," in tag:
        raise InvalidInput(
            f"标签 1 到 {MAX_TAG_CHARS} 个字，不含逗号 / a tag has 1 to {MAX_TAG_CHARS} characters, no comma"
        )
    for each in chosen:
        row = find_turn(session, each.turn_id)
        tags = set(session.scalars(select(TagRow.tag).where(TagRow.turn_id == row.turn_id)))
        if tag in tags:
            continue
        if len(tags) >= MAX_TAGS:
            raise InvalidInput(f"一条最多 {MAX_TAGS} 个标签 / at most {MAX_TAGS} tags")
        session.add(TagRow(turn_id=row.turn_id, tag=tag))
        write_audit(session, actor, "turn.tag", f"turn:{row.turn_id}", None, {"tag": tag})


def remove_tag(session: Session, actor: Actor, turn_id: str, tag: str) -> None:
    """Take a tag off."""
    session.execute(delete(TagRow).where(TagRow.turn_id == turn_id, TagRow.tag == tag))
    write_audit(session, actor, "turn.untag", f"turn:{turn_id}", {"tag": tag}, None)


def add_note(session: Session, actor: Actor, turn_id: str, text: str) -> None:
    """Write something beside a turn, masked as residents' words are."""
    find_turn(session, turn_id)
    session.add(NoteRow(turn_id=turn_id, account=actor.name, at=now(), text=mask(text).text))
    write_audit(session, actor, "turn.note", f"turn:{turn_id}")


def save_filter(session: Session, account_id: int, name: str, query: str) -> None:
    """Keep a filter under a name; the same name is replaced."""
    mine = session.scalars(select(FilterRow).where(FilterRow.account_id == account_id)).all()
    same = next((row for row in mine if row.name == name), None)
    if same:
        same.query = query
        return
    if len(mine) >= MAX_FILTERS:
        raise InvalidInput(
            f"最多保存 {MAX_FILTERS} 个筛选，先删一个 / at most {MAX_FILTERS} saved filters: delete one first"
        )
    session.add(FilterRow(account_id=account_id, name=name, query=query))


def filters_of(session: Session, account_id: int) -> Sequence[FilterRow]:
    """A person's saved filters by name."""
    query = select(FilterRow).where(FilterRow.account_id == account_id).order_by(FilterRow.name)
    return list(session.scalars(query))


def delete_filter(session: Session, account_id: int, filter_id: int) -> None:
    """Forget one of a person's own filters."""
    session.execute(delete(FilterRow).where(FilterRow.id == filter_id, FilterRow.account_id == account_id))


def all_tags(session: Session) -> Sequence[str]:
    """Every tag in use."""
    return list(session.scalars(select(TagRow.tag).distinct().order_by(TagRow.tag)))


def colleagues(session: Session) -> Mapping[int, str]:
    """Who may take turns: id → name."""
    query = select(AccountRow).where(AccountRow.disabled.is_(False)).order_by(AccountRow.name)
    return {row.id: row.full_name or row.name for row in session.scalars(query)}
