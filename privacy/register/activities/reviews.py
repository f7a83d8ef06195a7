"""When something in the record is looked at again: a day to come, a year away at most."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.register.activities.errors import ReviewInvalid
from privacy.register.activities.models import ProcessingActivity
from privacy.register.selectors import local_date

LONGEST = timedelta(days=366)


def check_review(day: date) -> None:
    """Raise ReviewInvalid unless the next review can be on this day."""
    today = local_date(timezone.now())
    if day <= today:
        raise ReviewInvalid(_("The next review is on a day to come."))
    if day > today + LONGEST:
        raise ReviewInvalid(_("The next review is a year from now at the latest."))


@transaction.atomic
def review_activity(*, activity: ProcessingActivity, review_on: date, actor: Actor) -> ProcessingActivity:
    """Write down that an activity was looked at today and is described rightly.

    Args:
        review_on: when it is looked at next.

    Raises:
        ReviewInvalid: that is not a day to come within a year.
    """
    check_review(review_on)
    locked = ProcessingActivity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    locked.reviewed_on, locked.review_on = local_date(timezone.now()), review_on
    locked.save(update_fields=["reviewed_on", "review_on"])
    record(action="activity.reviewed", actor=actor, target=locked, data={"review_on": review_on.isoformat()})
    return locked
