import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from consent.cookies.errors import CallReused, ChoiceInvalid
from consent.cookies.models import CookieChoice
from consent.cookies.receipts import receipt
from consent.cookies.selectors import choices
from consent.cookies.services import record_choice
from consent.models import RegisterTerms
from privacy.register.models import OrganisationProfile
from privacy.tenants.context import organisation_context, owner_context
from tests.consent.cookies.conftest import ORIGIN, make_site, publish, statement_for
from tests.seals import sealed_verdict


def record(banner, **changes) -> CookieChoice:
    return record_choice(site=banner.site, statement=statement_for(banner, **changes), origin=ORIGIN)


def test_a_choice_names_the_banner_and_keeps_no_number_of_the_browser(banner):
    browser = uuid.uuid4()
    choice = record(banner, browser=browser)
    stored = CookieChoice.objects.get()
    assert (stored.pk, stored.banner, stored.banner_digest) == (choice.pk, banner, banner.digest)
    assert (stored.accepted, stored.refused, stored.origin) == (["statistics"], ["advertising"], ORIGIN)
    row = str(CookieChoice.objects.values_list().get())
    assert browser.hex not in row.replace("-", "")
    assert record(banner, browser=browser).browser_digest == choice.browser_digest
    assert record(banner).browser_digest != choice.browser_digest


def test_a_receipt_says_who_asked_whatever_the_organisation_calls_itself_later(banner):
    statement = statement_for(banner)

    def said():
        return receipt(choices().get()).jws

    record_choice(site=banner.site, statement=statement, origin=ORIGIN)
    before = said()
    OrganisationProfile.objects.update(legal_name="Buyer", address="Elsewhere", website="https://buyer.example")
    assert said() == before
    record_choice(site=banner.site, statement=statement, origin=ORIGIN)
    assert (CookieChoice.objects.count(), said()) == (1, before)
    later = record(banner)
    (party,) = receipt(choices().get(pk=later.pk)).fields["record"]["party_identification"]
    assert (party["party_name"], RegisterTerms.objects.count()) == ("Buyer", 2)


def test_the_same_call_is_recorded_once(banner):
    statement = statement_for(banner)
    first, second = (record_choice(site=banner.site, statement=statement, origin=ORIGIN) for _time in range(2))
    assert first.pk == second.pk
    assert CookieChoice.objects.count() == 1


def test_a_number_of_a_call_is_good_for_one_choice(banner):
    call = uuid.uuid4()
    record(banner, call=call)
    with pytest.raises(CallReused):
        record(banner, call=call, accepted=(), refused=("advertising", "statistics"), action="reject_all")
    assert CookieChoice.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"version": 2}, "version"),
        ({"digest": "0" * 64}, "version"),
        ({"accepted": ()}, "accepted"),
        ({"accepted": ("statistics", "advertising")}, "accepted"),
        ({"accepted": ("statistics", "necessary")}, "accepted"),
        ({"language": "de"}, "language"),
        ({"action": "accept_all"}, "action"),
        ({"action": "reject_all"}, "action"),
        ({"action": "gpc"}, "action"),
        ({"action": "withdraw", "accepted": ("statistics", "advertising"), "refused": ()}, "action"),
        ({"action": "gpc", "has_signal": True, "accepted": ("advertising",), "refused": ("statistics",)}, "action"),
    ],
)
def test_a_choice_that_does_not_fit_the_banner_is_refused(banner, changes, field):
    with pytest.raises(ChoiceInvalid) as caught:
        record(banner, **changes)
    assert (caught.value.field, CookieChoice.objects.count()) == (field, 0)
    assert record(banner).pk


@pytest.mark.parametrize(
    ("action", "accepted", "refused", "signal"),
    [
        ("accept_all", ("statistics", "advertising"), (), False),
        ("reject_all", (), ("statistics", "advertising"), False),
        ("withdraw", (), ("statistics", "advertising"), False),
        ("gpc", ("statistics",), ("advertising",), True),
    ],
)
def test_every_way_of_choosing_is_recorded_as_what_it_is(banner, action, accepted, refused, signal):
    choice = record(banner, action=action, accepted=accepted, refused=refused, has_signal=signal)
    assert (choice.action, choice.has_signal) == (action, signal)


def test_an_older_version_is_still_recorded_as_what_was_shown(banner):
    """The page was opened before the new version came."""
    banner.site.texts = {"en": {"title": "New"}}
    banner.site.save()
    publish(banner.site, "new heading")
    assert record(banner).banner_digest == banner.digest


@pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "not sealed yet"])
def test_a_choice_changed_by_sql_is_named(committed, sealed, capsys):
    banner = publish(make_site())
    choices = [record(banner) for _number in range(3)]
    if sealed:
        assert sealed_verdict().breaches == ()
    call_command("verify_ledger", organisation=committed.slug)
    with owner_context(committed), connection.cursor() as cursor:
        cursor.execute(
            """UPDATE cookies_cookiechoice SET accepted = '["advertising", "statistics"]', refused = '[]'
               WHERE id = %s""",
            [choices[1].pk],
        )
    with pytest.raises(CommandError):
        call_command("verify_ledger", organisation=committed.slug)
    named = [line for line in capsys.readouterr().err.splitlines() if "row" in line]
    assert named == [f"{committed.slug}: cookies.cookiechoice: row {choices[1].pk}: its content was altered"]


def test_the_same_call_at_the_same_moment_is_recorded_once(committed):
    banner = publish(make_site())
    statement = statement_for(banner)

    def act(_number):
        try:
            with organisation_context(committed):
                return record_choice(site=banner.site, statement=statement, origin=ORIGIN).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(act, range(4)))
    assert len(set(answers)) == 1
    assert CookieChoice.objects.count() == 1
