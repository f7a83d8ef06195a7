"""Letters of a case that have to be printed and posted, because no e-mail address of the person is known."""

from typing import Any

from privacy.letters.access import may_send
from privacy.letters.models import Letter, LetterState
from privacy.officers.models import Officer
from requests.admin.cards.shape import Card
from requests.models import SubjectRequest


def _post(case: SubjectRequest, officer: Officer) -> dict[str, Any] | None:
    waiting = list(Letter.objects.filter(case_id=case.pk, state=LetterState.BY_POST).order_by("created_at"))
    return {"letters": waiting, "may_send": may_send(officer, waiting[0]), "case": case} if waiting else None


CARDS = (Card("post", "case", "officer/requests/cards/post.html", _post),)
