"""A person is wanted, something is complained about or suggested."""

from __future__ import annotations

import re

from actions.dialogue.acts import COMPLAINT, PERSON
from actions.dialogue.leaning import Leaning
from actions.dialogue.registering import registered
from actions.dialogue.reply import Reply

_SUGGESTION = re.compile(r"建议|提议|提个意见|希望(?:你们|政府|区里|能)|最好能")
_KINDS = ("handoff", "complaint")


def request(leaning: Leaning) -> Reply | None:
    """Registered under a reference number."""
    return registered(leaning, _kind(leaning), leaning.utterance.text)


def _kind(leaning: Leaning) -> str:
    said = leaning.kind if leaning.kind in _KINDS else leaning.finding.known_as
    if said not in _KINDS:
        said = "handoff" if leaning.acts.get(PERSON, 0.0) > leaning.acts.get(COMPLAINT, 0.0) else "complaint"
    return "suggestion" if said == "complaint" and _SUGGESTION.search(leaning.text) else said
