"""What can go wrong, in the words of the console; `review/web.py` alone knows which HTTP status each becomes."""

from __future__ import annotations


class ReviewError(Exception):
    """The root. `str()` is shown to staff: what was wrong and how to mend it, Chinese and English."""


class SettingError(ReviewError):
    """A setting cannot be right."""


class NotSignedIn(ReviewError):
    """The page needs a person, and nobody is signed in."""


class NotAllowed(ReviewError):
    """The person's role is too low for this."""


class FormRefused(ReviewError):
    """The form did not come from this console's own page, or is too old."""


class InvalidInput(ReviewError):
    """Something typed in cannot be taken as it is."""


class UploadTooLarge(ReviewError):
    """A file is larger than what is taken."""


class NothingThere(ReviewError):
    """What the address names does not exist, or not any more."""


class ChangedMeanwhile(ReviewError):
    """Somebody else saved first: nothing is overwritten."""


class JobRuns(ReviewError):
    """A training or an evaluation is under way; one at a time."""


class TooManyTries(ReviewError):
    """Wrong passwords or codes too often: nothing is judged for a while."""


class GateNotPassed(ReviewError):
    """A release may not reach residents: it was not evaluated against what serves now, or it failed."""


class GateNotRun(ReviewError):
    """An evaluation could not be made."""


class SignInRefused(ReviewError):
    """Name, password or code are wrong, or the account is locked; the message never says which name exists."""
