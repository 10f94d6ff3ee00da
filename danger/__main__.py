"""`python -m danger`: fit the classifier, measure how well danger is noticed, or see what is noticed in one message."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tqdm import tqdm

from danger.errors import DangerError
from danger.messages import FINAL, FITTING, HELD_BACK, SECOND_FINAL, everyday_questions, everyday_talk, load_messages
from danger.replies import Replies
from knowledge.groundwork.errors import KnowledgeError

JUDGING = {"held_back": HELD_BACK, "final": FINAL, "second_final": SECOND_FINAL}
SETS = {**JUDGING, "fitting": FITTING}
REPORT, TOTALS = Path("var/danger/report.json"), Path("var/danger/totals.json")
LINES_EVERY = 500  # messages between two lines where the output is no terminal


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code: 0 good, 1 a file is faulty, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (DangerError, KnowledgeError) as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m danger", description="危险求助的识别 / noticing danger")
    commands = parser.add_subparsers(required=True, metavar="命令")
    check = commands.add_parser("check", help="看一句话被怎么看待 / what is noticed in a message, and why")
    check.add_argument("text", help="一句话；- 从标准输入读 / a message, - for standard input")
    check.set_defaults(run=_check)
    fit = commands.add_parser("fit", help="重新拟合分类器 / fit the classifier anew")
    fit.set_defaults(run=_fit)
    evaluate = commands.add_parser("evaluate", help="测量 / measure")
    evaluate.add_argument("--set", choices=tuple(SETS), default="held_back", help="用哪组消息 / which messages")
    _add_calm(evaluate)
    evaluate.add_argument(
        "--quick", action="store_true", help="不看项目自己的问题 / leave out the project's own questions"
    )
    evaluate.add_argument("--output", type=Path, default=REPORT)
    evaluate.set_defaults(run=_evaluate)
    judge = commands.add_parser("judge", help="所有评判用的消息，只看总数 / all sets that judge, their totals alone")
    _add_calm(judge)
    judge.add_argument("--output", type=Path, default=TOTALS)
    judge.set_defaults(run=_judge)
    return parser


def _add_calm(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--calm", type=Path, action="append", default=[], help="每行一句、都不危险的文件 / lines that tell of none"
    )


def _check(options: argparse.Namespace) -> int:
    from danger.watch import Level, shared_watch

    text = sys.stdin.read() if options.text == "-" else options.text
    found = shared_watch().assess(text)
    print(f"{found.level.name}  {'、'.join(found.kinds) or '-'}  {found.script}  {found.reason}")
    if found.level is Level.ACUTE:
        print(Replies().acute(found.kinds, found.script).text)
    elif found.level is Level.QUIET:
        print(Replies().quiet_line(found.kinds, found.script))
    return 0


def _fit(_options: argparse.Namespace) -> int:
    from danger.classifier import FILE
    from danger.fitting import EVERYDAY, fit, training_set_of
    from danger.rules import shipped_rules
    from danger.settling import shares_at

    labelled = load_messages(FITTING)
    with _progress("句向量 vectors", len(labelled) + sum(map(len, everyday_talk().values())) + EVERYDAY) as progress:
        examples = training_set_of(labelled, shipped_rules(), progress)
    print("拟合，约十分钟 / fitting, about ten minutes …", flush=True)
    classifier, unread = fit(examples)
    classifier.save(FILE)
    for name, (acute, quiet) in shares_at(unread, classifier.thresholds).items():
        print(f"  {name:24}{acute:7.2%}{quiet:8.2%}")
    thresholds = {name: round(value, 3) for name, value in classifier.thresholds.items()}
    print(f"{FILE.name}: {FILE.stat().st_size / 1e6:.1f} MB, {thresholds}")
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from danger.measuring import Quality, assess_all, by_kind, false_alarms, quality_of, ways_of
    from danger.plots import draw_curves
    from danger.watch import Assessment, shared_watch

    messages = load_messages(SETS[options.set])
    report: dict[str, Any] = {"set": options.set, "messages": len(messages), "ways": {}, "calm": {}}
    watch = shared_watch()
    ways: dict[str, list[Assessment]] = {}
    qualities: dict[str, Quality] = {}
    for name, assess in ways_of(watch).items():
        with _progress(name, len(messages)) as progress:
            ways[name] = found = assess_all(messages, assess, progress)
        qualities[name] = quality = quality_of(messages, found)
        report["ways"][name] = asdict(quality)
        print(f"\n{name}")
        for field in ("acute", "numbered", "precision", "alarmed", "lined", "doubtful_numbered"):
            print(f"  {field:18}{getattr(quality, field)}")
    report["kinds"] = {kind: asdict(share) for kind, share in by_kind(messages, found).items()}
    for kind, share in by_kind(messages, found).items():
        print(f"  {kind:18}{share}")
    sets = _calm_sets(options.calm) | ({} if options.quick else {"everyday": everyday_questions()})
    for name, texts in sets.items():
        with _progress(name, len(texts)) as progress:
            report["calm"][name] = found_calm = false_alarms(texts, watch.assess, progress)
        print(f"{name}: {_told(found_calm)}")
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    draw_curves(messages, ways, qualities, options.output.with_suffix(".svg"))
    print(f"→ {options.output}, {options.output.with_suffix('.svg')}")
    return 0


def _judge(options: argparse.Namespace) -> int:
    from danger.measuring import assess_all, false_alarms, quality_of
    from danger.watch import shared_watch

    watch = shared_watch()
    totals: dict[str, Any] = {}
    for name, folder in JUDGING.items():
        messages = load_messages(folder)
        with _progress(name, len(messages)) as progress:
            quality = quality_of(messages, assess_all(messages, watch.assess, progress))
        totals[name] = asdict(quality)
        print(f"{name}:", *(f"\n  {field:18}{getattr(quality, field)}" for field in totals[name]))
    for name, texts in _calm_sets(options.calm).items():
        with _progress(name, len(texts)) as progress:
            found = false_alarms(texts, watch.assess, progress)
        totals[name] = {share: found[share] for share in ("replies", "numbers")}
        print(f"{name}: {_told(found)}")
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(totals, indent=1), encoding="utf-8")
    print(f"→ {options.output}")
    return 0


def _calm_sets(paths: Sequence[Path]) -> dict[str, list[str]]:
    """What must raise no alarm: the project's frozen and tuning questions, and the lines of files."""
    from evaluation.questions import DEV, FROZEN, load_questions

    own = {"frozen": FROZEN, "dev": DEV}
    sets = {name: [each.question for each in load_questions(path)] for name, path in own.items()}
    sets |= {path.name: path.read_text(encoding="utf-8").split("\n") for path in paths}
    return {name: [text.strip() for text in texts if text.strip()] for name, texts in sets.items()}


def _told(found: Mapping[str, Any]) -> str:
    replies, numbers = found["replies"], found["numbers"]
    return (
        f"{replies['found']} replies, {numbers['found']} with any number, of {numbers['of']} ({numbers['share']:.2%})"
    )


@contextmanager
def _progress(name: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar in a terminal, now and then a line elsewhere."""
    with tqdm(
        total=total, desc=name, unit="条", miniters=LINES_EVERY if not sys.stderr.isatty() else None, mininterval=2
    ) as bar:
        yield lambda done: bar.update(done) and None


if __name__ == "__main__":
    sys.exit(main())
