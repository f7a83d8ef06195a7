"""What a new organisation starts with: a profile, a first officer, and the jobs that return."""

import re
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from privacy.jobs.services import set_schedule
from privacy.ledger.actors import Actor, ActorKind
from privacy.ledger.services import record
from privacy.officers.models import Officer, Role
from privacy.register.models import OrganisationProfile
from privacy.tenants.errors import OrganisationInvalid
from privacy.tenants.models import Organisation

_OPERATOR = Actor(ActorKind.OPERATOR)


def furnish(
    *,
    organisation: Organisation,
    laws: tuple[str, ...],
    country: str,
    officer_email: str,
    officer_password: str | None = None,
) -> Officer:
    """Fill a new organisation's schema. Runs inside it, in the transaction that makes it.

    Args:
        laws: codes of the laws that apply (`GH`, `CA-BC`), checked by the caller.
        country: two letters.
        officer_email: of the first Privacy Officer.
        officer_password: None leaves the account without one, to be set by `manage.py changepassword`.

    Raises:
        OrganisationInvalid: the country or the address is none.
    """
    if not re.fullmatch("[A-Z]{2}", country):
        raise OrganisationInvalid("the country is not one: write its two letters, like GH or CA")
    try:
        validate_email(officer_email)
    except ValidationError:
        raise OrganisationInvalid("the officer's e-mail address is not one: write it like name@example.com") from None
    OrganisationProfile.objects.create(
        pk=1,
        legal_name=organisation.name,
        trading_name=organisation.name,
        country=country,
        officer_name="Privacy Officer",
        officer_email=officer_email,
        laws=list(laws),
    )
    officer = Officer.objects.create_user(
        email=officer_email, password=officer_password, full_name="Privacy Officer", role=Role.PRIVACY_OFFICER
    )
    set_schedule(kind="ledger.seal", key="hourly", every=timedelta(hours=1), first_due_at=timezone.now())
    set_schedule(kind="portal.forget_sessions", key="daily", every=timedelta(days=1), first_due_at=timezone.now())
    set_schedule(kind="subjects.forget_links", key="daily", every=timedelta(days=1), first_due_at=timezone.now())
    set_schedule(kind="datamap.sources_due", key="daily", every=timedelta(days=1), first_due_at=timezone.now())
    set_schedule(kind="retention.erased_due", key="daily", every=timedelta(days=1), first_due_at=timezone.now())
    set_schedule(kind="requests.own_data", key="daily", every=timedelta(days=1), first_due_at=timezone.now())
    set_schedule(kind="consent.expiry", key="daily", every=timedelta(days=1), first_due_at=timezone.now())
    set_schedule(kind="requests.deadlines", key="hourly", every=timedelta(hours=1), first_due_at=timezone.now())
    record(action="organisation.created", actor=_OPERATOR, data={"laws": list(laws)})
    return officer
