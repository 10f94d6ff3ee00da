"""`python -m bot`: the Rasa server with this project's defaults; `python -m bot shell` talks to it (`bot.shell`).

| variable | default | meaning |
|---|---|---|
| `BOT_HOST` | `127.0.0.1` | interface to listen on; put a reverse proxy before it for the public |
| `BOT_PORT` | `5005` | port |
| `ACTIONS_HOST`, `ACTIONS_PORT` | `127.0.0.1`, `5055` | where the action server listens |
| `TRACKER_DB` | `var/tracker.sqlite` | file of Rasa's tracker store |
| `BOT_ENDPOINTS` | `endpoints.yml` | where neighbours are; `deploy/endpoints-scaled.yml` for many processes |
| `TURN_DEADLINE_S` | `8` | seconds after which a turn ends with the `error` answer, the question kept for staff |
| `DANGER_WEBHOOK_URL` | none | address that is told of acute danger at once, see docs/danger.md |
| `BOT_MODEL` | the release that serves, else `models/ask-qingpu.tar.gz` | the trained model; if set, releases are not followed |
"""

from __future__ import annotations

import gc
import os
import sys
import warnings
from pathlib import Path

from bot.without_tensorflow import import_extractors

DEFAULTS = {
    "BOT_HOST": "127.0.0.1",
    "BOT_PORT": "5005",
    "ACTIONS_HOST": "127.0.0.1",
    "ACTIONS_PORT": "5055",
    "TRACKER_DB": "var/tracker.sqlite",
    "BOT_ENDPOINTS": "endpoints.yml",
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",  # Rasa's own use of SQLAlchemy 1.4
    "OMP_NUM_THREADS": "1",  # more threads spin against each other on busy cores: 14 messages/s became 2
}
BUILT_MODEL = "models/ask-qingpu.tar.gz"
KNOWN_WARNINGS = (  # beginnings, as regular expressions
    r"pkg_resources is deprecated",
    r"Deprecated call to `pkg_resources",
    r"distutils Version classes are deprecated",  # sanic_cors
    r"jax\.xla_computation is deprecated",  # TensorFlow
    r"'(parseString|resetCache|setParseAction|oneOf)' deprecated",  # matplotlib
    r"the load_module\(\) method is deprecated",  # importlib under six
    r"Calling URL\(\) directly is deprecated",  # Rasa's tracker store
    r"invalid escape sequence",  # jieba and Keras, where nothing compiled them beforehand
)


def set_defaults() -> None:
    """Fill in what the environment does not set."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)


def quiet_known_warnings() -> None:
    """Silence the deprecation warnings of Rasa's pinned libraries, each by its name; new ones are still seen."""
    import pyparsing  # noqa: F401 - like Sanic, turns deprecation warnings on when imported; what comes later wins
    import sanic.app  # noqa: F401
    from rasa.utils import common

    for message in KNOWN_WARNINGS:
        warnings.filterwarnings("ignore", message=message, category=DeprecationWarning)
        # pyparsing's are user warnings too, and Rasa turns those on again when it starts
        common.EXPECTED_WARNINGS.append((UserWarning, message))


def _model() -> str:
    """The model to start with; ends with a message where the serving release is broken."""
    if os.environ.get("BOT_MODEL"):
        return os.environ["BOT_MODEL"]
    from bot.releases import model_at_start
    from releases.errors import ReleaseError

    try:
        return model_at_start() or BUILT_MODEL
    except ReleaseError as error:
        sys.exit(str(error))


def main(arguments: list[str]) -> None:
    """Run a Rasa command (`run` unless named) on the trained model; `shell` is a client of the bot that runs."""
    set_defaults()
    if arguments[:1] == ["shell"]:
        from bot import shell

        shell.main()
        return
    import_extractors()  # before anything else of Rasa
    quiet_known_warnings()
    Path(os.environ["TRACKER_DB"]).parent.mkdir(parents=True, exist_ok=True)
    command = arguments[0] if arguments else "run"
    options = ["--model", _model(), "--endpoints", os.environ["BOT_ENDPOINTS"]]
    if command == "run":
        options += ["--credentials", "credentials.yml", "--interface", os.environ["BOT_HOST"]]
        options += ["--port", os.environ["BOT_PORT"]]
    sys.argv = ["rasa", command, *options, *arguments[1:]]
    from rasa.__main__ import main as rasa_main

    rasa_main()
    gc.freeze()  # at the end Python collects all of TensorFlow once more: several seconds on busy cores


if __name__ == "__main__":
    main(sys.argv[1:])
