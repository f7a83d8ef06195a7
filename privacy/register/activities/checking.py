"""What is to be checked in the record of processing: what the law wants said and nobody has said yet, and what does not
fit together.

Everything is computed when it is asked for, in a constant number of queries; nothing is stored, so nothing is stale.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from privacy.register.activities.models import ProcessingActivity, ProcessingWithoutConsent, Standing
from privacy.register.activities.selectors import active_activities
from privacy.register.activities.transfers import transfer_to
from privacy.register.models import LawfulBasis, Purpose, Recipient
from privacy.register.selectors import local_date, profile


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to check.

    Args:
        code: what it is, stable.
        about: what it is about, as its page is called.
        words: what is wrong, and what to do.
        link: the page on which it is put right.
    """

    code: str
    about: str
    words: str
    link: str


def remarks() -> list[Remark]:
    """Everything that is to be checked, activities first, by name."""
    today, home = local_date(timezone.now()), profile().country
    activities = list(active_activities(today))
    found = [remark for each in activities for remark in _of_activity(each, today, home)]
    return [*found, *_alone(activities, today), *_without_consent(today)]


def _of_activity(activity: ProcessingActivity, today: date, home: str) -> Iterator[Remark]:
    purposes = list(activity.purposes.all())
    if not purposes:
        yield _remark("no_purpose", activity, _("It names no purpose. Choose what the data is used for."))
    for purpose in purposes:
        yield from _of_purpose(activity, purpose)
    if activity.special_categories and not activity.special_condition:
        yield _remark("no_condition", activity, _("It needs special categories of data. Say what allows that."))
    for recipient in activity.recipients.all():
        transfer = transfer_to(recipient, home)
        if transfer is not None and not transfer.is_protected:
            facts = {"name": transfer.recipient, "country": transfer.country}
            words = _(
                "Data goes to %(name)s in %(country)s without a safeguard. Name one with the recipient, or stop it."
            )
            yield _remark("no_safeguard", activity, words % facts)
    if not activity.retention:
        yield _remark("no_retention", activity, _("It does not say when the data is erased."))
    if not activity.security:
        yield _remark("no_security", activity, _("It does not say how the data is protected."))
    if activity.review_on <= today:
        yield _remark("review_due", activity, _("Its review is due since %(day)s.") % {"day": _day(activity.review_on)})


def _of_purpose(activity: ProcessingActivity, purpose: Purpose) -> Iterator[Remark]:
    name = {"name": purpose.title}
    if purpose.is_prohibited:
        words = _("The policy promises never to do this: %(name)s. Stop it, or take the purpose out.")
        yield _remark("prohibited", activity, words % name)
    if not purpose.lawful_basis:
        yield _remark("no_basis", activity, _("The purpose %(name)s has no lawful basis.") % name)
    if purpose.lawful_basis == LawfulBasis.LEGITIMATE_INTERESTS and not activity.interests:
        words = _("%(name)s rests on legitimate interests. Say which they are and how they were weighed.")
        yield _remark("no_interests", activity, words % name)


def _alone(activities: list[ProcessingActivity], today: date) -> Iterator[Remark]:
    """Purposes and recipients that no activity names: either they are not used, or an activity is missing."""
    purposes = {purpose.pk for each in activities for purpose in each.purposes.all()}
    for purpose in Purpose.objects.filter(is_prohibited=False):
        if purpose.pk not in purposes:
            words = _("This purpose belongs to no activity. Describe what is done for it.")
            yield _remark("purpose_alone", purpose, words)
        if not purpose.data_categories or not purpose.retention:
            words = _("This purpose does not say which data it needs, or how long it is kept. People are told both.")
            yield _remark("purpose_bare", purpose, words)
    recipients = {recipient.pk for each in activities for recipient in each.recipients.all()}
    for recipient in Recipient.objects.exclude(pk__in=recipients):
        if recipient.is_active_on(today):
            yield _remark("recipient_alone", recipient, _("This recipient gets data in no activity that is described."))


def _without_consent(today: date) -> Iterator[Remark]:
    rows = ProcessingWithoutConsent.objects.filter(standing__in=(Standing.AWAITING, Standing.APPROVED))
    for each in rows.order_by("entered_at"):
        if each.standing == Standing.AWAITING:
            yield _remark("awaiting", each, _("Processing without consent waits for a second officer."))
        elif each.review_on <= today:
            words = _("The review of this processing without consent is due since %(day)s.")
            yield _remark("consent_review_due", each, words % {"day": _day(each.review_on)})


def _remark(code: str, about: Model, words: str) -> Remark:
    name = f"officer:{about._meta.app_label}_{about._meta.model_name}_change"
    return Remark(code=code, about=str(about), words=words, link=reverse(name, args=[about.pk]))


def _day(day: date) -> str:
    return date_format(day, "j M Y")
