"""What waits for a person: registered under a reference number."""

from __future__ import annotations

import secrets

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from knowledge.reply import wording
from knowledge.reply.answer import Answer, Outcome

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no characters that are misread over the telephone
_TEMPLATES = {"complaint": wording.COMPLAINT, "suggestion": wording.SUGGESTION}


def registered(leaning: Leaning, kind: str, text: str) -> Reply:
    """`text` waits for staff as `kind`; the resident is told the number."""
    reference = f"QP{leaning.services.now():%y%m%d}-" + "".join(secrets.choice(_ALPHABET) for _ in range(5))
    headline = _TEMPLATES.get(kind, wording.HANDOFF).format(reference=reference)
    recorded = {"reference": reference, "kind": kind, "text": text, "about": leaning.before.commitment_id}
    return Reply(Answer(headline, Outcome.HANDOFF, headline), leaning.before.after_other(), recorded)
