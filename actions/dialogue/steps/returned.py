"""「回到刚才床位的事」「第一个问题里的那个」: an earlier subject of the conversation."""

from __future__ import annotations

from dataclasses import replace

from actions.dialogue.acts import LEANING, RETURN
from actions.dialogue.leaning import Leaning
from actions.dialogue.reply import Reply
from actions.dialogue.showing import decided, passage


def returned(leaning: Leaning) -> Reply | None:
    """The passage of the earlier subject that the words are nearest to, once more."""
    earlier = leaning.earlier if leaning.may_be(RETURN, LEANING) else None
    if earlier is None:
        return None
    commitment = leaning.services.search.by_id[earlier.commitment_id]
    reply = passage(leaning, commitment, earlier.question)
    after = leaning.before.about(commitment.id, commitment.topic, earlier.question, same=False)
    return replace(reply, conversation=after)


def returned_with(leaning: Leaning) -> Reply | None:
    """What is asked now of that earlier subject; 「回到刚才床位的事」 asks nothing of it."""
    asks = leaning.may_be(RETURN) and leaning.named and leaning.asks_anywhere
    return decided(leaning, leaning.of_earlier) if asks and leaning.earlier else None
