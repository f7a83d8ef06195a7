"""Letters of a case that have to be printed and posted, because no e-mail address of the person is known."""

from typing import Any

from privacy.letters.access import may_send
from privacy.letters.models import Letter, LetterState
from privacy.officers.models import Officer
from requests.admin.cards.shape import Card
from requests.models import SubjectRequest
from requests.services.packaging import COVERING, waiting_package


def _post(case: SubjectRequest, officer: Officer) -> dict[str, Any] | None:
    letters = Letter.objects.filter(case_id=case.pk, state=LetterState.BY_POST)
    if waiting_package(case) is not None:  # their letter is on the page on which the package is posted
        letters = letters.exclude(kind__in=COVERING)
    waiting = list(letters.order_by("created_at"))
    return {"letters": waiting, "may_send": may_send(officer, waiting[0]), "case": case} if waiting else None


CARDS = (Card("post", "case", "officer/requests/cards/post.html", _post),)
