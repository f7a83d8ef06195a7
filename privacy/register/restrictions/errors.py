"""What the register of restrictions refuses. Messages say what to do and hold no personal data."""

from datetime import datetime

from django.utils.translation import gettext as _


class RestrictionError(Exception):
    """Base of everything this app refuses."""


class RestrictionInvalid(RestrictionError):
    """The restriction does not say what it is about, or from when."""


class LiftRefused(RestrictionError):
    """The restriction is not lifted in this way."""


class PersonNotTold(RestrictionError):
    """Who obtained a restriction is told before it is lifted (GDPR Art. 18(3))."""

    def __init__(self) -> None:
        super().__init__(
            _("Tell the person first that the restriction will be lifted, and give the day on which they were told.")
        )


class ProcessingRestricted(RestrictionError):
    """The person's data may not be used for this now.

    Args:
        kind: a `RestrictionKind`.
        since: from when on.
    """

    def __init__(self, kind: str, since: datetime) -> None:
        super().__init__(
            _("This person objected to this use of their data, or had it restricted. Do not use the data for it.")
        )
        self.kind = kind
        self.since = since
