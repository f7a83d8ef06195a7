"""Why something is not written into the disclosure log."""


class DisclosureRefused(Exception):
    """It does not stand. `field` is the one at fault, `message` says what to do; neither holds personal data."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class KeyReused(Exception):
    """An Idempotency-Key came with another body before."""
