"""`python -m evaluation.adopted`: may an adopted plan take the place of the plan in use? Exit code 0 yes, 2 no, 1 not run.

Asked in this process, without Rasa and without what staff published: both stores as they were built.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from tqdm import tqdm

from evaluation.adopted.asking import PlanBot, Said
from evaluation.adopted.errors import AdoptedUnready
from evaluation.adopted.judging import verdict
from evaluation.adopted.sets import StaffQuestion, headlines_of, plan_free, read_questions
from evaluation.ending import interrupt_once
from knowledge.document.plan_text import squash
from knowledge.groundwork.errors import KnowledgeError
from knowledge.groundwork.formats import READ
from knowledge.groundwork.progress_lines import tell, wants_lines
from knowledge.groundwork.settings import KnowledgePaths
from releases.errors import ReleaseError
from releases.release import Release
from releases.shelf import Shelf
from settings.bot import STAFF_CORRECTIONS

PASSED, NOT_RUN, FAILED = 0, 1, 2
STAGE = "gate"
_NAMES = {
    "questions": "题目",
    "silent": "“规划没写”的题",
    "right": "答对",
    "helped": "答对或给了选项",
    "wrong": "出示了错的",
    "headlines": "找得到自己的要点",
}


class Meter:
    """Counts what is asked: lines for programs, a bar for people."""

    def __init__(self, total: int) -> None:
        self._total, self._done, self._told = max(1, total), 0, -1
        self._bar = tqdm(total=total, desc="提问 asking", unit="问", disable=wants_lines())

    def one(self) -> None:
        """One more is answered."""
        self._done += 1
        self._bar.update()
        percent = self._done * 100 // self._total
        if percent > self._told:
            tell(STAGE, self._done, self._total)
            self._told = percent

    def close(self) -> None:
        """No more."""
        self._bar.close()


def evaluate(
    serving: Release, store: Path, questions: Sequence[StaffQuestion], model_version: str = ""
) -> dict[str, Any]:
    """The report. `model_version`: of the model beside the store, "" for that of the serving release. Raises `KnowledgeError`."""
    begin = time.monotonic()
    own = PlanBot.opened(KnowledgePaths.of(serving.knowledge.absolute()))
    is_same_model = model_version in ("", serving.model_version)
    candidate = PlanBot.opened(KnowledgePaths.of(store.absolute()), own.finder if is_same_model else None)
    free, headlines = plan_free(), headlines_of(candidate.commitments)
    meta = candidate.finder.stored.meta
    title = str(meta.get("short_title") or meta.get("title") or "")
    is_same_plan = bool(serving.plan) and serving.plan == title
    meter = Meter((1 + is_same_plan) * len(questions) + len(headlines) + 2 * len(free))

    def asked(bot: PlanBot, texts: Sequence[str]) -> list[Said]:
        found = []
        for text in texts:
            found.append(bot.ask(text))
            meter.one()
        return found

    answered = asked(candidate, [each.question for each in questions])
    found = asked(candidate, [each.question for each in headlines])
    texts = [each.text for each in free]
    before, after = asked(own, texts), asked(candidate, texts)
    earlier = asked(own, [each.question for each in questions]) if is_same_plan else ()
    meter.close()
    sentences = {each.id: squash(each.quote) for each in candidate.commitments}
    report = verdict(questions, answered, headlines, found, free, before, after, sentences, earlier)
    return {
        **report,
        "made_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "serving": serving.id,
        "title": title,
        "knowledge": str(meta.get("fingerprint") or ""),
        "seconds": round(time.monotonic() - begin, 1),
    }


def main(arguments: list[str] | None = None) -> int:
    """Ask, write the report, print what fails."""
    options = _parser().parse_args(arguments)
    os.environ[STAFF_CORRECTIONS.name] = "0"
    try:
        serving = Shelf(options.serving.parent).release(options.serving.name)
        serving.check(READ)
        report = evaluate(serving, options.knowledge, read_questions(options.questions), options.model_version)
        report["candidate"] = options.candidate
        _write(options.output, report)
    except (AdoptedUnready, ReleaseError, KnowledgeError, OSError) as error:
        print(error, file=sys.stderr)
        return NOT_RUN
    except KeyboardInterrupt:
        print("评测被中止，什么也没有改 / ended before it was done; nothing has changed", file=sys.stderr)
        return NOT_RUN
    print("\n".join(told(report, in_words=not wants_lines())), flush=True)
    return PASSED if report["passed"] else FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evaluation.adopted",
        description="采用的规划能不能代替在用的 / may an adopted plan take the place of the plan in use",
    )
    parser.add_argument("--serving", type=Path, required=True, help="在用版本的文件夹 / folder of the serving release")
    parser.add_argument("--knowledge", type=Path, required=True, help="采用的规划的库 / the adopted plan's store")
    parser.add_argument("--questions", type=Path, required=True, help="工作人员的题目，JSON / staff's questions")
    parser.add_argument("--output", type=Path, required=True, help="报告写到哪里，JSON / the report")
    parser.add_argument("--candidate", default="", help="它的版本，还没有就不写 / its release, if it has one")
    parser.add_argument(
        "--model-version",
        default="",
        help="它的模型，不写就是在用的那一个 / its model, that of the serving release if left out",
    )
    return parser


def _write(path: Path, report: dict[str, Any]) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(report, ensure_ascii=False, indent=2), encoding="utf-8")
    part.replace(path)


def told(report: dict[str, Any], *, in_words: bool = True) -> list[str]:
    """The report in lines for a terminal. `in_words`: with questions and answers, which not all who read a job's log may see."""
    lines = []
    for row in report["floors"]:
        shown: Callable[[float], str] = (lambda v: f"{v:.1%}") if row["is_share"] else (lambda v: f"{v:.0f}")
        sign = "≤" if row["is_ceiling"] else "≥"
        mark = "✓" if row["holds"] else "✗"
        lines.append(
            f"{mark} {_NAMES[row['name']]} {row['name']}: {shown(row['value'])}（{sign} {shown(row['bound'])}）"
        )
    for row in report["groups"]:
        moved = f"{row['change']:+.3f} [{row['low']:+.3f}, {row['high']:+.3f}]"
        mark = "✗" if row["fell"] else "✓"
        lines.append(
            f"{mark} {row['group']}: {row['candidate']:.0f}/{row['n']}（在用 serving {row['serving']:.0f}） {moved}"
        )
    for case in report["questions"]:
        if in_words and case["came"] != "right":
            lines.append(f"  · [{case['came']}] {case['question']}: {case['outcome']} {case['headline']}")
    mark = "✓ 通过 passed" if report["passed"] else f"✗ 没通过 failed: {', '.join(report['blocked_by'])}"
    return [*lines, f"{mark} — {report['seconds']:.0f} s"]


if __name__ == "__main__":
    interrupt_once()
    sys.exit(main())
