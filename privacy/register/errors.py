"""What can go wrong with the register."""


class ProfileMissing(Exception):
    def __init__(self) -> None:
        super().__init__(
            "this organisation has lost its profile, with which every organisation is made: restore row 1 of"
            " register_organisationprofile from a backup"
        )


class HolidayInvalid(Exception):
    """A day that cannot be added to a calendar; the message says why, in words for the officer."""
