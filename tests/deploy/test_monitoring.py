"""The dashboard and the alerts speak of numbers that the product tells, and go off when they should."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.metrics import MetricWrapperBase
from ruamel.yaml import YAML

from monitor import metrics

FOLDER = Path("deploy/monitoring")
RULES, DASHBOARD, CONFIG = FOLDER / "rules.yml", FOLDER / "dashboard.json", FOLDER / "prometheus.yml"
NAME = re.compile(r"\bask_qingpu\w*(?::\w+)*")
LABELLED = re.compile(r"\b(ask_qingpu_\w+)\{([^}]*)\}")
ENDS = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "info": ("_info",), "gauge": ("",)}
ADDED = {"le", "instance", "job"}  # by the histogram, and by whoever scrapes


def told() -> dict[str, set[str]]:
    """Each name under which a number is told, and its labels."""
    found = {}
    for each in vars(metrics).values():
        if isinstance(each, MetricWrapperBase):
            labels = {*each._labelnames, *({"version", "process", "release"} if each._type == "info" else ())}
            found.update({each._name + end: labels | ADDED for end in ENDS[each._type]})
    return found


def rules() -> list[dict[str, object]]:
    """All of the file."""
    return [rule for group in YAML(typ="safe").load(RULES.read_text("utf-8"))["groups"] for rule in group["rules"]]


def expressions() -> Iterator[str]:
    """Of the rules and of the dashboard's panels."""
    yield from (str(rule["expr"]) for rule in rules())
    for panel in json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]:
        yield from (target["expr"] for target in panel["targets"])


def test_every_number_that_is_watched_is_told() -> None:
    """By its name and with its labels; and what a rule records counts as told."""
    known, recorded = told(), {str(rule["record"]) for rule in rules() if "record" in rule}
    named = {name for each in expressions() for name in NAME.findall(each)}
    assert len(named) > 20 and named <= {*known, *recorded}
    for each in expressions():
        for name, matchers in LABELLED.findall(each):
            assert set(re.findall(r"(\w+)\s*[=!]", matchers)) <= known[name], each


def test_every_number_is_on_the_dashboard_or_in_a_rule() -> None:
    """What nobody looks at need not be told."""
    watched = " ".join(expressions())
    assert not [name for name in told() if not name.endswith(("_count", "_sum")) and name not in watched]


def test_every_alert_says_what_is_seen_in_both_languages() -> None:
    """Who is woken reads it first."""
    for rule in rules():
        if "alert" in rule:
            summary = str(rule["annotations"]["summary"])  # type: ignore[index]
            assert re.search("[一-鿿]", summary) and re.search(r"[a-z]{3}", re.sub(r"\{\{.*?\}\}", "", summary)), rule
            assert rule["labels"]["severity"] in ("page", "ticket")  # type: ignore[index]


def test_the_runbook_knows_every_alert() -> None:
    """A row for each, so that whoever is woken finds what to do."""
    runbook = Path("docs/runbook.md").read_text(encoding="utf-8")
    assert not [rule["alert"] for rule in rules() if "alert" in rule and f"`{rule['alert']}`" not in runbook]


@pytest.mark.skipif(not shutil.which("promtool"), reason="Debian's package prometheus is not here")
@pytest.mark.parametrize(
    "command", ["check config prometheus.yml", "check rules rules.yml", "test rules rules_test.yml"]
)
def test_promtool_takes_the_files_and_the_alerts_go_off(command: str) -> None:
    """On numbers that are wrong, and not on those that are well (`deploy/monitoring/rules_test.yml`)."""
    done = subprocess.run(["promtool", *command.split()], cwd=FOLDER, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
