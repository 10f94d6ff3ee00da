"""Turns as files for others: CSV for spreadsheets, JSON Lines for programs, stories for Rasa's own tests."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime, time, timedelta, timezone
from itertools import groupby
from pathlib import Path
from typing import Any, TextIO

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from sqlalchemy import select

from conversations.database import Database
from conversations.errors import ConversationsError
from conversations.kept import kept_fields
from conversations.models import TurnRow
from conversations.spreadsheets import safe_cell
from conversations.turn_log import turn_of
from conversations.turns import Turn

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
RULES = Path("data/rules.yml")
SAME_TALK = timedelta(minutes=10)  # a longer silence starts a new story, as it starts a new session in Rasa
FETCHED = 500  # rows in memory at a time


def turns_between(
    database: Database, first: date | None, last: date | None, *, by_session: bool = False
) -> Iterator[Turn]:
    """The turns of whole days in Shanghai, both included, oldest first, or session by session."""
    order = (TurnRow.session, TurnRow.asked_at, TurnRow.id) if by_session else (TurnRow.asked_at, TurnRow.id)
    wanted = select(TurnRow).order_by(*order).execution_options(yield_per=FETCHED)
    if first:
        wanted = wanted.where(TurnRow.asked_at >= datetime.combine(first, time.min, CHINA))
    if last:
        wanted = wanted.where(TurnRow.asked_at < datetime.combine(last + timedelta(days=1), time.min, CHINA))
    with database.session() as session:
        for row in session.scalars(wanted):
            yield turn_of(row)


def cells_of(definition: type) -> tuple[str, ...]:
    """The names of the fields that a line of CSV has, in their places (`kept.Kept.cell`)."""
    places = {field.kept.cell: field.name for field in kept_fields(definition) if field.kept.cell is not None}
    return tuple(places[cell] for cell in sorted(places))


COLUMNS = cells_of(Turn)


def write_csv(turns: Iterator[Turn], out: TextIO) -> int:
    """One line a turn under `COLUMNS`; how many. Begins with a byte order mark, so that Excel reads Chinese."""
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    written = 0
    for turn in turns:
        writer.writerow([_cell(getattr(turn, name)) for name in COLUMNS])
        written += 1
    return written


def write_jsonl(turns: Iterator[Turn], out: TextIO) -> int:
    """One JSON object a turn, with every field of `Turn`; how many."""
    written = 0
    for turn in turns:
        line = {**asdict(turn), "intent": turn.intent, "margin": turn.margin}
        out.write(json.dumps(line, ensure_ascii=False, default=_plain) + "\n")
        written += 1
    return written


def write_stories(turns: Iterator[Turn], out: TextIO, rules: Path = RULES) -> int:
    """Rasa test stories (`rasa test core --stories …`), one a conversation; how many turns. Turns must come session by session.

    What was understood stands as the resident's words, with its entities, since entities are counted in it; the
    action is the one that `rules` name for the intent. Left out are turns that did not pass NLU, and those in which danger
    was noticed: the dialogue does not decide about these.
    """
    actions = _actions(rules)
    kept = (turn for turn in turns if turn.intent in actions and turn.understood and not turn.danger)
    stories, written = [], 0
    for session, talk in groupby(kept, key=lambda turn: turn.session):
        for part in _talks(talk):
            steps: list[dict[str, str]] = []
            for turn in part:
                steps += [{"user": annotated(turn), "intent": turn.intent}, {"action": actions[turn.intent]}]
            written += len(part)
            stories.append(
                {"story": f"{session} {part[0].asked_at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}", "steps": steps}
            )
    yaml = YAML()
    yaml.width = 10_000
    yaml.dump({"version": "3.1", "stories": stories}, out)
    return written


def annotated(turn: Turn) -> str:
    """The understood words in Rasa's notation: 「到[2025年](year)养老床位有多少」."""
    text, parts, at = turn.understood, [], 0
    for entity in sorted(turn.entities, key=lambda e: int(e["start"])):
        start, end = int(entity["start"]), int(entity["end"])
        if start < at:
            continue
        value = (
            ""
            if entity["value"] == text[start:end]
            else f', "value": {json.dumps(entity["value"], ensure_ascii=False)}'
        )
        mark = f'{{"entity": "{entity["entity"]}"{value}}}' if value else f"({entity['entity']})"
        parts += [text[at:start], f"[{text[start:end]}]{mark}"]
        at = end
    return "".join([*parts, text[at:]])


def _talks(turns: Iterator[Turn]) -> Iterator[list[Turn]]:
    talk: list[Turn] = []
    for turn in turns:
        if talk and turn.asked_at - talk[-1].asked_at > SAME_TALK:
            yield talk
            talk = []
        talk.append(turn)
    if talk:
        yield talk


def _actions(rules: Path) -> Mapping[str, str]:
    """Intent → action, of rules that have one of each."""
    try:
        data = YAML(typ="safe").load(rules.read_text(encoding="utf-8"))
        steps = [{k: v for step in rule["steps"] for k, v in step.items()} for rule in data["rules"]]
        return {step["intent"]: step["action"] for step in steps}
    except (OSError, YAMLError, KeyError, TypeError) as error:
        raise ConversationsError(
            f"{rules}: 规则读不出（{type(error).__name__}: {error}） — 在项目根目录运行"
        ) from error


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(CHINA).isoformat(timespec="seconds")
    if isinstance(value, (list, tuple)):
        return safe_cell(" ".join(value))
    return safe_cell(value)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else list(value)
