"""compose.yml, the Dockerfile and the systemd unit: what reads them here takes them, and they keep what they promise."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from settings.table import TABLE

DEPLOY = Path("deploy")
COMPOSE, DOCKERFILE, UNIT = DEPLOY / "compose.yml", DEPLOY / "Dockerfile", DEPLOY / "systemd" / "ask-qingpu@.service"
OURS = {"bot-1", "bot-2", "actions", "console", "log", "migrate", "train"}
GRADE = re.compile(r"exposure level for .*: (\d+\.\d)")


def names_to_fill() -> list[str]:
    """What compose.env.example asks an operator for."""
    lines = (DEPLOY / "compose.env.example").read_text(encoding="utf-8").splitlines()
    return [line.split("=")[0] for line in lines if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def composed() -> dict[str, Any]:
    """The file as docker-compose reads it: merged, filled in, and held against its schema. No engine is asked."""
    environment = {**os.environ, **{name: f"of-{name.lower()}" for name in names_to_fill()}, "TLS_DIR": "/etc/ssl"}
    command = ["docker-compose", "--file", str(COMPOSE), "config"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = YAML(typ="safe").load(done.stdout)
    return found["services"]


@pytest.mark.slow  # starts docker-compose
def test_every_process_is_there_and_is_nobody(composed: dict[str, Any]) -> None:
    """Read-only, without rights; what it must wait for it waits for, and others see how it is."""
    assert {*OURS, "proxy", "postgres", "redis", "rabbitmq"} == set(composed)
    for name in OURS:
        service = composed[name]
        assert service["read_only"] and service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert set(service["environment"]) <= set(TABLE), name
    for name in set(composed) - {"migrate", "train"}:
        assert composed[name]["healthcheck"]["test"], name
        assert composed[name]["restart"] == "unless-stopped", name
    waits = composed["bot-1"]["depends_on"]
    assert waits["migrate"]["condition"] == waits["train"]["condition"] == "service_completed_successfully"


@pytest.mark.slow  # starts docker-compose
def test_the_proxy_is_all_that_the_world_sees(composed: dict[str, Any]) -> None:
    """The console listens on this machine; databases, queue, action servers nowhere outside."""
    ports = {name: service["ports"] for name, service in composed.items() if service.get("ports")}
    assert set(ports) == {"proxy", "console"} and str(ports["console"]).count("127.0.0.1") == 1
    assert {
        n for n in ("postgres", "redis", "rabbitmq", "actions", "log") if "outside" in composed[n]["networks"]
    } == set()
    bots = {composed[name]["networks"]["inside"]["ipv4_address"] for name in ("bot-1", "bot-2")}
    assert all(address in " ".join(composed["proxy"]["command"]) for address in bots) and len(bots) == 2


@pytest.mark.slow  # starts docker-compose
def test_a_secret_that_is_not_set_is_asked_for() -> None:
    """Nothing starts with an empty password."""
    environment = {name: value for name, value in os.environ.items() if name not in names_to_fill()}
    done = subprocess.run(
        ["docker-compose", "--file", str(COMPOSE), "config"], capture_output=True, text=True, env=environment
    )
    assert done.returncode != 0 and "POSTGRES_PASSWORD" in done.stderr + done.stdout


def test_the_image_is_made_of_the_lock_for_nobody() -> None:
    """Python 3.10, hashes, two stages, no root; what it copies is there. No engine is here to build it."""
    text = DOCKERFILE.read_text(encoding="utf-8")
    assert re.findall(r"^FROM (\S+)", text, re.MULTILINE) == ["python:3.10-slim-bookworm"] * 2
    assert text.count("--require-hashes") == 2 and "USER 10001:10001" in text and "HEALTHCHECK" in text
    for source in re.findall(r"^COPY (?!--from)(?:--\S+ )*(\S+) \S+$", text, re.MULTILINE):
        assert Path(source).exists(), source
    for name in re.findall(r"^ {4}([A-Z_]+)=\S+ ?\\?$", text, re.MULTILINE):
        assert name in TABLE or name in ("PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "HOME", "MPLCONFIGDIR"), name


@pytest.mark.slow  # a shell
def test_uv_is_read_out_of_the_lock_as_the_image_does() -> None:
    """With its hashes, and nothing else."""
    (command,) = re.findall(r"&& (grep -A 50 .*) > uv\.txt", DOCKERFILE.read_text(encoding="utf-8"))
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert lines[0].startswith("uv==") and len(lines) > 5
    assert all(re.fullmatch(r" +--hash=sha256:[0-9a-f]{64}( \\)?", line) for line in lines[1:]), done.stdout


@pytest.mark.slow  # starts systemd-analyze
def test_systemd_takes_the_unit_and_calls_it_safe(tmp_path: Path) -> None:
    """Its own analysis: no complaint, and an exposure that it calls OK (below 5), better than most services."""
    unit = tmp_path / "ask-qingpu@bot.service"
    unit.write_text(
        UNIT.read_text(encoding="utf-8").replace("/opt/ask-qingpu/deploy/systemd/start", "/bin/true"), encoding="utf-8"
    )
    verified = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True)
    assert verified.returncode == 0 and "ask-qingpu" not in verified.stderr, verified.stderr
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", unit], capture_output=True, text=True, check=False
    )
    found = GRADE.search(judged.stdout)
    listens = re.search(r"^NotifyAccess=main\nWatchdogSignal=SIGKILL$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)
    assert listens, "what is stopped from outside would not be noticed"
    assert found and float(found[1]) < 3, judged.stdout[-500:] + judged.stderr


def test_the_unit_s_start_knows_every_process() -> None:
    """As in deploy/Procfile-scaled, with the console."""
    start = (DEPLOY / "systemd" / "start").read_text(encoding="utf-8")
    assert set(re.findall(r"python -m ([a-z ]+) ;;", start)) == {"bot", "actions", "review", "conversations consume"}
