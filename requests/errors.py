"""What can go wrong with a case. Messages say what to do and hold no personal data; they are shown to people."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from privacy.tenants.sent_pages import SENT_BEFORE


class CaseError(Exception):
    """Base of what an act on a case refuses; the message may be shown to whoever tried."""


class WrongState(CaseError):
    """The act does not fit the stage that the case is in."""

    def __init__(self, stage: str | Promise) -> None:
        super().__init__(
            _("This cannot be done while the case is at the stage “%(stage)s”. Reload the page to see what is next.")
            % {"stage": stage}
        )


class NotAllowed(CaseError):
    """The officer may not do this with this case."""

    def __init__(self, message: str = "") -> None:
        super().__init__(
            message or _("You may not do this with this case. Ask the Privacy Officer to assign it to you.")
        )


class PostRefused(CaseError):
    """A package cannot be posted like this; the message says why."""


class TaskHeld(CaseError):
    """Nothing may be deleted now."""

    def __init__(self) -> None:
        super().__init__(_("The person's data is under a hold: leave it as it is until the hold is released."))


class TaskRefused(CaseError):
    """A task cannot be declared like this; the message says why."""


class SecondOfficerNeeded(NotAllowed):
    """Whoever decided an erasure cannot approve it, neither as themselves nor through another account."""

    def __init__(self, message: str = "") -> None:
        super().__init__(
            message
            or _(
                "You decided this case, so another officer has to approve it. "
                "Ask a colleague, or return it to decision."
            )
        )


class ConflictOfInterest(NotAllowed):
    """Whoever handled the case complained of has no say in the complaint; the message says who can instead."""


class AnswerInvalid(CaseError):
    """The case cannot be answered like this; the message says what is missing."""


class ComplaintRefused(CaseError):
    """This cannot be done with the complaint; the message says why."""


class ClockRefused(CaseError):
    """The law of the case does not allow this event of its clocks; the message says what it wants."""


class FeeRefused(CaseError):
    """No such fee may be asked, or there is none to be answered; the message says why."""


class FeeChanged(FeeRefused):
    """The estimate that the person read is not the one that waits for an answer."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The cost has changed since you opened this page, and nothing was recorded. "
                "Read the new cost, then answer."
            )
        )


class QuestionRefused(CaseError):
    """The person cannot be asked like this, or has nothing to reply to; the message says why."""


class ReminderRefused(CaseError):
    """Nobody can be reminded of the case now; the message says why."""


class AcknowledgementRefused(CaseError):
    """The case is not to be acknowledged now; the message says why."""


class JoiningRefused(CaseError):
    """The two cases are not the same request; the message says why."""


class PageSentBefore(CaseError):
    """A page comes again, with other words than the first time."""

    def __init__(self) -> None:
        super().__init__(str(SENT_BEFORE))


class PlanChanged(CaseError):
    """The plan that the officer saw is not the plan of the case any more."""

    def __init__(self) -> None:
        super().__init__(_("The plan has changed since you opened the page. Look at the new plan first."))


class SourcesNotPlanned(PlanChanged):
    """Sources are on of which the plan says nothing."""

    def __init__(self, names: str) -> None:
        words = _("The plan says nothing about %(names)s: switched on since it was made. Find the data again first.")
        CaseError.__init__(self, words % {"names": names})


class PlanMissing(CaseError):
    """There is no plan to carry out."""

    def __init__(self) -> None:
        super().__init__(_("There is no plan yet. Find the data again, then decide."))


class GroundInvalid(CaseError):
    """A refusal without a ground in law, or with one that cannot be told to the person."""


class JoinRefused(CaseError):
    """Two cases that are not one; the message says why."""


class AuthorityNotChecked(CaseError):
    """Somebody asks for another person, and nobody looked yet by what right; or that right has ended."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or _("Check the representative's authority before you decide this case."))


class KeyReused(CaseError):
    """An Idempotency-Key came with another body before."""


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong with a decision: of which line (None: of all), in which field, and what to do."""

    line: tuple[str, int, str] | None
    field: str
    words: str


class DecisionInvalid(GroundInvalid):
    """A decision part by part cannot be made as it was entered; `problems` says of every line what is wrong."""

    def __init__(self, problems: Sequence[Wrong]) -> None:
        super().__init__(" ".join(dict.fromkeys(each.words for each in problems)))
        self.problems = tuple(problems)


class DecisionOutdated(CaseError):
    """Something was met that nobody has decided on."""

    def __init__(self) -> None:
        super().__init__(_("The data has changed since the decision. Decide again on what is found now."))


class ChangeInvalid(CaseError):
    """A wanted change cannot be decided like this; `number` is its place, None when it is about all of them."""

    def __init__(self, message: str, number: int | None = None) -> None:
        super().__init__(message)
        self.number = number


class ScopesChanged(ChangeInvalid):
    """What was decided on is not what the case is about: a colleague noted other purposes meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "A colleague has changed which purposes this case is about since you opened the page. Nothing was "
                "decided. Look at the purposes below and decide on each of them."
            )
        )


class SourceAway(CaseError):
    """A source cannot be read now."""

    def __init__(self) -> None:
        super().__init__(_("A source cannot be read now. Try again in some minutes, or look at it in the data map."))


class RequestInvalid(CaseError):
    """What was entered cannot be used; `field` names which part of it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class PackageGone(CaseError):
    """The access package cannot be downloaded any more."""

    def __init__(self) -> None:
        super().__init__(
            _("This file is gone: its time has passed or it was downloaded too often. Ask for your data again.")
        )
