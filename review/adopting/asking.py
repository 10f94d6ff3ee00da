"""A few questions to the knowledge of an adopted plan, by `python -m knowledge ask`: as the bot answers, and for nobody else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.document.plan_text import tidy
from review.errors import InvalidInput, JobRuns, NothingThere
from review.settings import Settings
from settings.bot import KNOWLEDGE_DIR, KNOWLEDGE_URL, STAFF_CORRECTIONS

MOST_QUESTIONS = 5
WITHIN_S = 180.0  # loading takes about five seconds of a processor, an answer a tenth; the machine may be busy
_ONE_AT_A_TIME = threading.Lock()  # each loads a store of its own


@dataclass(frozen=True)
class TrialAnswer:
    """A question, and what the bot would say to it if this were its plan."""

    question: str
    outcome: str
    headline: str
    quotes: tuple[tuple[str, int], ...]
    text: str
    commitments: tuple[str, ...] = ()


def ask(settings: Settings, store: Path, questions: Sequence[str]) -> list[TrialAnswer]:
    """Ask them in order. Raises `InvalidInput`, `NothingThere`; `JobRuns` while somebody else asks."""
    if not 0 < len(questions) <= MOST_QUESTIONS:
        raise InvalidInput(
            f"写 1 到 {MOST_QUESTIONS} 个问题，一行一个 / write 1 to {MOST_QUESTIONS} questions, one a line"
        )
    if not _ONE_AT_A_TIME.acquire(blocking=False):
        raise JobRuns("别人正在试问，过一会儿再问 / somebody else is asking: try again in a moment")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "knowledge", "ask", "--json"],
            input="\n".join(questions).encode(),
            capture_output=True,
            env=_environment(settings, store),
            timeout=WITHIN_S,
        )
    except subprocess.TimeoutExpired:
        raise NothingThere("太久没有答，过一会儿再问 / no answer in time: try again in a moment") from None
    finally:
        _ONE_AT_A_TIME.release()
    lines = [line for line in done.stdout.decode("utf-8", "replace").splitlines() if line.startswith("{")]
    if len(lines) != len(questions):
        why = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise NothingThere(f"问不到：{why[-1] if why else '没有答复'} — 重新建库 / it cannot be asked: build it again")
    return [_read(json.loads(line)) for line in lines]


def _environment(settings: Settings, store: Path) -> dict[str, str]:
    """The plan alone, and nothing that staff corrected of another; calls for help are answered as they are now."""
    own = {KNOWLEDGE_DIR.name: str(store), STAFF_CORRECTIONS.name: "0", "PYTHONUTF8": "1"}
    tables = {"REVIEW_URL": settings.url, "CONVERSATIONS_URL": settings.log_url}
    return {name: value for name, value in os.environ.items() if name != KNOWLEDGE_URL.name} | own | tables


def _read(told: Mapping[str, Any]) -> TrialAnswer:
    return TrialAnswer(
        question=told["question"],
        outcome=told.get("outcome", "error"),
        headline=told.get("headline") or "",
        quotes=tuple((tidy(each["quote"]), each["page"]) for each in told.get("citations") or ()),
        text=told["text"],
        commitments=tuple(each["commitment_id"] for each in told.get("citations") or ()),
    )
