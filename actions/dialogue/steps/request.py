"""A person is wanted, something is complained about or suggested."""

from __future__ import annotations

import re
import secrets

from actions.dialogue.acts import COMPLAINT, PERSON
from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from knowledge.reply import wording
from knowledge.reply.answer import Answer, Outcome

_SUGGESTION = re.compile(r"建议|提议|提个意见|希望(?:你们|政府|区里|能)|最好能")
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no characters that are misread over the telephone
_TEMPLATES = {"complaint": wording.COMPLAINT, "suggestion": wording.SUGGESTION}
_KINDS = ("handoff", "complaint")


def request(leaning: Leaning) -> Reply | None:
    """Registered under a reference number."""
    reference, kind = _reference(leaning), _kind(leaning)
    headline = _TEMPLATES.get(kind, wording.HANDOFF).format(reference=reference)
    about = leaning.before.commitment_id
    recorded = {"reference": reference, "kind": kind, "text": leaning.utterance.text, "about": about}
    return Reply(Answer(headline, Outcome.HANDOFF, headline), leaning.before.after_other(), recorded)


def _kind(leaning: Leaning) -> str:
    said = leaning.kind if leaning.kind in _KINDS else leaning.finding.known_as
    if said not in _KINDS:
        said = "handoff" if leaning.acts.get(PERSON, 0.0) > leaning.acts.get(COMPLAINT, 0.0) else "complaint"
    return "suggestion" if said == "complaint" and _SUGGESTION.search(leaning.text) else said


def _reference(leaning: Leaning) -> str:
    return f"QP{leaning.services.now():%y%m%d}-" + "".join(secrets.choice(_ALPHABET) for _ in range(5))
