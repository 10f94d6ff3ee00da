"""Real servers for tests, each on a free loopback port with a folder of its own: PostgreSQL, RabbitMQ, Redis, nginx.

The programs come from Debian's packages (`scripts/setup_tests.sh` installs them); nothing is installed as a service.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.certificates import Certificates

STARTS_WITHIN_S = 240  # RabbitMQ takes 5 s; two cores under a load of 17 took more than 90


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text(errors="replace")[-3000:]
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(
        f"port {port}: nothing listens after {STARTS_WITHIN_S} s: {log.read_text(errors='replace')[-3000:]}"
    )


def _until_it_takes_connections(is_ready: Path, port: int) -> None:
    """PostgreSQL listens before it lets anybody in: on a busy machine a while before."""
    deadline = time.monotonic() + STARTS_WITHIN_S
    while subprocess.run([is_ready, "-q", "-h", "127.0.0.1", "-p", str(port)], check=False).returncode:
        assert time.monotonic() < deadline, f"port {port}: PostgreSQL lets nobody in after {STARTS_WITHIN_S} s"
        time.sleep(0.1)


def _stop(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM) -> None:
    process.send_signal(how)
    try:
        process.wait(timeout=40)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)


@contextmanager
def _folder(owner: str | None = None) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="ask-qingpu-"))
    if owner:
        shutil.chown(folder, owner)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Postgres:
    """A running server. Anybody on this machine may connect: it lives as long as the tests do."""

    port: int
    programs: Path

    def new_database(self) -> str:
        """The SQLAlchemy URL of an empty database."""
        name = f"t{uuid.uuid4().hex}"
        engine = create_engine(self.url("postgres"), future=True, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return self.url(name)

    def url(self, name: str) -> str:
        """The SQLAlchemy URL of a database."""
        return f"postgresql+psycopg2://postgres@127.0.0.1:{self.port}/{name}"

    def dump(self, url: str) -> bytes:
        """All that a database holds, as SQL."""
        plain = url.replace("+psycopg2", "")
        return subprocess.run([self.programs / "pg_dump", plain], capture_output=True, check=True).stdout


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server; as root it runs as the user that Debian's package makes, which it insists on."""
    (*_, programs) = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    user = "postgres" if os.getuid() == 0 else None
    with _folder(user) as folder:
        port, log, data = free_port(), folder / "log.txt", folder / "data"
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"],
            user=user, check=True, stdout=subprocess.DEVNULL, cwd=folder,
        )  # fmt: skip
        settings = [
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={folder}",
            "fsync=off",
            "shared_buffers=16MB",
        ]
        with log.open("wb") as out:
            process = subprocess.Popen(
                [programs / "postgres", "-D", data, "-p", str(port), *(a for s in settings for a in ("-c", s))],
                user=user, stdout=out, stderr=out, cwd=folder, start_new_session=True,
            )  # fmt: skip
        try:
            _wait_for(port, process, log)
            _until_it_takes_connections(programs / "pg_isready", port)
            yield Postgres(port, programs)
        finally:
            _stop(process, signal.SIGINT)


@contextmanager
def rabbitmq(certificates: Certificates | None = None) -> Iterator[int]:
    """A RabbitMQ server's port, for its user `guest`; with certificates it speaks TLS there and nothing else."""
    with _folder() as folder:
        port, epmd, log = free_port(), free_port(), folder / "log.txt"
        environment = {
            **os.environ,
            "HOME": str(folder),
            "ERL_EPMD_PORT": str(epmd),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"test{port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_CONF_ENV_FILE": str(folder / "none.conf"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none",
        }
        if certificates:
            configuration = folder / "rabbitmq.conf"
            configuration.write_text(
                f"listeners.tcp = none\nlisteners.ssl.default = {port}\nssl_options.verify = verify_none\n"
                f"ssl_options.cacertfile = {certificates.authority}\nssl_options.certfile = {certificates.certificate}\n"
                f"ssl_options.keyfile = {certificates.key}\n",
                encoding="utf-8",
            )
            environment["RABBITMQ_CONFIG_FILE"] = str(configuration)
            del environment["RABBITMQ_NODE_PORT"]
        with log.open("wb") as out:
            process = subprocess.Popen(
                ["/usr/lib/rabbitmq/bin/rabbitmq-server"], env=environment, stdout=out, stderr=out, cwd=folder,
                start_new_session=True,
            )  # fmt: skip
        try:
            _wait_for(port, process, log)
            yield port
        finally:
            _stop(process)
            subprocess.run(["epmd", "-port", str(epmd), "-kill"], env=environment, capture_output=True, timeout=20)


@contextmanager
def redis(password: str = "", certificates: Certificates | None = None) -> Iterator[int]:
    """A Redis server's port; with certificates it speaks TLS there and nothing else."""
    with _folder() as folder:
        port, log = free_port(), folder / "log.txt"
        listens = ["--port", str(port)]
        if certificates:
            own = ["--tls-cert-file", str(certificates.certificate), "--tls-key-file", str(certificates.key)]
            listens = ["--port", "0", "--tls-port", str(port), "--tls-auth-clients", "no", *own]
            listens += ["--tls-ca-cert-file", str(certificates.authority)]
        if password:
            listens += ["--requirepass", password]
        with log.open("wb") as out:
            process = subprocess.Popen(
                ["redis-server", *listens, "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
                stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip
        try:
            _wait_for(port, process, log)
            yield port
        finally:
            _stop(process)


@contextmanager
def nginx(behind: Sequence[int]) -> Iterator[int]:
    """The port of an nginx that runs `deploy/nginx.conf`, without TLS, before what listens on these ports."""
    with _folder() as folder:
        port, log = free_port(), folder / "log.txt"
        servers = " ".join(f"server 127.0.0.1:{each};" for each in behind)
        site = Path("deploy/nginx.conf").read_text(encoding="utf-8").replace("server 127.0.0.1:5005;", servers)
        site = re.sub(r"(?m)^\s*ssl_.*$", "", site).replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "".join(f"{kind}_temp_path {folder}/{kind}; " for kind in kinds)
        whole = f"daemon off; pid {folder}/pid; events {{}} http {{ access_log off; {temporary}\n{site}\n}}"
        (folder / "nginx.conf").write_text(whole, encoding="utf-8")
        with log.open("wb") as out:
            process = subprocess.Popen(
                ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(log)],
                stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip
        try:
            _wait_for(port, process, log)
            yield port
        finally:
            _stop(process)
