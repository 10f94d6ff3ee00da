"""`python -m training`: what `make train` and the console's job run, in the project's folder.

Exit codes: 0 trained or nothing to do, 1 failed, 3 another training runs, 130 ended by somebody. Whatever happens,
what serves goes on serving, and what was built before stays until its successor is whole.
"""

from __future__ import annotations

import argparse
import sys

from knowledge.groundwork.errors import KnowledgeError
from releases.errors import ReleaseError
from settings.programs import OMP_NUM_THREADS
from training import telling
from training.children import ending_on_signals
from training.errors import Ended, StageFailed, TrainingRuns
from training.lock import taken
from training.stages import adopted_plan_in_use, keep_release, make_knowledge, make_model
from wire.secret_files import own_files_only

FAILED, ANOTHER_RUNS, ENDED = 1, 3, 130


def main(arguments: list[str] | None = None) -> int:
    """Train; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training", description="输入变了才训练，留成一个版本 / train what changed, keep it as a release"
    )
    parser.add_argument("--by", default="命令行 command line", help="谁要训练 / who wants it")
    parser.add_argument("--note", default="", help="给这个版本的备注 / a note on the release")
    parser.add_argument("--wait", action="store_true", help="有训练在进行就等它结束 / wait for one that runs")
    parser.add_argument(
        "--keep-fits",
        action="store_true",
        help="问句只变了几条时沿用上次整次拟合的 / where a few questions have changed, take over what was fitted",
    )
    chosen = parser.parse_args(arguments)
    own_files_only()
    OMP_NUM_THREADS.fill_in()  # more threads spin against each other on busy cores
    try:
        with ending_on_signals(), taken(chosen.by, wait=chosen.wait):
            telling.begin_log()
            telling.say("[1/3] 知识库 knowledge；之后 then 模型 model、留版本 keep")
            adopted = adopted_plan_in_use()
            version = make_knowledge(adopted, keep_fits=chosen.keep_fits)
            telling.say("[2/3] 模型 model；之后 then 留版本 keep")
            make_model(version)
            telling.say("[3/3] 留版本 keep")
            keep_release(version, chosen.by, chosen.note, adopted)
    except Ended:
        return _tell(
            ENDED, "训练已中止，在服务的和上次建好的都没有动 / ended; what serves and what was built is as it was"
        )
    except TrainingRuns as error:
        return _tell(ANOTHER_RUNS, str(error))
    except (StageFailed, KnowledgeError, ReleaseError) as error:
        return _tell(FAILED, f"训练没有成功，在服务的没有动 / training failed, what serves is as it was：{error}")
    telling.say("训练完成 done")
    return 0


def _tell(code: int, text: str) -> int:
    print(text, file=sys.stderr, flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
