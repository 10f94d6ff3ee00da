"""`python -m evaluation.gate`: a candidate release against the one that serves. Exit code 0 passed, 2 failed, 1 not run.

Everything is asked of both, each release in a process and with databases of its own that end with it. A release is asked
all of the sets; there is no way to ask less of one that is to be promoted.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from evaluation.ending import interrupt_once
from evaluation.gate.comparing import compare
from evaluation.gate.corrections import read_corrections, regression_of
from evaluation.gate.errors import GateError
from evaluation.gate.judging import RealQuestion, Sets
from evaluation.hotline import load_messages
from evaluation.questions import load_questions
from knowledge.groundwork.errors import KnowledgeError
from knowledge.groundwork.formats import READ
from knowledge.groundwork.settings import KnowledgePaths
from knowledge.language.normalise import Dialect, plain_text
from knowledge.language.question import keys_of, same_words
from releases.errors import ReleaseError
from releases.release import Release
from releases.shelf import Shelf

PASSED, NOT_RUN, FAILED = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Compare, write the report, print what fails."""
    options = _parser().parse_args(arguments)
    try:
        serving, candidate = _release(options.serving), _release(options.candidate)
        sets = _sets(options, candidate)
        report = compare(serving, candidate, sets)
        _write(options.output, report)
    except (GateError, ReleaseError, KnowledgeError, OSError) as error:
        print(error, file=sys.stderr)
        return NOT_RUN
    except KeyboardInterrupt:
        print("评测被中止，什么也没有改 / ended before it was done; nothing has changed", file=sys.stderr)
        return NOT_RUN
    for line in told(report):
        print(line, flush=True)
    return PASSED if report["passed"] else FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evaluation.gate", description="候选版本能不能上线 / may a candidate be promoted"
    )
    parser.add_argument("--serving", type=Path, required=True, help="在用版本的文件夹 / folder of the serving release")
    parser.add_argument("--candidate", type=Path, required=True, help="候选版本的文件夹 / folder of the candidate")
    parser.add_argument("--corrections", type=Path, required=True, help="已批准的纠正，JSON / approved corrections")
    parser.add_argument("--questions", type=Path, required=True, help="上周的真实问题，JSON / last week's questions")
    parser.add_argument("--output", type=Path, required=True, help="报告写到哪里，JSON / the report")
    parser.add_argument(
        "--taught-until",
        type=datetime.fromisoformat,
        help="候选学到哪一刻的纠正，不写就到它做成时 / corrections after this moment it cannot know; default: when it was made",
    )
    return parser


def _release(folder: Path) -> Release:
    release = Shelf(folder.parent).release(folder.name)
    release.check(READ)
    return release


def _sets(options: argparse.Namespace, candidate: Release) -> Sets:
    try:
        dialect = Dialect.load(KnowledgePaths.of(candidate.knowledge).dialect)
    except KnowledgeError as error:
        raise GateError(f"版本 {candidate.id} 的知识库读不出，重新训练：{error}") from error

    def keys(question: str) -> set[str]:
        """As `review.teaching.refusing` tells which questions are not to be taught."""
        return keys_of(question, lambda text: same_words(plain_text(text, dialect)))

    frozen = load_questions()
    corrections = read_corrections(options.corrections)
    return Sets(
        frozen=frozen,
        regression=regression_of(
            corrections, {key: q.id for q in frozen if not q.before for key in keys(q.question)}, keys
        ),
        real=_real(options.questions),
        taught_until=options.taught_until or candidate.made_at,
        outside=load_messages(),
    )


def _real(path: Path) -> list[RealQuestion]:
    try:
        return [RealQuestion(**item) for item in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError) as error:
        raise GateError(
            f"{path}: 真实问题读不出（{error!r}） — 写成 id、question、asked 的 JSON 列表 / a JSON list of questions"
        ) from error


def _write(path: Path, report: dict[str, Any]) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(report, ensure_ascii=False, indent=2), encoding="utf-8")
    part.replace(path)


def told(report: dict[str, Any]) -> list[str]:
    """The report in lines for a terminal."""
    lines = [f"{'topic':<14}{'n':>5}{'serving':>9}{'candidate':>11}  change [95 %]        lost  won"]
    for row in report["topics"]:
        moved = f"{row['change']:+.1%} [{row['low']:+.1%}, {row['high']:+.1%}]"
        mark = "  ✗ 跌了 fell" if row["fell"] else ""
        shares = f"{row['serving']:>9.1%}{row['candidate']:>11.1%}"
        lines.append(f"{row['topic']:<14}{row['n']:>5}{shares}  {moved:<22}{row['lost']:>3}{row['won']:>5}{mark}")
    hostile, asked = report["hostile"], report["asked"]
    lines.append(f"恶意输入 hostile: {hostile['candidate']}/{hostile['n']} (serving {hostile['serving']})")
    lines += [outside_line(name, figure) for name, figure in report["outside"].items()]
    broken = [case for case in report["corrections"] if case["blocks"]]
    waiting = len(report["corrections"]) - len(broken)
    lines.append(
        f"批准的纠正 corrections: {asked['corrections']}, 失效 broken {len(broken)}, 还没学 not yet taught {waiting}"
    )
    lines.append(f"上周的真实问题 last week: {asked['real']}, 答复不同 different {len(report['differences'])}")
    lines += [_case_line(case) for case in report["failures"]]
    lines += [f"  不测 set aside: {each['question']} ({each['why']} {each['by']})" for each in report["set_aside"]]
    mark = "✓ 通过 passed" if report["passed"] else f"✗ 没通过 failed: {', '.join(report['blocked_by'])}"
    lines.append(f"{mark} — {report['seconds']:.0f} s")
    return lines


def outside_line(name: str, figure: dict[str, Any]) -> str:
    """Wrong passages or truthfulness on messages from outside, of both releases."""
    moved = f"{figure['change']:+.3f} [{figure['low']:+.3f}, {figure['high']:+.3f}]"
    mark = f"  ✗ 差了不止 worse by more than {figure['margin']}" if figure["fell"] else ""
    shares = f"{figure['candidate']:.3f} (serving {figure['serving']:.3f})"
    return f"目录之外 outside {name}: {shares}  {moved}{mark}"


def _case_line(case: dict[str, Any]) -> str:
    said = " → ".join(
        f"{which.get('outcome', '')} {which.get('headline', '')}".strip()
        for which in (case["serving"], case["candidate"])
    )
    return f"  {'✗' if case['blocks'] else '·'} [{case['set']} {case['id']}] {case['question']}: {said}"


if __name__ == "__main__":
    interrupt_once()
    sys.exit(main())
