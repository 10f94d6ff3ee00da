"""`python -m evaluation.kept_fits`: what answers lose where a build takes over the fits of the one before (decisions/0062).

As many sample questions as a build may take over are taken away and everything is fitted without them; then they come
back, and are built once with those fits and once with fits of their own. Both are asked all messages. Ten minutes.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from evaluation.hotline import HOTLINE, asked, load_messages
from evaluation.in_process import InProcess, told_why
from evaluation.outside import scored_of
from evaluation.questions import DEV
from evaluation.scoring import summary
from evaluation.truthfulness import truthfulness
from knowledge.building.build import build
from knowledge.building.kept_fits import FEW
from knowledge.building.parsed import parse, training_questions
from knowledge.building.sources import Sources
from knowledge.groundwork.errors import KnowledgeError
from knowledge.groundwork.settings import ROOT, KnowledgePaths, built_paths

MESSAGES = (HOTLINE, *(HOTLINE.with_name(f"{name}.yml") for name in ("hotline_second", "hotline_third", "residents")))
FIGURES = ("answered_right_first", "answerable_but_refused", "refused_rightly")
SPARED = 6  # questions of a commitment: of those with more the last may go
COPIED = (("knowledge", "sources"), ("data",))


def without_some(folder: Path) -> Sources:
    """The sources, copied into `folder` without the sample questions that are taken away."""
    for parts in COPIED:
        shutil.copytree(ROOT.parent.joinpath(*parts), folder.joinpath(*parts))
    sources = Sources().within(folder)
    parsed = parse(sources)
    few = int(FEW * len(training_questions(sources, parsed).texts))
    last = [commitment.questions[-1] for commitment in parsed.commitments if len(commitment.questions) > SPARED]
    gone = {line for text in last[:: len(last) // few + 1] for line in (f"- {text}", f'- "{text}"')}
    for path in (*sources.catalogue.glob("*.yml"), sources.linked):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if line.strip() not in gone), encoding="utf-8")
    return sources


def figures_of(paths: KnowledgePaths) -> str:
    """How well a build answers, in one line."""
    bot = InProcess.opened(paths)
    verdicts = [verdict for path in MESSAGES for _, verdict in asked(bot, load_messages(path))]
    found = summary(scored_of(bot, DEV))
    dev = "，".join(f"{name} {found[name]['share']:.2%}" for name in FIGURES)
    return f"{len(verdicts)} 条消息的可信度 truthfulness {truthfulness(verdicts):.4f}；dev {dev}"


def timed(sources: Sources, paths: KnowledgePaths, *, keep_fits: bool) -> str:
    """Build, and say how long it took."""
    wall, processor = time.monotonic(), time.process_time()
    build(sources, paths, keep_fits=keep_fits, quiet=True)
    return f"{time.monotonic() - wall:.0f} s，本进程 CPU of this process {time.process_time() - processor:.0f} s"


def main(arguments: list[str] | None = None) -> int:
    """Exit code 1 if something cannot be built or read."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.kept_fits", description=(__doc__ or "").split("\n")[0])
    parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="ask-qingpu-kept-fits-") as name:
            folder = Path(name)
            taking_over, anew = (KnowledgePaths.of(folder / each / "built") for each in ("taking-over", "anew"))
            for paths in (taking_over, anew):
                paths.folder.mkdir(parents=True)
                shutil.copy(built_paths().vectors, paths.vectors)
            print(f"少了那些例问 without them: {timed(without_some(folder), taking_over, keep_fits=False)}", flush=True)
            print(f"沿用拟合 fits taken over: {timed(Sources(), taking_over, keep_fits=True)}", flush=True)
            print(f"重新拟合 fitted anew: {timed(Sources(), anew, keep_fits=False)}", flush=True)
            print(f"沿用拟合 fits taken over: {figures_of(taking_over)}", flush=True)
            print(f"重新拟合 fitted anew: {figures_of(anew)}", flush=True)
    except (OSError, KnowledgeError) as error:
        return told_why(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())
