"""What can go wrong with the register."""

from django.utils.translation import gettext as _


class ProfileMissing(Exception):
    def __init__(self) -> None:
        super().__init__(
            "this organisation has lost its profile, with which every organisation is made: restore row 1 of"
            " register_organisationprofile from a backup"
        )


class HolidayInvalid(Exception):
    """A day that cannot be added to a calendar; the message says why, in words for the officer."""


class NoticeNotDraft(Exception):
    """What is asked for does not fit the standing of a privacy notice; the message says what to do."""

    def __init__(self) -> None:
        super().__init__(_("This notice has moved on. Open its page again; a change of its words is a new version."))


class NoticeScheduled(Exception):
    """A notice cannot be put into force before the day that people were told; the message says what to do.

    Args:
        day: the day, in words.
    """

    def __init__(self, day: str) -> None:
        words = _(
            "People were told that this notice is in force from %(day)s. To have it in force earlier, take it back "
            "first, then put it into force and tell people of it again."
        )
        super().__init__(words % {"day": day})


class NoticeIncomplete(Exception):
    """A notice cannot be scheduled like this; the message says what is missing."""
