"""What a resident's message may be, whichever way it comes in."""

from __future__ import annotations

MAX_MESSAGE_CHARS = 1000  # docs/contract.md
DRAFTS = "drafts"  # metadata of a message: staff rehearse, and drafts on the shelf count as if they held


def whole_text(text: str) -> str:
    """Without halves of characters (lone surrogates) and NUL: no database takes them, and no reply can hold them."""
    return text.encode("utf-8", "ignore").decode().replace("\0", "")


def neutral(text: str) -> str:
    """The message as ordinary text that can be stored: Rasa takes a leading `/` for a command, so it becomes `／`."""
    text = whole_text(text)
    stripped = text.lstrip()
    return "／" + stripped[1:] if stripped.startswith("/") else text
