"""`python -m supervision`: what `make run` starts: the processes of a Procfile, each started again when it dies."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from honcho.environ import parse_procfile

from supervision.supervisor import Supervisor


def main(arguments: list[str] | None = None) -> int:
    """Until Ctrl-C or SIGTERM; the exit code is 130 or 143 then, 2 where there is no such process."""
    parser = argparse.ArgumentParser(prog="python -m supervision", description="启动并看住各进程 / run and watch")
    parser.add_argument("-f", "--procfile", type=Path, default=Path("Procfile"), help="有哪些进程 / the processes")
    parser.add_argument("names", nargs="*", help="只要这些，不写就是全部 / these only, all by default")
    options = parser.parse_args(arguments)
    commands = parse_procfile(options.procfile.read_text(encoding="utf-8")).processes
    unknown = set(options.names) - set(commands)
    if unknown:
        parser.error(f"{options.procfile} 里没有 / has no {'、'.join(sorted(unknown))}")
    supervisor = Supervisor()
    for name in options.names or commands:
        supervisor.add_process(name, commands[name])
    supervisor.loop()
    return int(supervisor.returncode or 0)


if __name__ == "__main__":
    sys.exit(main())
