"""What the closing of an organisation refuses. Messages say what to do and hold no personal data."""

from django.utils.translation import gettext as _


class OffboardingError(Exception):
    """Base of everything this app refuses."""


class AlreadyCancelled(OffboardingError):
    def __init__(self) -> None:
        super().__init__(_("The organisation is cancelled already. Look at its page for the date of its destruction."))


class CannotUndo(OffboardingError):
    def __init__(self) -> None:
        super().__init__(_("There is nothing to undo: the organisation is not cancelled, or its last day is over."))


class ReasonMissing(OffboardingError):
    def __init__(self) -> None:
        super().__init__(_("Say why the organisation is cancelled, in 200 characters at most."))


class NotCancelled(OffboardingError):
    def __init__(self) -> None:
        super().__init__(_("A complete export is made while the organisation is cancelled, and it is not."))


class ExportUnderWay(OffboardingError):
    def __init__(self) -> None:
        super().__init__(_("An export is being made. Wait until it is ready."))


class ExportGone(OffboardingError):
    def __init__(self) -> None:
        super().__init__(_("The file of this export is not there. Make a new one."))


class NotAllowed(OffboardingError):
    def __init__(self) -> None:
        super().__init__(_("Your role does not include the export of everything. A Privacy Officer can make it."))
