"""The package of somebody without an e-mail address: an officer takes it once, prints the letter, and posts both.

Danger: the whole of a person's data in the hands of an officer, on paper or a data carrier.
Rule: only who handles the case takes it, once, and the ledger says who before the first byte goes out. The letter with
its SHA-256 goes with it. The case stays open, and its clock runs, until the day of posting is written down.
"""

from datetime import date
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.jobs.services import enqueue
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.letters.models import Letter
from privacy.letters.services import note_posted
from privacy.officers.models import Officer
from privacy.register.selectors import local_date
from requests.deciding.cut import cut_of
from requests.deciding.letters import granted, partly_granted
from requests.enums import Outcome, RequestKind, RequestState
from requests.errors import PostRefused
from requests.letters import write_case_letter
from requests.models import AccessPackage, SubjectRequest
from requests.services.locks import unlock_after_recourse
from requests.services.moves import check_authority, check_may_handle, expect, locked, move
from requests.services.packaging import COVERING, EXPIRE_JOB, KEPT_FOR, covering_letter, waiting_package


class Medium(StrEnum):
    """On what the data goes."""

    CARRIER = "carrier"
    PAPER = "paper"


def media_for(case: SubjectRequest) -> tuple[Medium, ...]:
    """On what the answer of a case can go: data to take elsewhere has to stay readable for other systems."""
    return (Medium.CARRIER,) if case.kind == RequestKind.PORTABILITY else tuple(Medium)


@transaction.atomic
def write_covering_letter(*, case: SubjectRequest, officer: Officer, medium: Medium) -> Letter:
    """Write the letter that goes with the package: what is enclosed, on what, and its SHA-256.

    Raises:
        NotAllowed: the case is not this officer's.
        AuthorityNotChecked: who acts for the person may not have the data now.
        PostRefused: no package waits for the post, its letter is written, or the data cannot go like that.
    """
    case, package = _waiting(case, officer)
    if covering_letter(case) is not None:
        raise PostRefused(_("The letter is written. Print it below."))
    if medium not in media_for(case):
        raise PostRefused(_("Data to take elsewhere goes on a data carrier, so that other systems can read it."))
    given: dict[str, Any] = {"package": package, "by_post": medium.value}
    if case.outcome == Outcome.PARTIAL:
        kind, given = "partly_granted", partly_granted(case, cut_of(case).lines) | given
    else:
        kind, given = "package_by_post", granted(case, cut_of(case).lines) | given | {"rows": package.rows}
    letter = write_case_letter(kind=kind, case=case, actor=Actor.officer(officer), **given)
    if letter is None:
        raise PostRefused(_("Nobody may be written to about this case now."))
    return letter


def note_case_letter_posted(*, letter: Letter, officer: Officer) -> Letter:
    """Write down that a letter was posted, if it is not the one that goes with a package.

    Raises:
        privacy.letters.errors.NotAllowed: the letter is not this officer's to send.
        privacy.letters.errors.WrongState: it does not wait for the post.
        PostRefused: it goes with a package, which is posted on a page of its own.
    """
    case = SubjectRequest.objects.filter(pk=letter.case_id).first() if letter.case_id else None
    if case is not None and letter.kind in COVERING and waiting_package(case) is not None:
        raise PostRefused(_("This letter goes with the package: use “Send by post”."))
    return note_posted(letter=letter, officer=officer)


@transaction.atomic
def take_for_post(*, case: SubjectRequest, officer: Officer) -> AccessPackage:
    """Count the one time that an officer takes the package, and write down who did.

    Raises:
        NotAllowed: the case is not this officer's.
        AuthorityNotChecked: who acts for the person may not have the data now.
        PostRefused: no package waits for the post, or it was taken.
    """
    case, package = _waiting(case, officer)
    if not package.downloads_left:
        raise PostRefused(_("It was downloaded, and that is possible once. If the file was lost, make it again."))
    package.downloads_left = 0
    package.save(update_fields=["downloads_left"])
    record(
        action="access_package.given_out_for_post", actor=Actor.officer(officer), target=case,
        data={"sha256": package.digest},
    )  # fmt: skip
    return package


@transaction.atomic
def record_package_posted(*, case: SubjectRequest, officer: Officer, on: date) -> SubjectRequest:
    """Write down that package and letter were posted; the case is completed by it, as by the mail with the link.

    Args:
        on: local date of posting, from the day the package was made to today.

    Raises:
        NotAllowed: the case is not this officer's.
        AuthorityNotChecked: who acts for the person may not have the data now.
        PostRefused: no package waits for the post, nobody took it, it has no letter, or the day cannot be.
    """
    case, package = _waiting(case, officer)
    letter, today = covering_letter(case), local_date(timezone.now())
    if package.downloads_left or letter is None:
        raise PostRefused(_("Write the letter and download the package first."))
    if not local_date(package.created_at) <= on <= today:
        raise PostRefused(_("The day of posting lies between the day the package was made and today."))
    note_posted(letter=letter, officer=officer)
    package.posted_on, package.expires_at = on, timezone.now() + KEPT_FOR
    package.save(update_fields=["posted_on", "expires_at"])
    move(
        case=case, to=RequestState.COMPLETED, action="package_posted", actor=Actor.officer(officer),
        data={"on": on.isoformat(), "sha256": package.digest}, problem="",
    )  # fmt: skip
    unlock_after_recourse(case=case, decided_on=on)
    enqueue(kind=EXPIRE_JOB, slot=str(package.pk), due_at=package.expires_at)
    return case


def _waiting(case: SubjectRequest, officer: Officer) -> tuple[SubjectRequest, AccessPackage]:
    case = locked(case)
    check_may_handle(officer, case)
    expect(case, RequestState.EXECUTING)
    check_authority(case)
    package = waiting_package(case)
    if package is None:
        raise PostRefused(_("No package of this case waits for the post."))
    return case, package
