"""`python -m actions`: the action server, on loopback only, for those who bear the token (`actions/server.py`).

rasa-sdk's error page shows the exception and the request body: it must never be reachable from outside.
"""

from __future__ import annotations

import logging
import sys
import warnings

from log_records import keep_words_out
from monitor.lines import set_up
from settings.bot import ACTIONS_HOST, ACTIONS_PORT
from settings.programs import OMP_NUM_THREADS
from wire.action_token import action_token
from wire.secret_files import SecretRefused, own_files_only

KNOWN_WARNINGS = (  # beginnings, as regular expressions: of Rasa's pinned libraries; new ones are still seen
    r"pkg_resources is deprecated",
    r"Deprecated call to `pkg_resources",
    r"distutils Version classes are deprecated",  # sanic_cors
    r"invalid escape sequence",  # jieba, where nothing compiled it beforehand
)


def main() -> None:
    """Serve until SIGINT or SIGTERM. `ACTIONS_HOST` and `ACTIONS_PORT` set the address (127.0.0.1:5055)."""
    own_files_only()
    OMP_NUM_THREADS.fill_in()
    keep_words_out()
    set_up()
    logging.getLogger("sanic.access").setLevel(logging.WARNING)  # one line a turn that says nothing
    import sanic.app  # noqa: F401 - turns all deprecation warnings on when imported; what comes later wins

    for message in KNOWN_WARNINGS:
        warnings.filterwarnings("ignore", message=message, category=DeprecationWarning)
    try:
        token = action_token()
    except (SecretRefused, OSError) as error:
        sys.exit(str(error))
    from actions.answering import tell_numbers
    from actions.server import guarded_app

    guarded_app(token, tell_numbers).run(ACTIONS_HOST.read(), ACTIONS_PORT.read())


if __name__ == "__main__":
    main()
