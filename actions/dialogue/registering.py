"""What waits for a person: registered under a reference number."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from wire.reference import new_reference

REQUESTS = ("handoff", "complaint")  # intents
_SUGGESTION = re.compile(r"建议|提议|提个意见|希望(?:你们|政府|区里|能)|最好能")


def registered(leaning: Leaning, kind: str, text: str) -> Reply:
    """`text` waits for staff as `kind`, what suggests something as a suggestion; the resident is told the number."""
    if kind == "complaint" and _SUGGESTION.search(leaning.text):
        kind = "suggestion"
    at = leaning.services.now()
    reference = new_reference(at)
    recorded = {"reference": reference, "kind": kind, "text": text, "about": leaning.before.commitment_id}
    after = replace(leaning.before.after_other(), registered=reference, told=())
    return Reply(leaning.services.composer.registered(kind, reference, at), after, recorded)


def registered_before(leaning: Leaning) -> Reply:
    """The number of what waits already: staff read the whole conversation."""
    answer = leaning.services.composer.registered_before(leaning.before.registered)
    return Reply(answer, leaning.before.after_other())
