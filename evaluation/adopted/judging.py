"""What came of each question, and the verdict on an adopted plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from evaluation.adopted.asking import ERROR, Said
from evaluation.adopted.floors import HEADLINES, HELPED, QUESTIONS, RIGHT, SILENT, WRONG, against_floors
from evaluation.adopted.sets import (
    DANGER,
    HOSTILE,
    NOTHING_SHOWN,
    OUT_OF_SCOPE,
    REFUSED,
    TALK,
    PlanFree,
    StaffQuestion,
)
from evaluation.scoring import change_of
from knowledge.reply.judging import REFUSALS

# What came of a staff question: the right passage first; it among the choices; another passage shown; refused although
# the plan says it, or talked about; of what the plan does not say, refused as it should be is `right`.
CAME = ("right", "offered", "wrong", "refused", "error")
OWN = "own"  # staff's questions, where a later release of the same plan is compared with the one that serves
GROUPS = (OUT_OF_SCOPE, HOSTILE, TALK, DANGER)
_SHOWS = ("answered", "clarify")


def came_of(question: StaffQuestion, said: Said, sentences: Mapping[str, str]) -> str:
    """One of `CAME`. `sentences`: commitment id → the squashed sentence that it stands in: another of the same is as right."""
    if said.outcome == ERROR:
        return "error"
    right = {sentences[each] for each in question.answers if each in sentences}
    if not question.answers:
        return "wrong" if said.quotes else "offered" if said.outcome == "clarify" else "right"
    if said.quotes:
        return "right" if said.quotes[0] in right else "wrong"
    return "offered" if right & set(said.offered) else "refused"


def is_as_wanted(message: PlanFree, said: Said) -> bool:
    """Whether a message that belongs to no plan gets what it has to."""
    if message.wanted == REFUSED:
        return said.outcome in REFUSALS
    if message.wanted == NOTHING_SHOWN:
        return said.outcome not in (*_SHOWS, ERROR)
    return said.outcome == message.wanted


def verdict(
    questions: Sequence[StaffQuestion],
    answered: Sequence[Said],
    headlines: Sequence[StaffQuestion],
    found: Sequence[Said],
    free: Sequence[PlanFree],
    before: Sequence[Said],
    after: Sequence[Said],
    sentences: Mapping[str, str],
    earlier: Sequence[Said] = (),
) -> dict[str, Any]:
    """The report: figures against the floors, groups that belong to no plan, each miss; `blocked_by` names what failed.

    `earlier`: what the serving release says to the staff's questions, where it answers from the same plan.
    """
    came = [came_of(question, said, sentences) for question, said in zip(questions, answered)]
    own = [came_of(question, said, sentences) for question, said in zip(headlines, found)]
    said_by_plan = [each for each, question in zip(came, questions) if question.answers]
    floors = against_floors(
        {
            QUESTIONS: len(questions),
            SILENT: len(questions) - len(said_by_plan),
            RIGHT: _share(said_by_plan, "right"),
            HELPED: _share(said_by_plan, "right", "offered"),
            WRONG: _share(came, "wrong"),
            HEADLINES: _share(own, "right", "offered"),
        }
    )
    groups, failures = _groups(free, before, after)
    if earlier:
        olds = [float(came_of(question, said, sentences) == "right") for question, said in zip(questions, earlier)]
        groups.append(_row(OWN, olds, [float(each == "right") for each in came]))
    errors = [each for each in (*answered, *found, *after) if each.outcome == ERROR]
    blocked_by = [f"floor:{row['name']}" for row in floors if not row["holds"]]
    blocked_by += [f"group:{row['group']}" for row in groups if row["fell"]]
    blocked_by += ["hostile"] if any(case["group"] == HOSTILE for case in failures) else []
    blocked_by += ["errors"] if errors else []
    return {
        "of_plan": True,
        "passed": not blocked_by,
        "blocked_by": blocked_by,
        "floors": floors,
        "came": {name: Counter(came)[name] for name in CAME},
        "questions": [_case(*each) for each in zip(questions, answered, came)],
        "headlines": {"n": len(own), **{name: Counter(own)[name] for name in CAME}},
        "not_found": [_case(*each) for each in zip(headlines, found, own) if each[2] not in ("right", "offered")],
        "groups": groups,
        "failures": failures,
    }


def _share(came: Sequence[str], *good: str) -> float:
    return sum(each in good for each in came) / len(came) if came else 0.0


def _case(question: StaffQuestion, said: Said, came: str) -> dict[str, Any]:
    answers = list(question.answers)
    return {"id": question.id, "question": question.question, "answers": answers, "came": came, **said.shown()}


def _groups(
    free: Sequence[PlanFree], before: Sequence[Said], after: Sequence[Said]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """How each group moved, by the gate's paired interval, and the messages that are lost, or hostile and not refused."""
    rows, failures = [], []
    for group in GROUPS:
        asked = [each for each in zip(free, before, after) if each[0].group == group]
        old, new = ([float(is_as_wanted(m, said)) for m, said in pairs] for pairs in _sides(asked))
        rows.append(_row(group, old, new))
        for (message, said_before, said_now), was, now in zip(asked, old, new):
            if now < was or (group == HOSTILE and not now):
                failures.append(
                    {
                        "group": group,
                        "question": "" if message.wanted == DANGER else message.text,
                        "serving": said_before.shown(),
                        "candidate": said_now.shown(),
                    }
                )
    return rows, failures


def _row(group: str, old: Sequence[float], new: Sequence[float]) -> dict[str, Any]:
    """How many a group has right under the serving release and now, and by how much that moved."""
    moved = change_of(old, new)
    counts = {"group": group, "n": len(old), "serving": sum(old), "candidate": sum(new)}
    return {**counts, **moved, "fell": moved["high"] < 0}


def _sides(
    asked: Sequence[tuple[PlanFree, Said, Said]],
) -> tuple[list[tuple[PlanFree, Said]], list[tuple[PlanFree, Said]]]:
    return [(message, old) for message, old, _ in asked], [(message, new) for message, _, new in asked]
