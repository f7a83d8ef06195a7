"""What can go wrong with the embedded servers, in words that say what to do."""


class EmbeddedServerError(RuntimeError):
    """An embedded server cannot be made, started or stopped."""
