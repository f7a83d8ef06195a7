"""What retention refuses. Messages say what to do and hold no personal data."""

from django.utils.translation import gettext as _


class RetentionError(Exception):
    """Base of everything this app refuses."""


class RuleInvalid(RetentionError):
    """The rule contradicts itself or the data map."""


class RuleNotActive(RetentionError):
    def __init__(self) -> None:
        super().__init__(_("The rule is not active; activate it first."))


class RuleChanged(RetentionError):
    def __init__(self) -> None:
        super().__init__(_("The rule was changed meanwhile; look at it again and start a new run."))


class RunUnderWay(RetentionError):
    def __init__(self) -> None:
        super().__init__(_("A run of this rule is under way; wait until it has ended."))


class RunCannotResume(RetentionError):
    """The run ended for good, or what it was made for has changed."""


class NothingPlanned(RetentionError):
    def __init__(self) -> None:
        super().__init__(_("The plan names no source; plan again after a source was connected."))


class HoldInvalid(RetentionError):
    """The hold does not say what it holds."""


class HoldNamesNobody(RetentionError):
    def __init__(self) -> None:
        super().__init__(_("A hold has lost the person it names. Release it and place it anew; nothing is changed."))


class IllegalMove(RetentionError):
    def __init__(self, before: str, after: str) -> None:
        super().__init__(f"a run that is {before} cannot become {after}")


class NothingCameBack(RetentionError):
    def __init__(self) -> None:
        super().__init__(_("Nothing of erased people is known to be in this source; look for them first."))


class ReplayNotOpen(RetentionError):
    def __init__(self) -> None:
        super().__init__(_("This erasure does not wait for approval: it was approved, stopped, or needs none."))


class SecondOfficerNeeded(RetentionError):
    """One person alone may not decide what is destroyed."""


class ErasuresFileInvalid(RetentionError):
    """The file is none of ours, another organisation's, altered, or cut."""
