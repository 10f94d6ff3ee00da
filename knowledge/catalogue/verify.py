"""Proof that the store says nothing that the plan does not: every quote and every number is looked up in the text."""

from __future__ import annotations

import re
from pathlib import Path

from knowledge.catalogue.store import StoredKnowledge
from knowledge.document.adopted import is_adopted, words_of
from knowledge.document.figures import format_value
from knowledge.document.plan_text import read_plan, squash


def verify_store(stored: StoredKnowledge, plan: Path) -> list[str]:
    """The faults, each a line that names the commitment; empty if all holds.

    Checked with page marks and white space removed from the plan: each quote stands in the plan, each
    headline in its quote, each number in its quote, each baseline's number in the baseline's quote.
    Raises `PlanUnreadable`.
    """
    given = read_plan(plan)
    text = words_of(given) if is_adopted(given) else squash(re.sub(r"(?m)^\s*-\s*\d+\s*-\s*$", "", given))
    by_id = {c.id: c for c in stored.commitments}
    faults = []
    for commitment in stored.commitments:
        quote = squash(commitment.quote)
        where = f"{commitment.id}（第{commitment.passage.page}页，{commitment.title}）"
        if quote not in text:
            faults.append(f"{where}: 引文不在规划里：{commitment.quote}")
        if squash(commitment.headline) not in quote:
            faults.append(f"{where}: 要点不在引文里：{commitment.headline}")
        for figure in commitment.figures:
            if squash(format_value(figure.value)) not in quote:
                faults.append(f"{where}: 数字 {format_value(figure.value)} 不在引文里")
        for _, identifier, old in commitment.baselines:
            if identifier not in by_id or squash(format_value(old.value)) not in squash(by_id[identifier].quote):
                faults.append(f"{where}: 基数 {format_value(old.value)} 不在 {identifier} 的引文里")
    return faults
