"""Noting whether the person is a minor."""

from django.utils.translation import gettext_lazy as _

from requests.admin.acts.shape import Act
from requests.services.minors import BEFORE_APPROVAL, note_minor

ACTS = (
    Act(
        code="note_minor",
        title=_("The person is a minor"),
        explanation=(
            _("The case is marked. An erasure is worked on before all others: its target is today."),
            _("Once approved, the erasure of a minor's data begins at once, without days to cancel."),
        ),
        button=_("Note it"),
        done=_("Noted: the person is a minor."),
        at=BEFORE_APPROVAL,
        offered=lambda case: not case.is_minor,
        perform=lambda case, officer: note_minor(case=case, officer=officer, is_minor=True),
    ),
    Act(
        code="note_no_minor",
        title=_("The person is no minor"),
        explanation=(_("The mark is taken away. An erasure has its ordinary target again, and days to cancel."),),
        button=_("Note it"),
        done=_("Noted: the person is no minor."),
        at=BEFORE_APPROVAL,
        offered=lambda case: case.is_minor,
        perform=lambda case, officer: note_minor(case=case, officer=officer, is_minor=False),
    ),
)
