"""What can be wrong with an announcement."""


class CannotAnnounce(Exception):
    """It cannot be begun, stopped or gone on with; the message says why, in words for the officer."""
