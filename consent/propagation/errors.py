"""Why a withdrawal cannot be marked as passed on. None holds personal data."""


class PropagationError(ValueError):
    """The message says what to do."""


class HowMissing(PropagationError):
    """Nobody said how they were told."""


class TaskNotOpen(PropagationError):
    """It is closed already."""
