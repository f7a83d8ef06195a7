"""What can be wrong with an announcement."""


class CannotAnnounce(Exception):
    """It cannot be begun, stopped or gone on with; the message says why, in words for the officer."""


class AcceptanceRefused(Exception):
    """An acceptance that would be recorded as more than it is; field: what the caller has to send otherwise."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message
