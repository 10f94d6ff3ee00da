"""The bot and its action server, started for the simulator on free ports with files and an account of their own."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from wechat_sim.envelope import PlatformAccount

READY_WITHIN_S = 180  # a cold start takes 15 s; slow machines are slow


class NotStarted(RuntimeError):
    """The product did not become ready; says where its log is."""


class SimulatedProduct:
    """Runs while in use; everything it writes is in `folder`."""

    def __init__(self, folder: Path, account: PlatformAccount, api_url: str, *, verified: bool) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.log = folder / "log.txt"
        self.port, actions_port = _free_port(), _free_port()
        accounts = folder / "accounts.yml"
        accounts.touch(mode=0o600)
        fields = {
            "app_id": account.app_id,
            "token": account.token,
            "mode": "safe" if account.wecom else account.mode,
            "aes_key": account.aes_key,
            "app_secret": account.secret,
            "verified": verified,
            "kind": "wecom" if account.wecom else "official",
            "agent_id": account.agent_id,
            "api_url": api_url,
        }
        accounts.write_text(json.dumps({"accounts": {"sim": fields}}), encoding="utf-8")  # JSON is YAML
        self._environment = {
            **os.environ,
            "BOT_PORT": str(self.port),
            "ACTIONS_PORT": str(actions_port),
            "TRACKER_DB": str(folder / "tracker.sqlite"),
            "CONVERSATIONS_URL": f"sqlite:///{folder}/conversations.sqlite",
            "CONVERSATIONS_SECRET_FILE": str(folder / "conversations.secret"),
            "WECHAT_ACCOUNTS_FILE": str(accounts),
            "PYTHONUNBUFFERED": "1",
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def callback(self) -> str:
        """Where the platform delivers."""
        return f"http://127.0.0.1:{self.port}/webhooks/wechat/callback"

    def start(self) -> None:
        """Start and wait until a question would be answered. Raises `NotStarted`."""
        honcho = Path(sys.executable).with_name("honcho")
        environment = {**self._environment, "PATH": f"{honcho.parent}:{self._environment['PATH']}"}
        with self.log.open("wb") as log:
            command = [str(honcho), "start", "actions", "bot"]
            self._process = subprocess.Popen(  # noqa: S603 - our own Procfile
                command, stdout=log, stderr=subprocess.STDOUT, env=environment, start_new_session=True
            )
        deadline = time.monotonic() + READY_WITHIN_S
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise NotStarted(
                    f"机器人没有启动起来，看 {self.log}；先运行一次 make run / see the log, run make run once"
                )
            time.sleep(0.5)

    def stop(self) -> None:
        """End both processes."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/webhooks/web/ready", timeout=5) as reply:
                return bool(reply.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def new_account(mode: str, *, wecom: bool) -> PlatformAccount:
    """An account that exists nowhere, with secrets of its own."""
    return PlatformAccount(
        app_id="wwSimulated" if wecom else "wxSimulated",
        token=secrets.token_hex(12),
        mode=mode,
        aes_key="".join(
            secrets.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") for _ in range(42)
        )
        + "A",
        wecom=wecom,
        secret=secrets.token_hex(16),
        agent_id=1 if wecom else 0,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
