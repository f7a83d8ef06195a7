"""Who asks: how sure we are, who acts for the person, and how it came to be known."""

from datetime import datetime
from typing import Any

from requests.addressees import acts_with_authority, representation_of
from requests.admin.cards.shape import Card
from requests.admin.timeline import LONGEST, lines_of
from requests.models import Representation, SubjectRequest
from requests.selectors import timeline

_STEPS = (
    "submitted", "received", "begun", "represented", "authority_asked", "authority_accepted", "authority_rejected",
    "representation_ended", "identity_matched", "identity_asked", "identity_not_asked", "identity_confirmed",
    "identity_lapsed", "identity_rejected", "dated_back",
)  # fmt: skip


def _identity(case: SubjectRequest, _officer: object) -> dict[str, Any]:
    who = representation_of(case)
    history = timeline(case).filter(action__in=[f"subject_request.{code}" for code in _STEPS])
    return {
        "case": case,
        "on_file_at": datetime.fromisoformat(case.on_file["at"]) if case.on_file else None,
        "who": who,
        "former": Representation.objects.filter(case=case, ended_at__isnull=False).order_by("-ended_at"),
        "has_authority": who is not None and acts_with_authority(who),
        "lines": lines_of(list(history[:LONGEST])),
    }


CARDS = (Card("identity", "identity", "officer/requests/cards/identity.html", _identity),)
