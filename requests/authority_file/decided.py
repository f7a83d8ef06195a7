"""The decision with its grounds, and who approved it."""

from typing import Any

from django.utils.translation import gettext as _

from requests.authority_file.grounds import grounds_of
from requests.authority_file.shape import For, moment
from requests.models import CaseAnswer, SubjectRequest


def decision(case: SubjectRequest, reader: For) -> dict[str, Any] | None:
    """The outcome with its grounds. A ground that must stay secret is marked, and is not in the person's copy."""
    if case.decided_at is None:
        return None
    to_authority = reader is For.AUTHORITY
    answer = CaseAnswer.objects.filter(case=case).first()
    by = case.decided_by.full_name if case.decided_by else _("a former officer")
    return {
        "at": moment(case.decided_at),
        "by": by if to_authority else None,
        "outcome": str(case.get_outcome_display()),
        "grounds": grounds_of(case, with_secret=to_authority),
        "answer": answer.text if answer else None,
        "is_changed": answer.is_changed if answer else None,
        "new_decision": answer.new_decision if answer else None,
        "approvals": [
            {"at": moment(each.approved_at), "by": each.officer.full_name if to_authority else None}
            for each in case.approvals.select_related("officer").order_by("id")
        ],
    }
