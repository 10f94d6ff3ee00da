"""What goes wrong with settings."""


class SettingWrong(ValueError):
    """A variable cannot be right; the message says which, what stands there, and what is allowed."""
