"""What an officer can do with a case, as data: the words of the page that asks for confirmation, and the service that
does it. Deciding and approving have pages of their own, because they show more.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from privacy.officers.models import Officer
from requests import services
from requests.enums import RequestKind
from requests.enums import RequestState as S
from requests.models import SubjectRequest


@dataclass(frozen=True)
class Act:
    """One act. `at` and `kinds` say when it is offered; `done` is said afterwards."""

    code: str
    title: str | Promise
    explanation: tuple[str | Promise, ...]
    button: str | Promise
    done: str | Promise
    at: frozenset[S]
    perform: Callable[[SubjectRequest, Officer], object]
    is_dangerous: bool = False
    kinds: frozenset[RequestKind] = frozenset(RequestKind)

    def fits(self, case: SubjectRequest) -> bool:
        """Whether it can be done with the case as it stands."""
        return case.state in self.at and case.kind in self.kinds

    @property
    def path(self) -> str:
        return self.code.replace("_", "-")

    @property
    def url_name(self) -> str:
        return f"requests_subjectrequest_{self.code}"


ACTS = (
    Act(
        code="confirm_identity",
        title=_("Confirm identity"),
        explanation=(
            _("You vouch that the person who asks is the person the data is about."),
            _("Their data is then looked for in every source. Nothing is changed in any source."),
        ),
        button=_("Confirm identity"),
        done=_("Identity confirmed. The data is being looked for."),
        at=frozenset({S.RECEIVED}),
        perform=lambda case, officer: services.confirm_identity(case=case, officer=officer),
    ),
    Act(
        code="reject_identity",
        title=_("Reject identity"),
        explanation=(
            _("You do not believe that the person who asks is the person the data is about."),
            _("The case is closed, and a letter tells the person how they can show who they are and ask again."),
        ),
        button=_("Reject and close"),
        done=_("The case is closed, and the person is told how to go on."),
        at=frozenset({S.RECEIVED}),
        perform=lambda case, officer: services.reject_identity(case=case, officer=officer),
        is_dangerous=True,
    ),
    Act(
        code="replan",
        title=_("Find the data again"),
        explanation=(
            _("Every source is asked anew. The present plan is replaced by what is found now."),
            _("Nothing is changed in any source."),
        ),
        button=_("Find the data again"),
        done=_("The data is being looked for again."),
        at=frozenset({S.PLANNING, S.DECIDING}),
        perform=lambda case, officer: services.replan(case=case, officer=officer),
    ),
    Act(
        code="rebuild_package",
        title=_("Make the package again"),
        explanation=(
            _("Every source is read anew, and the package is made from what is found now."),
            _("Nothing is changed in any source. The person is written to when the package is ready."),
        ),
        button=_("Make the package again"),
        done=_("The package is being made again."),
        at=frozenset({S.EXECUTING}),
        kinds=frozenset({RequestKind.ACCESS}),
        perform=lambda case, officer: services.rebuild_package(case=case, officer=officer),
    ),
    Act(
        code="return_to_decision",
        title=_("Return to decision"),
        explanation=(
            _("The erasure is not approved. The case goes back to be decided again."),
            _("Nothing is changed in any source, and the person is not written to."),
        ),
        button=_("Return to decision"),
        done=_("The case is to be decided again."),
        at=frozenset({S.AWAITING_APPROVAL}),
        perform=lambda case, officer: services.return_to_decision(case=case, officer=officer),
    ),
)
