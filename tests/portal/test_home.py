"""The organisation's start page, and the installation's."""

import time_machine

from privacy.register.models import OrganisationProfile
from privacy.tenants.context import organisation_context
from requests.traits import PORTAL_KINDS
from tests.portal.conftest import text_of


@time_machine.travel("2026-11-22 12:00:00+00:00", tick=False)
def test_the_start_page_says_who_answers_and_by_when(visitor):
    OrganisationProfile.objects.update(
        officer_name="Efua Boateng", officer_title="Data Protection Officer", officer_phone="+233 30 000 0000",
        address="1 Ring Road\nAccra",
    )  # fmt: skip
    text = text_of(visitor.get("/"))
    for shown in ("Efua Boateng", "officer@alpha.example.com", "+233 30 000 0000", "1 Ring Road", "Alpha"):
        assert shown in text
    assert "by Friday 1 January 2027" in text  # access: 40 calendar days under Act 843
    assert "by Sunday 13 December 2026" in text  # erasure: 21 calendar days


@time_machine.travel("2026-11-22 12:00:00+00:00", tick=False)
def test_a_promise_shorter_than_the_law_is_what_is_announced(visitor):
    OrganisationProfile.objects.update(promise_days=10)
    text = text_of(visitor.get("/"))
    assert text.count("by Wednesday 2 December 2026") == len(PORTAL_KINDS)
    assert "by Friday 1 January 2027" not in text


def test_a_page_shows_its_own_organisation_only(visitor, beta):
    with organisation_context(beta):
        OrganisationProfile.objects.update(trading_name="Beta Company")
    assert "Beta Company" not in text_of(visitor.get("/"))
    assert "Beta Company" in text_of(visitor.get("/", headers={"host": "beta.localhost"}))


def test_the_installations_start_page_names_no_organisation(visitor, beta):
    text = text_of(visitor.get("/", headers={"host": "localhost"}))
    assert "Privacy Desk" in text
    assert "alpha" not in text.lower().replace("alphabet", "")
    assert "beta" not in text.lower()


def test_a_browser_in_another_language_gets_english_that_says_it_is(visitor):
    response = visitor.get("/", headers={"accept-language": "fr-CA,fr;q=0.9"})
    assert '<html lang="en">' in text_of(response)
    assert response["Content-Language"] == "en"
