"""Questions to the register."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import RequestFactory
from django.utils import timezone

from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.officers.roles import ROLE_PERMISSIONS
from privacy.register.context import organisation_profile
from privacy.register.errors import ProfileMissing
from privacy.register.models import Notice, OrganisationProfile
from privacy.register.publishing import publish_notice
from privacy.register.selectors import current_notice, local_date, profile


def notice(version: str, *, days: int | None, language: str = "en") -> Notice:
    moment = None if days is None else timezone.now() + timedelta(days=days)
    return Notice.objects.create(version=version, language=language, title="Notice", body="Text", published_at=moment)


def test_without_a_profile_the_error_says_what_to_restore(alpha):
    assert profile().legal_name == "Alpha"
    OrganisationProfile.objects.all().delete()
    with pytest.raises(ProfileMissing, match="restore row 1"):
        profile()


def test_no_role_can_lose_the_profile():
    allowed = set().union(*ROLE_PERMISSIONS.values())
    assert "register.change_organisationprofile" in allowed
    assert "register.delete_organisationprofile" not in allowed


def test_there_is_one_profile(alpha):
    with pytest.raises(IntegrityError, match="one_profile"), transaction.atomic():
        OrganisationProfile.objects.create(pk=2, legal_name="Second", trading_name="Second", country="GH")


def test_pages_know_the_profile_and_the_public_host_has_none(alpha):
    request = RequestFactory().get("/")
    assert organisation_profile(request) == {}
    request.tenant = alpha
    assert organisation_profile(request)["organisation"].legal_name == "Alpha"


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("UTC", date(2026, 11, 21)), ("Pacific/Auckland", date(2026, 11, 22)), ("America/Vancouver", date(2026, 11, 21))],
)
def test_dates_of_law_are_local_dates(alpha, zone, expected):
    OrganisationProfile.objects.update(time_zone=zone)
    assert local_date(datetime(2026, 11, 21, 23, 30, tzinfo=UTC)) == expected


def test_the_notice_in_force_is_the_newest_that_has_begun(alpha):
    assert current_notice() is None
    notice("draft", days=None)
    notice("next", days=1)
    assert current_notice() is None
    notice("1", days=-10)
    second = notice("2", days=-1)
    assert current_notice() == second
    assert current_notice("fr") is None
    french = notice("2-fr", days=-5, language="fr")
    assert (current_notice("fr"), current_notice()) == (french, second)


def test_a_notice_comes_into_force_once_and_is_written_down_once(alpha):
    draft = notice("1", days=None)
    first = publish_notice(notice=draft, actor=SYSTEM)
    again = publish_notice(notice=draft, actor=SYSTEM)
    assert first.published_at == again.published_at is not None
    assert [entry.data["version"] for entry in LedgerEntry.objects.filter(action="notice.published")] == ["1"]
