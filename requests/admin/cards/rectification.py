"""What was decided about each wanted change, and which recipients have to hear of it."""

from typing import Any

from privacy.letters.models import LetterState
from privacy.officers.access import may
from privacy.officers.models import Officer
from requests.admin.cards.shape import Card
from requests.enums import RequestKind
from requests.models import RecipientNotice, SubjectRequest
from requests.purposes import purpose_titles
from requests.services.correcting import undecided_changes, wanted_words


def _changes(case: SubjectRequest, officer: Officer) -> dict[str, Any] | None:
    if case.kind != RequestKind.RECTIFICATION:
        return None
    shows_values = may(officer, "handle_subjectrequest", case, all_of_them="requests.handle_subjectrequest")
    return {
        "corrections": [(each, wanted_words(each)) for each in case.corrections.select_related("source")],
        "open": undecided_changes(case) if case.closed_at is None else [],
        "shows_values": shows_values,
    }


def _notices(case: SubjectRequest, officer: Officer) -> dict[str, Any] | None:
    notices = list(RecipientNotice.objects.filter(case=case).select_related("recipient", "letter", "told_by"))
    if not notices:
        return None
    return {
        "notices": [
            {"notice": each, "is_open": _is_open(each), "purposes": purpose_titles(each.purposes)} for each in notices
        ],
        "may_note": may(officer, "handle_subjectrequest", case, all_of_them="requests.handle_subjectrequest"),
    }


def _is_open(notice: RecipientNotice) -> bool:
    sent = notice.letter is not None and notice.letter.state == LetterState.SENT
    return notice.told_at is None and not sent


CARDS = (
    Card(code="changes", tab="case", template="officer/requests/cards/changes.html", context=_changes),
    Card(
        code="recipient_notices", tab="case", template="officer/requests/cards/recipient_notices.html", context=_notices
    ),
)
