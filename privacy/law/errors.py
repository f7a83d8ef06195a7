"""What can go wrong between a rule file and a date. Every message says where and what to do."""


class LawError(Exception):
    """Base of everything this app raises on purpose."""


class RuleFileError(LawError):
    """A data file is wrong: names the file, the key and the repair."""

    def __init__(self, *, file: str, key: str, problem: str) -> None:
        self.file, self.key, self.problem = file, key, problem
        super().__init__(f"{file}: {key}: {problem}")


class UnknownLaw(LawError):
    """No jurisdiction, rule, authority or ground of that name, or none in force on that day."""


class CalendarError(LawError):
    """Holidays were asked of a calendar that is missing, unknown or empty. Unknown is never 'no holidays'."""


class ClockError(LawError):
    """The history given to a clock contradicts itself (an answer to nothing asked, events out of order)."""


class ExtensionNotAllowed(LawError):
    """The law does not allow this extension: too late, too long, too often, or not at all."""


class PeriodError(LawError):
    """A length of time that cannot be counted: none, negative, beyond the calendar, or in mixed units."""


class SnapshotError(LawError):
    """A stored rule that this release cannot read back. Show what is stored; do not compute with it."""


class FeeNotAllowed(LawError):
    """The rule knows no fee, or no day on which an unanswered estimate lapses."""
