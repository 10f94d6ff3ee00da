"""`python -m bench.scale` (`make bench-scale`): what search costs in plans of 10,000 to 1,000,000 passages.

The search for vectors alone, exact (as the product does it: one product of a matrix and a vector) beside faiss' index of
lists (IVF), of half precision. The passages of the generated plans are vectors between those of the real plan that
are alike, which the encoder made, and around them; the questions are real ones. Writes `results/scale.json` and `results/scale.svg`.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from matplotlib.figure import Figure

from bench.bots import ROOT
from bench.machine import Machine, this_machine
from bench.plot import OURS, STOCK, save_svg
from knowledge.encoder.vectors import load_vectors
from knowledge.groundwork import settings

SIZES = (10_000, 100_000, 1_000_000)
QUESTIONS = 200
WANTED = 10  # passages for a question
AROUND = 0.35  # how far a generated passage lies from the two that it lies between, as a part of their length
ALIKE, AMONG = 20, 2000  # real ones between which it lies: of so many, so many are taken for alike
SAMPLED = 39  # passages for each list of the index, on which its centres are found; faiss warns of fewer
LOOKED_INTO = (4, 8, 16, 32, 64, 128, 256)  # lists: the first number that finds enough is the one to use
ENOUGH = 0.99
LIMIT_MS = 10.0
BLOCK = 50_000
RESULTS = ROOT / "bench" / "results"
Search = Callable[[Any], Any]
faiss.omp_set_num_threads(1)  # as a process that answers residents has it


@dataclass(frozen=True)
class Cost:
    """One way of searching in one plan. `recall` is the part of the exact `WANTED` that it finds."""

    way: str
    passages: int
    p50_ms: float
    p95_ms: float
    memory_mb: float
    recall: float
    built_s: float


def main(arguments: list[str] | None = None) -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="各有几段 / passages")
    parser.add_argument("--output", type=Path, default=RESULTS, help="结果文件夹 / folder for the results")
    options = parser.parse_args(arguments)
    machine, costs = this_machine(), list[Cost]()
    options.output.mkdir(parents=True, exist_ok=True)
    for size in options.sizes:
        for cost in measured(size):
            costs.append(cost)
            print(" ".join(f"{name}={value}" for name, value in asdict(cost).items()), flush=True)
        whole = {"schema": "scale/1", "machine": asdict(machine), "costs": [asdict(each) for each in costs]}
        (options.output / "scale.json").write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
        save_plot(costs, machine, options.output / "scale.svg")
    return 0


def measured(size: int) -> list[Cost]:
    """Exact search and the index, in a plan of so many passages."""
    real = np.stack(list(load_vectors(settings.knowledge_paths().vectors).values()))
    np.random.default_rng(1).shuffle(real)
    return compared(generated(real[QUESTIONS:], size), real[:QUESTIONS])


def compared(passages: Any, questions: Any) -> list[Cost]:
    """The costs of exact search, and of the index at each width up to the first that finds enough."""
    exact = np.stack([best_of(passages, question) for question in questions])
    taken = times_of(lambda question: best_of(passages, question), questions)
    return [
        Cost("exact", len(passages), *taken, passages.nbytes / 1e6, 1.0, 0.0),
        *_indexed(passages, questions, exact),
    ]


def generated(real: Any, size: int) -> Any:
    """Unit vectors, each between a real one and one that is like it, and a little off: passages on what it is on."""
    draw, made, like = np.random.default_rng(2), np.empty((size, real.shape[1]), dtype=np.float32), neighbours(real)
    for begin in range(0, size, BLOCK):
        many = min(BLOCK, size - begin)
        at = draw.integers(len(like), size=many)
        other = like[at, draw.integers(like.shape[1], size=many)]
        part = draw.random((many, 1), dtype=np.float32)
        off = draw.standard_normal((many, real.shape[1]), dtype=np.float32) * (AROUND / np.sqrt(real.shape[1]))
        block = real[at] * part + real[other] * (1 - part) + off
        made[begin : begin + many] = block / np.linalg.norm(block, axis=1, keepdims=True)
    return made


def neighbours(real: Any) -> Any:
    """For each vector the places of `ALIKE` others that are most like it, among `AMONG` that stand beside it."""
    found = []
    for begin in range(0, len(real), AMONG):
        block = real[begin : begin + AMONG]
        likeness = block @ block.T
        found.append(begin + np.argpartition(likeness, -min(ALIKE, len(block)), axis=1)[:, -ALIKE:])
    return np.concatenate([each for each in found if each.shape[1] == ALIKE])


def best_of(passages: Any, question: Any) -> Any:
    """The places of the most alike, by all of them."""
    likeness = passages @ question
    best = np.argpartition(likeness, -WANTED)[-WANTED:]
    return best[np.argsort(-likeness[best])]


def times_of(search: Search, questions: Any) -> tuple[float, float]:
    """Milliseconds of one question at a time: median, and 95 of 100."""
    taken = []
    for question in questions:
        begun = time.perf_counter()
        search(question)
        taken.append((time.perf_counter() - begun) * 1000)
    p50_ms, p95_ms = np.percentile(taken, [50, 95])
    return float(p50_ms), float(p95_ms)


def _indexed(passages: Any, questions: Any, exact: Any) -> list[Cost]:
    """With more and more lists looked into."""
    begun, lists = time.perf_counter(), round(len(passages) ** 0.5)
    index = faiss.index_factory(passages.shape[1], f"IVF{lists},SQfp16", faiss.METRIC_INNER_PRODUCT)
    sample = np.random.default_rng(3).choice(len(passages), min(len(passages), SAMPLED * lists), replace=False)
    index.train(passages[sample])
    for at in range(0, len(passages), BLOCK):
        index.add(passages[at : at + BLOCK])
    built_s = time.perf_counter() - begun
    memory_mb = faiss.serialize_index(index).nbytes / 1e6  # as it would be mapped
    found = []
    for many in LOOKED_INTO:
        index.nprobe = many
        taken = times_of(lambda question: index.search(question[None], WANTED), questions)
        recall = recall_of([index.search(question[None], WANTED)[1][0] for question in questions], exact)
        found.append(Cost(f"{many} of {lists} lists", len(passages), *taken, memory_mb, recall, built_s))
        if recall >= ENOUGH:
            break
    return found


def recall_of(found: Any, exact: Any) -> float:
    """The part of the exact ones that was found."""
    return float(np.mean([len(np.intersect1d(one, other)) / WANTED for one, other in zip(found, exact)]))


def save_plot(costs: list[Cost], machine: Machine, path: Path) -> None:
    """Milliseconds and memory by passages, on logarithmic axes."""
    figure = Figure(figsize=(10, 4), constrained_layout=True)
    sizes = sorted({cost.passages for cost in costs})
    for axes, name, label in zip(figure.subplots(1, 2), ("p50_ms", "memory_mb"), ("median, ms", "memory, MB")):
        for color, way, own in ((OURS, "exact", _exact), (STOCK, "index", _index)):
            axes.plot(sizes, [getattr(own(costs, size), name) for size in sizes], "o-", color=color, label=way)
        axes.set(xscale="log", yscale="log", xlabel="passages", title=label)
        axes.legend()
    figure.suptitle(f"{'BUSY. ' if machine.busy else ''}{machine.line}", fontsize=8)
    save_svg(figure, path)


def _exact(costs: list[Cost], size: int) -> Cost:
    return next(cost for cost in costs if cost.passages == size and cost.way == "exact")


def _index(costs: list[Cost], size: int) -> Cost:
    """The width that was settled on."""
    return [cost for cost in costs if cost.passages == size and cost.way != "exact"][-1]


if __name__ == "__main__":
    sys.exit(main())
