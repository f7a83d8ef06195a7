"""Who looked at a case file (ASVS 5.0, 16.3.2): once for each officer and hour, so that reloading writes nothing."""

from datetime import timedelta

from django.utils import timezone

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer
from requests.models import SubjectRequest
from requests.selectors import timeline

VIEWED = "subject_request.viewed"
NOT_AGAIN_FOR = timedelta(hours=1)


def note_view(*, case: SubjectRequest, officer: Officer) -> None:
    """Write down that an officer opened a case file, unless that is written already for this hour."""
    actor = Actor.officer(officer)
    since = timezone.now() - NOT_AGAIN_FOR
    recent = timeline(case).filter(action=VIEWED, actor_kind=actor.kind, actor_id=actor.id, recorded_at__gt=since)
    if not recent.exists():
        record(action=VIEWED, actor=actor, target=case)
