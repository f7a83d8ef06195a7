"""What the record of processing activities refuses. Messages say what to do and hold no personal data."""


class ActivityError(Exception):
    """Base of everything this app refuses."""


class ReviewInvalid(ActivityError):
    """The next review is not a day that can be."""


class ProcessingInvalid(ActivityError):
    """Processing without consent that does not say on what it rests, what it is about, or when it is looked at again.

    Args:
        field: the part that is wrong, as the form names it.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class ProcessingRefused(ActivityError):
    """The officer may not do this, or not any more."""
