"""A person is wanted, something is complained about or suggested."""

from __future__ import annotations

from actions.dialogue.acts import COMPLAINT, PERSON
from actions.dialogue.leaning import Leaning
from actions.dialogue.registering import REQUESTS, registered, registered_before
from actions.dialogue.reply import Reply

LIKELY = 0.15  # probability of the two acts below which nothing is registered, unless NLU hears a request too
# From this probability on that it is none of our business it has to be a request with the next one, or with the last one
# where NLU hears one too: of 218 lines of everyday talk 11 were registered without, 2 are with this.
OUTSIDE_FROM, SURELY, HEARD_TOO = 0.6, 0.6, 0.3
OF_ITS_OWN_CHARS = 12  # of a further complaint that says what it is about; less adds to the one that waits


def request(leaning: Leaning) -> Reply | None:
    """Registered under a reference number, with what was told before it."""
    if not _may_be_one(leaning):
        return None
    if leaning.before.registered and len(leaning.named) < OF_ITS_OWN_CHARS:
        return registered_before(leaning)
    text = "\n".join([*leaning.before.told, leaning.utterance.text])
    if leaning.kind in REQUESTS:
        return registered(leaning, leaning.kind, text)
    wants_person = leaning.acts.get(PERSON, 0.0) > leaning.acts.get(COMPLAINT, 0.0)
    return registered(leaning, "handoff" if wants_person else "complaint", text)


def _may_be_one(leaning: Leaning) -> bool:
    heard_too = leaning.kind in REQUESTS
    if leaning.finding.odds.outside >= OUTSIDE_FROM:
        return leaning.may_be(PERSON, COMPLAINT, likely=HEARD_TOO if heard_too else SURELY)
    return heard_too or leaning.may_be(PERSON, COMPLAINT, likely=SURELY if leaning.ends_asking else LIKELY)
