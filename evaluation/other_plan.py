"""`python -m evaluation.other_plan`: how well the product does with a plan that nobody curated.

Builds another city's plan, which stands beside the checkout, in a folder of its own, and asks `other_plan.yml`, whose writer
had seen that plan alone. Minutes the first time, seconds where nothing changed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from evaluation.hotline import asked, load_messages, report_of
from evaluation.in_process import InProcess, told_why
from knowledge.building.build import build
from knowledge.building.sources import Sources, is_current
from knowledge.groundwork.errors import KnowledgeError
from knowledge.groundwork.settings import ROOT, KnowledgePaths

PLAN = ROOT.parents[1] / "shared" / "plans" / "livelihood-2012.txt"  # another city's, excerpts: never in the repository
MESSAGES = Path(__file__).with_name("other_plan.yml")
BUILT = Path("var/other-plan")


def main(arguments: list[str] | None = None) -> int:
    """Exit code 1 if the plan or the messages cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.other_plan", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--plan", type=Path, default=PLAN, help="规划全文，旁边有 .yml / the plan, its .yml beside it")
    parser.add_argument("--messages", type=Path, default=MESSAGES, help="消息文件 / the messages")
    parser.add_argument("--built", type=Path, default=BUILT, help="建在哪里 / where it is built")
    parser.add_argument("--list", action="store_true", help="列出没答对的 / list what was not right")
    options = parser.parse_args(arguments)
    paths = KnowledgePaths.of(options.built)
    sources = Sources.uncurated(options.plan)
    try:
        if not is_current(sources, paths):
            build(sources, paths)
        verdicts = asked(InProcess.opened(paths), load_messages(options.messages), listing=options.list)
    except (OSError, KnowledgeError) as error:
        return told_why(error)
    print("\n".join(report_of(verdicts)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
