"""A person is wanted, something is complained about or suggested."""

from __future__ import annotations

from actions.dialogue.acts import COMPLAINT, PERSON
from actions.dialogue.leaning import Leaning
from actions.dialogue.registering import REQUESTS, registered
from actions.dialogue.reply import Reply

LIKELY = 0.3  # probability of the two acts from which something is registered, unless NLU hears a request too


def request(leaning: Leaning) -> Reply | None:
    """Registered under a reference number."""
    if not leaning.may_be(PERSON, COMPLAINT, likely=LIKELY) and leaning.kind not in REQUESTS:
        return None
    if leaning.kind in REQUESTS:
        return registered(leaning, leaning.kind, leaning.utterance.text)
    wants_person = leaning.acts.get(PERSON, 0.0) > leaning.acts.get(COMPLAINT, 0.0)
    return registered(leaning, "handoff" if wants_person else "complaint", leaning.utterance.text)
