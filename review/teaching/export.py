"""Export: approved corrections become training examples in the repository's files, and git shows who changed what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.groundwork.collector import collector_paused
from knowledge.groundwork.curated_yaml import composed_once
from knowledge.search.finder import Finder
from review.accounts.audit import Actor, write_audit
from review.database.people import AccountRow
from review.teaching.decisions import decisions_of, field_edits, plain_edits
from review.teaching.git import Commit, GitFailed, Repository
from review.teaching.placing import ADDED, REMOVED
from review.teaching.planning import CONSOLE, Done, ExportPlan, Skipped, Step, plan_export
from review.teaching.records import changed_records, read_records, write_records, writing
from review.teaching.source_files import only_one

EXPORT_NAME = "导出 export"
EXPORT = Actor(None, EXPORT_NAME)
NAMED = 20  # corrections that a commit's message lists; the diff shows all


@dataclass(frozen=True)
class Exported:
    """What was done (or, in a dry run, would be). `note` says why nothing was committed, "" if it was."""

    done: Sequence[Done]
    skipped: Sequence[Skipped]
    files: Sequence[str]
    commits: Sequence[str] = ()
    note: str = ""

    @property
    def added(self) -> int:
        """Lines added."""
        return sum(each.change.done == ADDED for each in self.done)

    @property
    def removed(self) -> int:
        """Lines removed."""
        return sum(each.change.done == REMOVED for each in self.done)


def export_corrections(
    session: Session,
    root: Path,
    *,
    dry_run: bool = False,
    commit: bool = True,
    actor: Actor = EXPORT,
    open_finder: Callable[[], Finder] = Finder.open,
) -> Exported:
    """Bring the files below `root` to what staff decided; a second export changes no byte.

    `session` may be one that only reads (then what was exported is remembered in a short transaction of its own) or one
    that writes. The finder is opened only where a question's topic and aspect must be guessed.
    Raises `SourcesUnusable`, `SourcesChanged`: then nothing is written.
    """
    root = root.resolve()
    with only_one(root):
        with composed_once(), collector_paused():
            plan = plan_export(session, root, open_finder)
        contents = plan.tree.changed()
        done = [each for step in plan.steps for each in step.done]
        if dry_run:
            return Exported(done, plan.skipped, tuple(contents))
        people = {row.name: row.full_name or row.name for row in session.scalars(select(AccountRow))}
        repository = Repository(root)
        note = _OFF if not commit else repository.why_not(list(contents)) if contents else ""
        _write(session, plan, contents, actor, Exported(done, plan.skipped, tuple(contents)))
        commits: Sequence[str] = ()
        if contents and not note:
            try:
                commits = repository.commit(_commits(plan, people))
            except GitFailed as error:
                note = str(error)
        return Exported(done, plan.skipped, tuple(contents), commits, note if contents else "")


def has_something_new(session: Session) -> bool:
    """Whether an export would find decisions that none has seen: approved, edited or withdrawn since. Reads no file."""
    records = read_records(session)
    decisions = decisions_of(session)
    versions = {each.source: each.version for each in decisions}
    versions |= {each.source: each.version for each in plain_edits(session)}
    versions |= {each.source: 1 for each in field_edits(session)}
    if any(source not in records or records[source].version != version for source, version in versions.items()):
        return True
    return any(record.changes and source not in versions for source, record in records.items())


_OFF = "没有提交（REVIEW_GIT_COMMIT=0） / not committed (REVIEW_GIT_COMMIT=0)"


def _write(session: Session, plan: ExportPlan, contents: Mapping[str, bytes], actor: Actor, exported: Exported) -> None:
    records = changed_records(plan.before, plan.records)
    if not (records or plan.gone or contents):
        return
    with writing(session) as own:
        write_records(own, records, plan.gone)
        if contents:
            counts = {"added": exported.added, "removed": exported.removed, "files": list(exported.files)}
            write_audit(own, actor, "corrections.export", "sources", None, counts)
        own.flush()
        plan.tree.write(contents)  # last: if it fails, nothing is remembered either


def _commits(plan: ExportPlan, people: Mapping[str, str]) -> list[Commit]:
    """A commit for each step: the files as they are after it, where they differ from before it."""
    found, last = [], dict[str, bytes]()
    for step in plan.steps:
        contents = {name: content for name, content in step.contents.items() if last.get(name) != content}
        contents |= {name: plan.tree.file(name).original or b"" for name in last.keys() - step.contents.keys()}
        email = "console" if step.author == CONSOLE else step.author
        name = people.get(step.author, step.author)
        found.append(Commit(name, f"{email}@review.invalid", step.at, _message(step), contents))
        last = dict(step.contents)
    return found


def _message(step: Step) -> str:
    sources = list(dict.fromkeys(each.source for each in step.done))
    listed = [f"- {source}" for source in sources[:NAMED]]
    if len(sources) > NAMED:
        listed.append(f"- … {len(sources) - NAMED} more")
    added = sum(each.change.done == ADDED for each in step.done)
    removed = sum(each.change.done == REMOVED for each in step.done)
    changed = len(step.done) - added - removed
    counts = f"{added} added, {removed} removed" + (f", {changed} changed" if changed else "")
    return "\n".join([f"Taught by {len(sources)} decisions in the review console: {counts}", "", *listed, ""])
