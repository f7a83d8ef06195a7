"""Acts that most kinds of cases have in common."""

from django.utils.translation import gettext_lazy as _

from requests import services
from requests.admin.acts.shape import Act
from requests.enums import RequestState as S
from requests.services.packaging import may_be_made_again
from requests.services.planning import waits_for_source_off
from requests.traits import TRAITS, Answer

_WITH_PACKAGE = frozenset(kind for kind, traits in TRAITS.items() if traits.answer is Answer.PACKAGE)
_WITH_PLAN = frozenset(kind for kind, traits in TRAITS.items() if traits.looks_for_data)

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
            _("Nothing is changed in any source. What was decided already is decided again."),
        ),
        button=_("Find the data again"),
        done=_("The data is being looked for again."),
        at=frozenset({S.PLANNING, S.DECIDING, S.EXECUTING}),
        kinds=_WITH_PLAN,
        offered=lambda case: case.state != S.EXECUTING or waits_for_source_off(case),
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
        kinds=_WITH_PACKAGE,
        offered=may_be_made_again,
        perform=lambda case, officer: services.rebuild_package(case=case, officer=officer),
    ),
    Act(
        code="return_to_decision",
        title=_("Return to decision"),
        explanation=(
            _("The erasure does not begin, and an approval is void. The case goes back to be decided again."),
            _("Nothing is changed in any source, and the person is not written to."),
        ),
        button=_("Return to decision"),
        done=_("The case is to be decided again."),
        at=frozenset({S.AWAITING_APPROVAL, S.COOLING_OFF}),
        perform=lambda case, officer: services.return_to_decision(case=case, officer=officer),
    ),
)
