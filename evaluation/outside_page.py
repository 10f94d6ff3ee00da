"""`python -m evaluation.outside_page`: the page *outside* of the report, `outside.html` and `outside.json`.

Words that nobody wrote beside the catalogue: hotline messages, whole dialogues, everyday talk, what people wrote to a travel
assistant (where that file stands beside the checkout), and frozen questions with slips. Asked in this process, without Rasa.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from evaluation.in_process import InProcess, told_why
from evaluation.outside_report import OutsidePage, render_outside
from evaluation.outside_sets import BESIDE_THE_CHECKOUT, OutsideSet, outside_sets
from knowledge.groundwork.errors import KnowledgeError

FOLDER = Path("var/evaluation")


def main(arguments: list[str] | None = None) -> int:
    """Write the page. Exit code 1 if the knowledge is not built or a file cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m evaluation.outside_page", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument(
        "--messages",
        type=Path,
        action="append",
        help="与我们无关的话，一行一条；不写就用代码旁边的 / messages of others, one a line; default: those beside the checkout",
    )
    parser.add_argument("--output", type=Path, default=FOLDER, help="报告的文件夹 / folder of the report")
    options = parser.parse_args(arguments)
    files, left_out = files_beside(options.messages)
    try:
        sets = outside_sets(InProcess.opened(), files)
        page = asked(sets, left_out)
        write_page(page, options.output)
    except (OSError, KnowledgeError) as error:
        return told_why(error)
    print("\n".join(told(page)))
    print(f"→ {options.output}/outside.html（{page.seconds:.0f} 秒 s，CPU {page.cpu_seconds:.0f} 秒 s）")
    return 0


def files_beside(given: Sequence[Path] | None, beside: Path = BESIDE_THE_CHECKOUT) -> tuple[list[Path], list[str]]:
    """The files to ask of those `given`, or the one beside the checkout; and what is left out, said."""
    if given:
        return list(given), []
    if beside.exists():
        return [beside], []
    where = "/".join(beside.parts[-3:])
    return [], [
        f"../{where} 不在代码旁边 is not beside the checkout: 旅行助手的消息 the messages to a travel assistant"
    ]


def asked(sets: Sequence[OutsideSet], left_out: Sequence[str]) -> OutsidePage:
    """Every message of every set, one after another."""
    begin, cpu = time.monotonic(), time.process_time()
    messages = [each for one in sets for each in tqdm(one.asked(), desc=one.name, unit="条")]
    about = {one.name: one.about for one in sets}
    return OutsidePage(time.monotonic() - begin, time.process_time() - cpu, about, messages, left_out)


def write_page(page: OutsidePage, folder: Path) -> None:
    """Both files."""
    folder.mkdir(parents=True, exist_ok=True)
    data = json.dumps(page.data, ensure_ascii=False, indent=2)
    (folder / "outside.json").write_text(data, encoding="utf-8")
    (folder / "outside.html").write_text(render_outside(page), encoding="utf-8")


def told(page: OutsidePage) -> list[str]:
    """The main figures in lines for a terminal, the harm first."""
    data = page.data
    lines = [f"{'':<14}{'n':>5}{'wrong':>8}{'truth':>8}{'right':>8}{'offered':>9}{'refused':>9}{'missed':>8}"]
    for name, each in data["sets"].items():
        wrong, *others = (each["came"][which] for which in ("wrong", "right", "offered", "refused", "missed"))
        right, offered, refused, missed = others
        truth = each["truthfulness"]
        lines.append(
            f"{name:<14}{each['n']:>5}{wrong:>8.1%}{truth:>8.3f}{right:>8.1%}{offered:>9.1%}{refused:>9.1%}{missed:>8.1%}"
        )
    error = data["calibration"]["expected_calibration_error"]
    lines.append(f"校准误差 calibration error {error:.3f}（n={data['calibration']['n']}）")
    lines.append(f"风险—覆盖曲线下的面积 area under risk and coverage {data['risk_coverage']['area']:.3f}")
    return lines + [f"没有测 left out: {each}" for each in page.left_out]


if __name__ == "__main__":
    sys.exit(main())
