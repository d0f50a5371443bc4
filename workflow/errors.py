"""What the rules say when they say no."""


class Refused(Exception):
    """The rules say no. The message is written for the person who asked.

    `code` is stable: the API reports it, and tests and integrators rely on it.
    """

    def __init__(self, message, *, code="state_conflict"):
        super().__init__(message)
        self.code = code


class NotAllowed(Refused):
    """This person may not do this, whatever the state."""

    def __init__(self, message="You are not the one who may do this.", *, code="not_allowed"):
        super().__init__(message, code=code)
