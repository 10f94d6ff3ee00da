"""The threshold of conformal risk control: the lowest under which the corrected loss stays."""

from __future__ import annotations

from evaluation.risk_control import Asked, corrected_loss, lowest_threshold, offered, report


def message(
    probability: float, *, right: bool, shown: bool = True, answerable: bool = True, lead: float = 0.1
) -> Asked:
    """One that may be shown, unless told otherwise."""
    return Asked(shown, right, answerable, probability, lead)


# Sure and right, doubtful and wrong, refused though answerable, silent and shown.
MESSAGES = [
    *[message(0.9, right=True)] * 80,
    *[message(0.5, right=False)] * 10,
    *[message(0.2, right=False, shown=False)] * 5,
    *[message(0.3, right=False, answerable=False)] * 4,
]


def test_the_threshold_is_the_lowest_that_keeps_the_level() -> None:
    """With the one more that lost: 1 of 100 is the least that can be promised of 99 messages."""
    assert lowest_threshold(MESSAGES, 0.15) == 0.0
    assert lowest_threshold(MESSAGES, 0.12) == 0.32
    assert lowest_threshold(MESSAGES, 0.05) == 0.52
    assert lowest_threshold(MESSAGES, 0.005) is None


def test_the_price_is_of_what_is_answerable() -> None:
    """A refusal is no choice, nor is what has no answer counted."""
    shown = [each.is_shown(0.52) for each in MESSAGES]
    assert corrected_loss(MESSAGES, shown) == 0.01 and offered(MESSAGES, shown) == 10 / 95


def test_what_holds_now_also_shows_what_stands_out() -> None:
    """The first line of the report."""
    assert message(0.5, right=False, lead=0.6).is_shown_now and not message(0.5, right=False).is_shown_now
    assert report(MESSAGES)[1].startswith("现在 now：错误出示 wrong shown ≤ 1.0%")
