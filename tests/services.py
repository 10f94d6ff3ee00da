"""Real servers for tests, each on a free loopback port with a folder of its own: PostgreSQL, RabbitMQ, Redis, nginx.

The programs come from Debian's packages (`scripts/setup_tests.sh` installs them); nothing is installed as a service.
`python -m tests.services COMMAND…` runs a command that finds all three, as the scaled form's environment names them.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.certificates import Certificates

NGINX = Path("deploy/nginx.conf")
GUEST = "guest"  # RabbitMQ's own user, name and password
STARTS_WITHIN_S = 240  # RabbitMQ takes 5 s; two cores under a load of 17 took more than 90


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A server of this machine at a port that it keeps: started, hung, stopped and started again with the same data."""

    port: int
    command: list[str | Path]
    folder: Path
    environment: dict[str, str] | None = None
    user: str | None = None
    ends_by: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Returns when it listens."""
        with (self.folder / "log.txt").open("ab") as out:
            self.process = subprocess.Popen(
                self.command, env=self.environment, user=self.user, stdout=out, stderr=out, cwd=self.folder,
                start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.said()
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise AssertionError(f"port {self.port}: nothing listens after {STARTS_WITHIN_S} s: {self.said()}")

    def stop(self) -> None:
        """As its operator does; it may be started again."""
        assert self.process is not None
        self.process.send_signal(self.ends_by)
        try:
            self.process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=10)

    @contextmanager
    def hung(self) -> Iterator[None]:
        """While it is open, the server and its children stand still: connections are taken, nothing is answered."""
        assert self.process is not None
        family = [self.process.pid, *descendants(self.process.pid)]
        for pid in family:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in family:
                os.kill(pid, signal.SIGCONT)

    def said(self) -> str:
        """The end of its log."""
        return (self.folder / "log.txt").read_text(errors="replace")[-3000:]


def descendants(pid: int) -> list[int]:
    """Children, their children and so on (Linux)."""
    found = []
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, tasks.read_text().split()):
            found += [child, *descendants(child)]
    return found


def _until_it_takes_connections(is_ready: Path, port: int) -> None:
    """PostgreSQL listens before it lets anybody in: on a busy machine a while before."""
    deadline = time.monotonic() + STARTS_WITHIN_S
    while subprocess.run([is_ready, "-q", "-h", "127.0.0.1", "-p", str(port)], check=False).returncode:
        assert time.monotonic() < deadline, f"port {port}: PostgreSQL lets nobody in after {STARTS_WITHIN_S} s"
        time.sleep(0.1)


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

    server: Server
    programs: Path

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.server.port

    def start(self) -> None:
        """Again, after `server.stop()`; returns when it lets somebody in."""
        self.server.start()
        _until_it_takes_connections(self.programs / "pg_isready", self.port)

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
        port, data = free_port(), folder / "data"
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
        command: list[str | Path] = [
            programs / "postgres",
            "-D",
            data,
            "-p",
            str(port),
            *(a for s in settings for a in ("-c", s)),
        ]
        running = Postgres(Server(port, command, folder, user=user, ends_by=signal.SIGINT), programs)
        running.start()
        try:
            yield running
        finally:
            running.server.stop()


@contextmanager
def rabbitmq(certificates: Certificates | None = None) -> Iterator[int]:
    """The port of a `rabbitmq_server`."""
    with rabbitmq_server(certificates) as server:
        yield server.port


@contextmanager
def rabbitmq_server(certificates: Certificates | None = None) -> Iterator[Server]:
    """A RabbitMQ server, for its user `guest`; with certificates it speaks TLS at its port and nothing else."""
    with _folder() as folder:
        port, epmd = free_port(), free_port()
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
        server = Server(port, ["/usr/lib/rabbitmq/bin/rabbitmq-server"], folder, environment)
        try:
            server.start()
            yield server
        finally:
            server.stop()
            subprocess.run(["epmd", "-port", str(epmd), "-kill"], env=environment, capture_output=True, timeout=20)


@contextmanager
def redis(password: str = "", certificates: Certificates | None = None) -> Iterator[int]:
    """The port of a `redis_server`."""
    with redis_server(password, certificates) as server:
        yield server.port


@contextmanager
def redis_server(password: str = "", certificates: Certificates | None = None) -> Iterator[Server]:
    """A Redis server; with certificates it speaks TLS at its port and nothing else."""
    with _folder() as folder:
        port = free_port()
        listens = ["--port", str(port)]
        if certificates:
            own = ["--tls-cert-file", str(certificates.certificate), "--tls-key-file", str(certificates.key)]
            listens = ["--port", "0", "--tls-port", str(port), "--tls-auth-clients", "no", *own]
            listens += ["--tls-ca-cert-file", str(certificates.authority)]
        if password:
            listens += ["--requirepass", password]
        command: list[str | Path] = [
            "redis-server",
            *listens,
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            str(folder),
        ]
        server = Server(port, command, folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def nginx(behind: Sequence[int]) -> Iterator[int]:
    """The port of an nginx that runs `deploy/nginx.conf`, without TLS, before what listens on these ports."""
    with _folder() as folder:
        port, log = free_port(), folder / "log.txt"
        servers = " ".join(f"server 127.0.0.1:{each} max_fails=0;" for each in behind)
        site = NGINX.read_text(encoding="utf-8").replace("server 127.0.0.1:5005 max_fails=0;", servers)
        site = re.sub(r"(?m)^\s*ssl_.*$", "", site).replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "".join(f"{kind}_temp_path {folder}/{kind}; " for kind in kinds)
        whole = f"daemon off; pid {folder}/pid; events {{}} http {{ access_log off; {temporary}\n{site}\n}}"
        (folder / "nginx.conf").write_text(whole, encoding="utf-8")
        server = Server(port, ["nginx", "-p", folder, "-c", folder / "nginx.conf", "-e", log], folder)
        server.start()
        try:
            yield port
        finally:
            server.stop()


@dataclass(frozen=True)
class Services:
    """What the scaled form stands on."""

    postgres: Postgres
    rabbitmq: Server
    redis: Server

    @property
    def settings(self) -> dict[str, str]:
        """How the product finds them; databases of its own each time."""
        return {
            "BOT_ENDPOINTS": "deploy/endpoints-scaled.yml",
            "CONVERSATIONS_URL": self.postgres.new_database(),
            "TRACKER_URL": self.postgres.new_database(),
            "REDIS_HOST": "127.0.0.1",
            "REDIS_PORT": str(self.redis.port),
            "RABBITMQ_HOST": "127.0.0.1",
            "RABBITMQ_PORT": str(self.rabbitmq.port),
            "RABBITMQ_USER": GUEST,
            "RABBITMQ_PASSWORD": GUEST,
        }


@contextmanager
def all_services() -> Iterator[Services]:
    """All three, started at once."""
    with ExitStack() as stack, ThreadPoolExecutor(3) as pool:
        database = pool.submit(stack.enter_context, postgres())
        queue, locks = (pool.submit(stack.enter_context, start()) for start in (rabbitmq_server, redis_server))
        yield Services(database.result(), queue.result(), locks.result())


def main(command: list[str]) -> int:
    """The exit code of a command that finds all services, its log migrated."""
    with all_services() as services:
        environment = {**os.environ, **services.settings}
        subprocess.run([sys.executable, "-m", "conversations", "migrate"], env=environment, check=True)
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
