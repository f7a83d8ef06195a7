"""Releasing a legal hold: one officer asks, another approves.

Danger: what a court wants to see is destroyed because one person thought the matter was over, or wished it were.
Rule: two people (`privacy.officers.four_eyes`); and the data is left alone for the grace that every hold has.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.four_eyes import OnePerson, might_be_one
from privacy.officers.models import Officer
from retention.enums import HoldKind
from retention.errors import ReleaseRefused
from retention.models import Hold
from retention.services.holds import end_hold


@transaction.atomic
def ask_for_release(*, hold: Hold, officer: Officer) -> Hold:
    """Ask another officer to approve the release of a legal hold.

    Raises:
        ReleaseRefused: the officer may not, or it is released or asked for already.
    """
    locked = _legal(hold)
    if not officer.has_perm("retention.change_hold"):
        raise ReleaseRefused(_("Your role does not include holds. A Privacy Officer can ask for the release."))
    if locked.release_asked_at is not None:
        raise ReleaseRefused(_("The release is asked for already. Another officer can approve it."))
    locked.release_asked_by, locked.release_asked_at = officer, timezone.now()
    locked.save(update_fields=["release_asked_by", "release_asked_at"])
    record(action="hold.release_asked", actor=Actor.officer(officer), target=locked)
    return locked


@transaction.atomic
def keep_hold(*, hold: Hold, officer: Officer) -> Hold:
    """Let the hold stay: whoever asked thinks again, or the second officer does not approve.

    Raises:
        ReleaseRefused: the officer may not, or nobody asked.
    """
    locked = _asked(hold)
    if not officer.has_perm("retention.change_hold"):
        raise ReleaseRefused(_("Your role does not include holds."))
    locked.release_asked_by, locked.release_asked_at = None, None
    locked.save(update_fields=["release_asked_by", "release_asked_at"])
    record(action="hold.kept", actor=Actor.officer(officer), target=locked)
    return locked


@transaction.atomic
def approve_release(*, hold: Hold, officer: Officer) -> Hold:
    """Approve what another officer asked for.

    Raises:
        ReleaseRefused: the officer may not, might be whoever asked, or nobody asked.
    """
    locked = _asked(hold)
    check_may_approve_release(locked, officer)
    return end_hold(hold=locked, actor=Actor.officer(officer))


def check_may_approve_release(hold: Hold, officer: Officer) -> None:
    """Raise ReleaseRefused unless this officer may be the second one."""
    if not officer.has_perm("retention.release_hold"):
        raise ReleaseRefused(_("Your role does not include the release of legal holds."))
    match might_be_one(hold.release_asked_by, officer, since=hold.placed_at):
        case OnePerson.SAME:
            raise ReleaseRefused(_("You asked for the release, so another officer has to approve it."))
        case OnePerson.TEMPORARY_PASSWORD | OnePerson.HANDED_OVER:
            raise ReleaseRefused(
                _(
                    "Since the hold was placed, one of you was given an account or a temporary password by the other, "
                    "so one person could be both. Ask a third officer."
                )
            )


def _asked(hold: Hold) -> Hold:
    locked = _legal(hold)
    if locked.release_asked_at is None:
        raise ReleaseRefused(_("Nobody has asked for the release of this hold."))
    return locked


def _legal(hold: Hold) -> Hold:
    locked = Hold.objects.select_for_update(of=("self",)).select_related("release_asked_by").get(pk=hold.pk)
    if locked.kind != HoldKind.LEGAL:
        raise ReleaseRefused(_("This hold belongs to a case and ends with it."))
    if locked.released_at is not None:
        raise ReleaseRefused(_("The hold is released already."))
    return locked
