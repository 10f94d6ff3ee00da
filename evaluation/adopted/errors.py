"""What keeps an evaluation of an adopted plan from running."""


class AdoptedUnready(Exception):
    """A set, a store or a release cannot be read; its text says which, and what to do."""
