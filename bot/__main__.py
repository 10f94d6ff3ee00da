"""`python -m bot`: the Rasa server with this project's defaults; `python -m bot shell` talks to it (`bot.shell`).

`python -m bot --version` says which version of the product this is.
"""

from __future__ import annotations

import gc
import os
import sys
import warnings

from bot.without_tensorflow import import_extractors
from log_records import keep_words_out
from settings.bot import ACTIONS_HOST, ACTIONS_PORT, ACTIONS_TOKEN, BOT_ENDPOINTS, BOT_HOST, BOT_MODEL, BOT_PORT
from settings.conversations import TRACKER_DB
from settings.programs import (
    OMP_NUM_THREADS,
    RASA_TELEMETRY_ENABLED,
    SANIC_BACKLOG,
    SQLALCHEMY_SILENCE_UBER_WARNING,
    TF_CPP_MIN_LOG_LEVEL,
)
from version import product_version
from wire.action_token import action_token
from wire.secret_files import SecretRefused, own_files_only

FOR_OTHERS = (  # read by Rasa, by its libraries and in the endpoints' files
    ACTIONS_HOST,
    ACTIONS_PORT,
    TRACKER_DB,
    RASA_TELEMETRY_ENABLED,
    SANIC_BACKLOG,
    TF_CPP_MIN_LOG_LEVEL,
    SQLALCHEMY_SILENCE_UBER_WARNING,
    OMP_NUM_THREADS,
)
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
    for setting in FOR_OTHERS:
        setting.fill_in()


def quiet_known_warnings() -> None:
    """Silence the deprecation warnings of Rasa's pinned libraries, each by its name; new ones are still seen."""
    import pyparsing  # noqa: F401 - like Sanic, turns deprecation warnings on when imported; what comes later wins
    import sanic.app  # noqa: F401
    from rasa.utils import common

    for message in KNOWN_WARNINGS:
        warnings.filterwarnings("ignore", message=message, category=DeprecationWarning)
        # pyparsing's are user warnings too, and Rasa turns those on again when it starts
        common.EXPECTED_WARNINGS.append((UserWarning, message))


def write_log_as_set() -> None:
    """Rasa's commands set up the log by themselves, in colours: ours does it instead (`monitor.lines`)."""
    from rasa.utils import io

    from monitor.lines import set_up

    io.configure_colored_logging = set_up


def _model() -> str:
    """The model to start with; ends with a message where the serving release is broken."""
    if BOT_MODEL.is_set():
        return BOT_MODEL.read()
    from bot.releases import model_at_start
    from releases.errors import ReleaseError

    try:
        return model_at_start() or BUILT_MODEL
    except ReleaseError as error:
        sys.exit(str(error))


def _action_token() -> str:
    """What the action server wants to see; ends with a message where there is none to show."""
    try:
        return action_token()
    except (SecretRefused, OSError) as error:
        sys.exit(str(error))


def main(arguments: list[str]) -> None:
    """Run a Rasa command (`run` unless named) on the trained model; `shell` is a client of the bot that runs."""
    if arguments[:1] == ["--version"]:
        print(f"青浦民生问答 Ask Qingpu {product_version()}")
        return
    keep_words_out()
    own_files_only()
    set_defaults()
    if arguments[:1] == ["shell"]:
        from bot import shell

        shell.main()
        return
    import_extractors()  # before anything else of Rasa
    quiet_known_warnings()
    TRACKER_DB.read().parent.mkdir(parents=True, exist_ok=True)
    os.environ[ACTIONS_TOKEN.name] = _action_token()  # for the endpoints' files
    command = arguments[0] if arguments else "run"
    options = ["--model", _model(), "--endpoints", str(BOT_ENDPOINTS.read())]
    if command == "run":
        options += ["--credentials", "credentials.yml", "--interface", BOT_HOST.read()]
        options += ["--port", str(BOT_PORT.read())]
    sys.argv = ["rasa", command, *options, *arguments[1:]]
    from rasa.__main__ import main as rasa_main

    write_log_as_set()
    rasa_main()
    gc.freeze()  # at the end Python collects all of TensorFlow once more: several seconds on busy cores


if __name__ == "__main__":
    main(sys.argv[1:])
