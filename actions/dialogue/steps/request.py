"""A person is wanted, something is complained about or suggested."""

from __future__ import annotations

import re
import secrets

from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from knowledge.reply import wording
from knowledge.reply.answer import Answer, Outcome
from knowledge.reply.decide import is_question

_SUGGESTION = re.compile(r"建议|提议|提个意见|希望(?:你们|政府|区里|能)|最好能")
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no characters that are misread over the telephone
_TEMPLATES = {"complaint": wording.COMPLAINT, "suggestion": wording.SUGGESTION}


def request(leaning: Leaning) -> Reply | None:
    """Registered under a reference number, unless it asks for what the plan says."""
    finding = leaning.finding
    asks = is_question(finding) and finding.known_as != leaning.kind
    if asks or leaning.is_command:
        return None
    reference, kind = _reference(leaning), _kind(leaning)
    headline = _TEMPLATES.get(kind, wording.HANDOFF).format(reference=reference)
    about = leaning.before.commitment_id
    recorded = {"reference": reference, "kind": kind, "text": leaning.utterance.text, "about": about}
    return Reply(Answer(headline, Outcome.HANDOFF, headline), leaning.before.after_other(), recorded)


def _kind(leaning: Leaning) -> str:
    suggests = leaning.kind == "complaint" and _SUGGESTION.search(leaning.text)
    return "suggestion" if suggests else leaning.kind


def _reference(leaning: Leaning) -> str:
    return f"QP{leaning.services.now():%y%m%d}-" + "".join(secrets.choice(_ALPHABET) for _ in range(5))
