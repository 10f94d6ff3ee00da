"""What waits for a person: registered under a reference number."""

from __future__ import annotations

import secrets

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no characters that are misread over the telephone


def registered(leaning: Leaning, kind: str, text: str) -> Reply:
    """`text` waits for staff as `kind`; the resident is told the number."""
    reference = f"QP{leaning.services.now():%y%m%d}-" + "".join(secrets.choice(_ALPHABET) for _ in range(5))
    recorded = {"reference": reference, "kind": kind, "text": text, "about": leaning.before.commitment_id}
    return Reply(leaning.services.composer.registered(kind, reference), leaning.before.after_other(), recorded)
