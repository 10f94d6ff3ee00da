"""Releases and gate reports in lines for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from knowledge.groundwork.formats import READ
from releases.release import Release
from releases.rollout import Rollout
from review.releases.gate import GateReport, report_of
from review.shown import moment

STATES = {"serving": "在用 serving", "trial": "试用 trial", "earlier": "用过 earlier", "": "候选 candidate"}


def state_of(release: Release, rollout: Rollout | None) -> str:
    """`serving`, `trial`, `earlier` (it served before), or "" for one that never did."""
    if rollout is None:
        return ""
    if release.id == rollout.serving:
        return "serving"
    if release.id == rollout.candidate:
        return "trial"
    return "earlier" if release.id in rollout.previous else ""


def gate_state(release: Release, rollout: Rollout | None) -> str:
    """`passed`, `failed`, `stale` (passed or failed against another release), `none`; "" for what serves.

    `unreadable`: its formats are not those of this code, so that it can serve nobody.
    """
    report = report_of(release)
    if rollout is not None and release.id == rollout.serving:
        return ""
    if not release.is_readable(READ):
        return "unreadable"
    if report is None:
        return "none"
    if rollout is not None and report.serving != rollout.serving:
        return "stale"
    return "passed" if report.passed else "failed"


def as_data(releases: Sequence[Release], rollout: Rollout | None) -> dict[str, Any]:
    """For `--json`."""
    return {
        "serving": rollout.serving if rollout else "",
        "candidate": rollout.candidate if rollout else "",
        "share": rollout.share if rollout else 0,
        "releases": [
            {
                "id": release.id,
                "state": state_of(release, rollout),
                "gate": gate_state(release, rollout),
                "made_at": release.made_at.isoformat(),
                "made_by": release.made_by,
                "knowledge": release.knowledge_version,
                "model": release.model_version,
                "note": release.note,
                "plan": release.plan,
            }
            for release in releases
        ],
    }


def release_lines(releases: Sequence[Release], rollout: Rollout | None) -> Iterator[str]:
    """One line a release, newest first."""
    gates = {
        "passed": "✓ 通过 passed",
        "failed": "✗ 没通过 failed",
        "stale": "要重新评测 stale",
        "unreadable": "格式读不了 unreadable",
        "none": "没评测 –",
        "": "",
    }
    for release in releases:
        state = STATES[state_of(release, rollout)]
        if rollout is not None and release.id == rollout.candidate:
            state += f" {rollout.share}%"
        told = (release.id, state, gates[gate_state(release, rollout)], moment(release.made_at), release.made_by)
        yield "\t".join([*told, release.note]).rstrip()


def report_lines(report: GateReport, question_of: Callable[[str], str]) -> Iterator[str]:
    """The whole report. `question_of`: a turn's question in the log, "" where it was erased."""
    data = report.data
    yield f"{report.candidate or data.get('title', '')} ↔ {report.serving}（在用 serving） {moment(report.made_at)}"
    if report.of_plan:
        yield from _of_plan(report)
        return
    yield f"{'':<14}{'n':>5}{'serving':>9}{'candidate':>11}  change [95 %]           lost won"
    for row in data["topics"]:
        moved = f"{row['change']:+.1%} [{row['low']:+.1%}, {row['high']:+.1%}]"
        shares = f"{row['serving']:>9.1%}{row['candidate']:>11.1%}"
        mark = "  ✗ 跌了 fell" if row["fell"] else ""
        yield f"{row['topic']:<14}{row['n']:>5}{shares}  {moved:<25}{row['lost']:>3}{row['won']:>4}{mark}"
    hostile, asked = data["hostile"], data["asked"]
    broken = [case for case in data["corrections"] if case["blocks"]]
    yield f"恶意输入 hostile: {hostile['candidate']}/{hostile['n']}（在用 serving {hostile['serving']}）"
    for name, figure in data["outside"].items():
        moved = f"{figure['change']:+.3f} [{figure['low']:+.3f}, {figure['high']:+.3f}]"
        mark = "  ✗ 差了 worse" if figure["fell"] else ""
        yield f"目录之外 outside {name}: {figure['candidate']:.3f}（在用 serving {figure['serving']:.3f}） {moved}{mark}"
    yield (
        f"批准的纠正 corrections: {asked['corrections']}，失效 broken {len(broken)}，"
        f"还没学到 not taught yet {len(data['corrections']) - len(broken)}，不测 set aside {len(data['set_aside'])}"
    )
    for case in data["failures"]:
        question = case["question"] or question_of(case["id"])
        yield f"  {'✗' if case['blocks'] else '·'} [{case['set']} {case['id']}] {question}{_sides(case)}"
    yield f"上周的真实问题 last week: {asked['real']}，答复不同 different {len(data['differences'])}"
    for case in data["differences"]:
        yield f"  · {question_of(case['id']) or '（已删除 erased）'} ×{case['asked']}{_sides(case)}"
    yield "✓ 通过 passed" if report.passed else f"✗ 没通过 failed: {', '.join(data['blocked_by'])}"


def _of_plan(report: GateReport) -> Iterator[str]:
    """Of an adopted plan: floors, groups, each question that was not answered rightly at once."""
    for row in report.data["floors"]:
        value, bound = (f"{row[name]:.1%}" if row["is_share"] else f"{row[name]:.0f}" for name in ("value", "bound"))
        yield f"{'✓' if row['holds'] else '✗'} {row['name']}: {value}（{'≤' if row['is_ceiling'] else '≥'} {bound}）"
    for row in report.data["groups"]:
        moved = f"{row['change']:+.3f} [{row['low']:+.3f}, {row['high']:+.3f}]"
        counts = f"{row['candidate']:.0f}/{row['n']}（在用 serving {row['serving']:.0f}）"
        yield f"{'✗' if row['fell'] else '✓'} {row['group']}: {counts} {moved}"
    yield from (f"  · [{each['came']}] {each['question']}: {each['headline']}" for each in report.misses)
    yield "✓ 通过 passed" if report.passed else f"✗ 没通过 failed: {', '.join(report.data['blocked_by'])}"


def _sides(case: Mapping[str, Any]) -> str:
    return "".join(
        f"\n      {name}: {side['outcome']} {side['headline']} {side['commitment_id']}".rstrip()
        for name, side in (("在用 serving  ", case["serving"]), ("候选 candidate", case["candidate"]))
        if side
    )
