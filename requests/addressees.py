"""To whom the letters of a case go.

Danger: what concerns a person reaches somebody who merely claims to act for them.
Rule: before an officer has checked by what right, a representative gets only what asks for evidence of it or says that
the case goes no further. From then on the letters of the case are theirs, for as long as the authority lasts.
"""

from dataclasses import dataclass

from django.utils import timezone

from privacy.letters.standing_in import ActedFor
from privacy.register.selectors import local_date
from privacy.subjects.identifiers import IdentifierKind
from privacy.subjects.services import identifier_of
from requests.enums import Channel
from requests.models import Representation, SubjectRequest

BEFORE_AUTHORITY = frozenset(
    (
        "confirm", "tracking", "authority_needed", "file_asked", "identity_needed", "authority_rejected",
        "identity_lapsed", "not_confirmed", "withdrawn",
    )
)  # fmt: skip
"""What a representative may get before their authority was checked: it says nothing of the person."""


@dataclass(frozen=True)
class Addressee:
    """`email` is None when there is no address: the letter goes by post, if at all.

    acts_for: whom the case is about, where the addressee is somebody else; named once their authority was seen.
    """

    name: str | None
    email: str | None
    acts_for: ActedFor | None = None


def addressee_of(case: SubjectRequest, kind: str) -> Addressee | None:
    """Who gets a letter of a case; None when nobody may get this one now.

    Args:
        kind: of the letter, without `case_`.
    """
    representation = representation_of(case)
    if representation is None:
        return Addressee(case.name, identifier_of(case.subject, IdentifierKind.EMAIL))
    if kind in BEFORE_AUTHORITY or acts_with_authority(representation):
        return Addressee(representation.name, representation.email, acts_for=_about(case, representation))
    return None


def about_another(case: SubjectRequest) -> ActedFor | None:
    """Whom a case is about, for the pages and files of who acts for them; None where the person asks themselves."""
    representation = representation_of(case)
    return _about(case, representation) if representation is not None else None


def _about(case: SubjectRequest, representation: Representation) -> ActedFor:
    return ActedFor(case.name if acts_with_authority(representation) else None)


def representation_of(case: SubjectRequest) -> Representation | None:
    """Who asks in the person's name now; None when they ask themselves."""
    return Representation.objects.filter(case_id=case.pk, ended_at__isnull=True).first()


def is_reached_by_post(case: SubjectRequest) -> bool:
    """Whether the answer of a case has to be posted: whoever gets it has no e-mail address that we know.

    A case of the portal began with an address; where it is gone, nobody knows where to send anything.
    """
    to = addressee_of(case, "package_by_post")
    return to is not None and to.email is None and case.channel != Channel.PORTAL


def may_get_the_data(case: SubjectRequest) -> bool:
    """Whether whoever asks may have the person's data now: the person, or who acts for them with authority today."""
    representation = representation_of(case)
    return representation is None or acts_with_authority(representation)


def acts_with_authority(representation: Representation) -> bool:
    """Whether the authority was checked and has not ended."""
    until = representation.valid_until
    return representation.checked_at is not None and (until is None or local_date(timezone.now()) <= until)
