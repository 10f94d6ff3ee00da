"""Working out, in memory, what an export changes: undo what no longer holds, carry out what does, author by author."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.building.parsed import parse
from knowledge.building.sources import Sources
from knowledge.catalogue.commitments import Commitment
from knowledge.groundwork.errors import KnowledgeError
from knowledge.language.normalise import plain_text
from knowledge.language.question import same_words
from knowledge.search.finder import Finder
from review.database.columns import now
from review.database.work import CorrectionRow
from review.errors import ReviewError
from review.teaching import decisions as kinds
from review.teaching.decisions import (
    FieldEdit,
    PlainEdit,
    StaffDecision,
    decisions_of,
    field_edits,
    holding,
    plain_edits,
)
from review.teaching.errors import SourcesUnusable
from review.teaching.examples import Examples, read_blocks, texts_of
from review.teaching.fields import DIALECT_FILE, Fields, Words
from review.teaching.placing import ADDED, Change, Placing
from review.teaching.records import Record, read_records
from review.teaching.refusing import Refusals
from review.teaching.source_files import SourceTree

CONSOLE = "review console"  # author of what no person decided: a question that has come into the evaluation set
NOT_CURATED = "没有人整理过这条承诺，标题、对象和大白话没有文件可写 / nobody curated this commitment: no file holds its title, audience and plain words"


class NotPlaced(ReviewError):
    """The topic and aspect of a question cannot be told."""


@dataclass(frozen=True)
class Done:
    """A change and the decision it is for."""

    source: str
    author: str
    change: Change


@dataclass(frozen=True)
class Skipped:
    """A decision that the files do not show, and why."""

    source: str
    question: str
    reason: str


@dataclass
class Step:
    """The changes of one author, and what the files that they touch hold afterwards."""

    author: str
    at: datetime
    done: list[Done] = field(default_factory=list)
    contents: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class ExportPlan:
    """What is to be written and remembered."""

    tree: SourceTree
    steps: Sequence[Step]
    skipped: Sequence[Skipped]
    before: Mapping[str, Record]
    records: Mapping[str, Record]
    gone: Sequence[str]


def plan_export(session: Session, root: Path, open_finder: Callable[[], Finder]) -> ExportPlan:
    """Read the decisions and the files, change the files in memory. Raises `SourcesUnusable`; writes nothing."""
    return _Planner(session, root, open_finder).plan()


class _Planner:
    def __init__(self, session: Session, root: Path, open_finder: Callable[[], Finder]) -> None:
        self._tree = SourceTree(root)
        self._open_finder = open_finder
        self._before = read_records(session)
        self._decisions, self._fields = decisions_of(session), field_edits(session)
        self._plain_edits = plain_edits(session)
        rows = session.execute(select(CorrectionRow.id, CorrectionRow.decided_by))
        self._decided_by = {f"correction:{row.id}": row.decided_by for row in rows}
        self._commitments = _commitments(root)
        self._plain = self._plain_of()
        self._examples = Examples(self._tree, self._commitments, self._words_of)
        self._placing = Placing(self._examples, self._plain, self._place_if_silent)
        self._words, self._entries = Words(self._tree), Fields(self._tree)
        self._steps: list[Step] = []
        self._skipped: dict[str, Skipped] = {}
        self._records: dict[str, Record] = {}

    def plan(self) -> ExportPlan:
        held = self._held()
        self._undo_all({decision.source for decision in held})
        for author, own in _by_author(held):
            self._step(author, max(each.at for each in own), [(each, self._carry_out) for each in own])
        self._edit_fields()
        for edit in self._plain_edits:
            self._write_plain(edit)
        self._check()
        edits: Sequence[FieldEdit | PlainEdit] = (*self._fields, *self._plain_edits)
        alive = {each.source for each in self._decisions} | {each.source for each in edits}
        gone = [source for source in self._before if source not in alive]
        steps = [step for step in self._steps if step.done]
        return ExportPlan(self._tree, steps, list(self._skipped.values()), self._before, self._records, gone)

    def _held(self) -> list[StaffDecision]:
        """The decisions that nothing speaks against, and that no newer one takes the place of."""
        refusals = Refusals(self._tree.root, self._commitments, self._words_of)
        taught = []
        for decision in self._decisions:
            reason = refusals.why_not(decision)
            if reason:
                self._skip(decision, reason)
            else:
                taught.append(decision)
        held, gave_way = holding(taught, self._subject, self._commitments)
        for decision in taught:
            newer = gave_way.get(decision.source)
            if newer:
                self._skip(
                    decision, f"后来的决定取代了它（{newer.source}，{newer.author}） / a newer decision took its place"
                )
                self._decided_by[decision.source] = newer.author
        return held

    def _undo_all(self, holding_sources: set[str]) -> None:
        """Take back what was exported and no longer holds, newest first, in the name of who decided so."""
        over = [
            record
            for source, record in self._before.items()
            if record.changes and source not in holding_sources and not _is_field(source)
        ]
        over.sort(key=lambda record: record.source)
        by_author: dict[str, list[Record]] = {}
        for record in reversed(over):
            by_author.setdefault(self._decided_by.get(record.source) or CONSOLE, []).append(record)
        for author, records in by_author.items():
            step = Step(author, now())
            for record in records:
                for change in reversed(record.changes):
                    undo = self._words.undo if change.file == DIALECT_FILE else self._placing.undo
                    step.done += [Done(record.source, author, each) for each in undo(change)]
            self._finish(step)

    def _step(
        self, author: str, at: datetime, work: Iterable[tuple[StaffDecision, Callable[[StaffDecision], list[Change]]]]
    ) -> None:
        step = Step(author, at)
        for decision, carry_out in work:
            changes = carry_out(decision)
            step.done += [Done(decision.source, author, change) for change in changes]
            if decision.source not in self._skipped:
                earlier = self._before.get(decision.source)
                known = earlier.changes if earlier else ()
                more = tuple(change for change in changes if change not in known)
                self._records[decision.source] = Record(decision.source, decision.version, (*known, *more))
        self._finish(step)

    def _carry_out(self, decision: StaffDecision) -> list[Change]:
        if decision.kind == kinds.WORD:
            return self._words.put(decision.word, decision.means)
        earlier = self._before.get(decision.source)
        added = [c for c in earlier.changes if c.done == ADDED and c.block.startswith("silent:")] if earlier else []
        try:
            changes = self._placing.carry_out(decision, added[-1].block.partition(":")[2] if added else "")
        except NotPlaced as error:
            self._skip(decision, str(error))
            return []
        reason = self._placing.kept.get(decision.source)
        if reason and decision.kind in (kinds.REMOVE, kinds.UNLINK) and not changes:
            self._skip(decision, reason)
        return changes

    def _edit_fields(self) -> None:
        """Titles and audiences are written once: who changes them in the file afterwards has the last word."""
        newest = {(each.commitment_id, bool(each.title)): each for each in self._fields}
        for edit in self._fields:
            if edit.source in self._before:
                continue
            self._records[edit.source] = Record(edit.source, 1, ())
            commitment = self._commitments.get(edit.commitment_id)
            if newest[edit.commitment_id, bool(edit.title)] is not edit:
                continue
            if commitment is None or not commitment.curated:
                self._skipped[edit.source] = Skipped(edit.source, edit.title or "、".join(edit.audience), NOT_CURATED)
                self._records[edit.source] = Record(edit.source, 1, (), NOT_CURATED)
                continue
            self._write_field(edit, commitment)

    def _write_field(self, edit: FieldEdit, commitment: Commitment) -> None:
        changes = self._entries.put(edit, commitment)
        self._records[edit.source] = Record(edit.source, 1, tuple(changes))
        self._finish(Step(edit.author, now(), [Done(edit.source, edit.author, change) for change in changes]))
        if edit.title:
            self._commitments[commitment.id] = replace(commitment, title=edit.title)

    def _write_plain(self, edit: PlainEdit) -> None:
        """Written once for each decision, as titles are: who changes it in the file afterwards has the last word."""
        before = self._before.get(edit.source)
        if before is not None and before.version == edit.version:
            return
        commitment = self._commitments.get(edit.commitment_id)
        if commitment is None or not commitment.curated:
            self._skipped[edit.source] = Skipped(edit.source, edit.text, NOT_CURATED)
            self._records[edit.source] = Record(edit.source, edit.version, (), NOT_CURATED)
            return
        changes = self._entries.put_plain(edit.text, commitment)
        self._records[edit.source] = Record(edit.source, edit.version, tuple(changes))
        self._finish(Step(edit.author, now(), [Done(edit.source, edit.author, change) for change in changes]))

    def _finish(self, step: Step) -> None:
        """Note what the files hold now; one more step of the author before is a part of that one."""
        step.contents = self._tree.changed()
        last = self._steps[-1] if self._steps else None
        if last and last.author == step.author:
            last.done += step.done
            last.contents = step.contents
        else:
            self._steps.append(step)

    def _skip(self, decision: StaffDecision, reason: str) -> None:
        shown = decision.question or f"{decision.word} → {decision.means}"
        self._skipped[decision.source] = Skipped(decision.source, shown, reason)
        self._records[decision.source] = Record(decision.source, decision.version, (), reason)

    def _check(self) -> None:
        """The files have to read back as they were meant. Raises `SourcesUnusable`."""
        meant = self._examples.texts()
        found = texts_of(read_blocks(self._tree, self._commitments))
        for place in meant.keys() | found.keys():
            if meant.get(place) != found.get(place):
                what = f"改过的 {place[1]} 读回来不一样"
                raise SourcesUnusable(
                    self._tree.root / place[0], 0, what, "没有写入任何文件；请开发者看一看这一段的写法"
                )
        self._words.dialect()

    def _plain_of(self) -> Callable[[str], str]:
        """What a text is once regional words are read: with the words that this export teaches."""
        words = Words(SourceTree(self._tree.root))
        held, _ = holding([d for d in self._decisions if d.kind == kinds.WORD], self._subject, {})
        sources = {decision.source for decision in held}
        for record in self._before.values():
            for change in record.changes if record.source not in sources else ():
                if change.file == DIALECT_FILE:
                    words.undo(change)
        for decision in held:
            words.put(decision.word, decision.means)
        dialect = words.dialect()
        return lambda text: plain_text(text, dialect)

    def _words_of(self, text: str) -> str:
        return same_words(self._plain(text))

    def _subject(self, decision: StaffDecision) -> str:
        """Decisions on the same subject may contradict each other."""
        return f"word {decision.word}" if decision.kind == kinds.WORD else self._words_of(decision.question)

    @cached_property
    def _finder(self) -> Finder:
        try:
            return self._open_finder()
        except KnowledgeError as error:
            raise NotPlaced(f"不知道它属于哪个主题和方面：{error} / topic and aspect unknown") from error

    def _place_if_silent(self, question: str) -> tuple[str, str]:
        topic, aspect = self._finder.place_if_silent(question)
        if not aspect:
            raise NotPlaced("不知道它问的是哪方面，请在纠正时选一个 / choose what it asks for when you correct it")
        return topic, aspect


def _is_field(source: str) -> bool:
    """Whether a record is of a title, an audience or a line in plain words: those are set anew, not undone."""
    return source.endswith((":title", ":audience")) or source.startswith("plain:")


def _commitments(root: Path) -> dict[str, Commitment]:
    sources = Sources().within(root)
    try:
        commitments = parse(sources).commitments
    except KnowledgeError as error:
        raise SourcesUnusable(root, 0, str(error), "改好再导出，没有写入任何文件") from error
    return {commitment.id: commitment for commitment in commitments}


def _by_author(decisions: Sequence[StaffDecision]) -> list[tuple[str, list[StaffDecision]]]:
    found: dict[str, list[StaffDecision]] = {}
    for decision in decisions:
        found.setdefault(decision.author, []).append(decision)
    return list(found.items())
