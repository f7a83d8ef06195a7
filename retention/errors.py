"""What retention refuses. Messages say what to do and hold no personal data."""

from django.utils.translation import gettext as _


class RetentionError(Exception):
    """Base of everything this app refuses."""


class RuleInvalid(RetentionError):
    """The rule contradicts itself or the data map."""


class PeriodInvalid(RetentionError):
    """The period has no unit, no length, or is longer than anybody keeps anything."""


class TemplateRefused(RetentionError):
    """A ready-made rule does not fit here, or contradicts another; says which and why."""


class RuleNotActive(RetentionError):
    def __init__(self) -> None:
        super().__init__(_("The rule is not active; activate it first."))


class RuleNotInForce(RetentionError):
    def __init__(self) -> None:
        super().__init__(_("The rule is not in force today: see the days it is in force from and until."))


class RuleChanged(RetentionError):
    def __init__(self) -> None:
        super().__init__(_("The rule was changed meanwhile; look at it again and start a new run."))


class DueChanged(RetentionError):
    def __init__(self) -> None:
        super().__init__(_("What is due has changed since you looked. Look again; nothing was started."))


class RunOutdated(RetentionError):
    def __init__(self) -> None:
        super().__init__(
            _(
                "The rule, a statutory minimum or the data map was changed since this run was planned, so nobody can "
                "approve it. Decline it and start a new run; otherwise the next day plans one."
            )
        )


class RunUnderWay(RetentionError):
    def __init__(self) -> None:
        super().__init__(_("A run of this rule is under way; wait until it has ended."))


class SecondOfficerNeeded(RetentionError):
    """Who wrote or started it cannot approve it, neither as themselves nor through another account."""


class NothingToApprove(RetentionError):
    def __init__(self) -> None:
        super().__init__(_("This run does not wait for approval."))


class RunPlanChanged(RetentionError):
    def __init__(self) -> None:
        super().__init__(_("The plan was made anew since you looked. Look at it again before you approve."))


class RunCannotResume(RetentionError):
    """The run ended for good, or what it was made for has changed."""


class RunCannotPause(RetentionError):
    """The run is not going on."""


class RunCannotCancel(RetentionError):
    """The run ended already."""


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


class ReleaseRefused(RetentionError):
    """The hold is not released, or not by this officer; says who can."""


class NothingCameBack(RetentionError):
    def __init__(self) -> None:
        super().__init__(_("Nothing of erased people is known to be in this source; look for them first."))


class ExtentUnknown(RetentionError):
    """People came back of whom nobody here can say which part of their data was to be kept; `rows` name them."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        super().__init__(
            _(
                "%(rows)s rows name people who were erased, of whom this portal has no record which part of their data "
                "was to be kept. They are not erased again by themselves: a newer export of erasures may say it; "
                "otherwise an officer decides about each finding."
            )
            % {"rows": rows}
        )


class NothingFree(RetentionError):
    def __init__(self) -> None:
        super().__init__(
            _("Every row that an erasure left here is still kept by law, or gone, or not the same any more.")
        )


class ReplayNotOpen(RetentionError):
    def __init__(self) -> None:
        super().__init__(_("This erasure does not wait for approval: it was approved, stopped, or needs none."))


class ErasuresFileInvalid(RetentionError):
    """The file is none of ours, another organisation's, altered, or cut."""
