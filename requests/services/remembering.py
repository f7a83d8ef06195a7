"""What our own records keep of a person, and what they forget.

The portal obeys the rules it carries out. After an erasure the case file stays, for the organisation has to be able to
show what it did (ISO/IEC 27555; GDPR art. 5(2)): e-mail address, letters, plan and ledger. So do the entries of the
disclosure log: those who got the data have to be told of the erasure (GDPR art. 19). Name, free text, notes of
disclosures, and copies made for the person go.
"""

from privacy.ledger.actors import SYSTEM
from privacy.letters.models import Letter
from privacy.register.disclosures.recording import forget_notes
from privacy.subjects.models import MailLink, Subject
from requests.fulfilment.deleting import delete_package
from requests.models import AccessPackage, Representation, SubjectRequest
from requests.services.packaging import DOWNLOADS
from retention.holding import holds_on

_WORDS: dict[str, None] = dict.fromkeys(("name", "details", "particulars", "received_reason", "closing_reason"))


def forget_after_erasure(*, case: SubjectRequest) -> None:
    """Remove name, free text, notes of disclosures and access packages of a person whose data was erased; other open
    cases keep theirs.

    A copy that the person asked for as well and has not fetched yet stays until it expires: it is their answer.
    """
    waiting = [*copies_not_fetched(case.subject), *_not_posted(case.subject)]
    for package in AccessPackage.objects.filter(case__subject=case.subject, deleted_at__isnull=True):
        if package not in waiting:
            delete_package(package=package, actor=SYSTEM)
    SubjectRequest.objects.filter(subject=case.subject, closed_at__isnull=False).update(**_WORDS)
    SubjectRequest.objects.filter(pk=case.pk).update(**_WORDS)
    Subject.objects.filter(pk=case.subject_id).update(name=None)
    forget_notes(subject_id=case.subject_id)


def copies_not_fetched(subject: Subject) -> list[AccessPackage]:
    """Access packages of a person that can be downloaded and never were, the one that stays longest first."""
    never = AccessPackage.objects.filter(case__subject=subject, downloads_left=DOWNLOADS).order_by("-expires_at")
    return [package for package in never if package.is_available]


def _not_posted(subject: Subject) -> list[AccessPackage]:
    """Packages of a person that an officer still has to post."""
    for_post = AccessPackage.objects.filter(case__subject=subject, for_post=True)
    return [package for package in for_post if package.waits_for_post]


def forget_words(*, case: SubjectRequest) -> None:
    """Remove what was typed, but for addresses, by somebody who never showed that an address is theirs."""
    SubjectRequest.objects.filter(pk=case.pk).update(**_WORDS)
    for name in _WORDS:
        setattr(case, name, None)
    Representation.objects.filter(case=case).update(name="")


def forget_addresses(*, case: SubjectRequest, but: Letter | None) -> None:
    """Remove the addresses that they typed, and what was written there.

    Args:
        but: the letter that says that the case was closed; it goes with the organisation's rule for letters.
    """
    Representation.objects.filter(case=case).delete()
    letters = Letter.objects.filter(case_id=case.pk)
    (letters.exclude(pk=but.pk) if but else letters).delete()
    MailLink.objects.filter(target_id=case.pk).delete()
    if not _known_otherwise(case):
        case.subject.identifiers.all().delete()
        Subject.objects.filter(pk=case.subject_id).update(name=None)


def _known_otherwise(case: SubjectRequest) -> bool:
    """A stranger's typing must not take from a hold whom it names, nor from a run whom it was about."""
    subject = case.subject
    return (
        subject.requests.exclude(pk=case.pk).exists()
        or subject.consents.exists()
        or subject.disclosures.exists()
        or holds_on(subject).exists()
        or subject.runs.exists()
        or subject.identifiers.filter(verified_at__isnull=False).exists()
    )
