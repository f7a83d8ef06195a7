"""Addresses that no page links to, as somebody types them or a scanner tries them."""

import uuid

import pytest
from django.contrib.admin import AdminSite
from django.contrib.messages import get_messages
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from config.admin_sites import officer_site, operator_site
from privacy.ledger.models import LedgerEntry
from privacy.officers.models import Officer
from privacy.tenants.context import public_context
from tests.officer.everything import one_of_everything

LISTS = ("consent/optoutcampaign", "announcements/noticeannouncement", "retention/hold", "register/notice")


@pytest.mark.parametrize("rows", LISTS)
@pytest.mark.parametrize("key", ["nonsense", "%00", "9" * 30])
def test_what_can_be_no_key_is_a_row_that_is_not_there(officer, sign_in, rows, key):
    answer = sign_in(officer).get(f"/officer/{rows}/{key}/change/")
    assert (answer.status_code, answer["Location"]) == (302, "/officer/")


@pytest.mark.parametrize("rows", ["consent/optoutcampaign", "retention/run"])
def test_a_filter_for_what_no_column_holds_is_dropped(officer, sign_in, rows):
    browser = sign_in(officer)
    answer = browser.get(f"/officer/{rows}/?state__exact=%00")
    assert (answer.status_code, answer["Location"]) == (302, f"/officer/{rows}/?e=1")
    assert browser.get(f"/officer/{rows}/?state__exact=stopped").status_code == 200


NO_KEYS = ("nonsense", "a/b", "\0", "9" * 30, "9" * 5000)


def acts_on_rows(site: AdminSite) -> list[tuple[type, str]]:
    """Every act that stands on the pages of single rows, and the name of its address."""
    return [
        (model, f"{site.name}:{each.action_name}")
        for model, page in site._registry.items()
        for each in (*page._get_base_actions_detail(), *page._get_base_actions_row())
    ]


def addresses_with_keys(urls: str, site: str) -> list[URLPattern]:
    """Every address of the site that names a row."""

    def below(resolver: URLResolver) -> list[URLPattern]:
        found = []
        for each in resolver.url_patterns:
            found += below(each) if isinstance(each, URLResolver) else [each]
        return [each for each in found if each.pattern.converters]

    everything = get_resolver(urls).url_patterns
    return below(next(each for each in everything if getattr(each, "namespace", "") == site))


def keys_of_nothing(model: type) -> tuple[str, ...]:
    whole = str(uuid.uuid4()) if model._meta.pk.get_internal_type() == "UUIDField" else "2000000000"
    return (*NO_KEYS, whole)


def told_missing(answer, key: object) -> bool:
    """What was told before waits for a page that shows it."""
    words = [str(each) for each in get_messages(answer.wsgi_request)]
    return answer.status_code == 302 and words != [] and f"“{key}” doesn’t exist" in words[-1]


def test_every_act_on_a_row_tells_a_key_of_nothing_as_a_row_that_is_not_there(alpha, officer, sign_in):
    browser, acts = sign_in(officer), acts_on_rows(officer_site)
    assert len(acts) > 25
    for model, name in acts:
        for key in keys_of_nothing(model):
            for method in (browser.get, browser.post):
                answer = method(reverse(name, args=[key]))
                assert told_missing(answer, key), (name, key, answer.status_code)
                assert answer["Location"] == "/officer/"


def test_every_act_on_a_row_that_is_there_is_answered_by_the_act(alpha, officer, sign_in):
    rows = one_of_everything("amethyst") | {Officer: officer, LedgerEntry: LedgerEntry.objects.earliest("pk")}
    browser = sign_in(officer)
    answered = set()
    for model, name in acts_on_rows(officer_site):
        answer = browser.get(reverse(name, args=[rows[model].pk]))
        assert not told_missing(answer, rows[model].pk), name
        answered.add(answer.status_code)
    assert answered == {200, 302, 403}  # an act that does not fit the state of the row is refused, or says so


def test_who_may_not_see_the_rows_learns_nothing_of_which_are_there(alpha, handler, sign_in):
    name = "officer:officers_officer_new_password"
    answer = sign_in(handler).get(reverse(name, args=["nonsense"]))
    assert answer.status_code == 403


def test_every_act_of_operators_tells_a_key_of_nothing_as_a_row_that_is_not_there(operator_client, alpha):
    acts = acts_on_rows(operator_site)
    assert acts != []
    with public_context():
        for model, name in acts:
            for key in keys_of_nothing(model):
                answer = operator_client.get(reverse(name, urlconf="config.urls_public", args=[key]))
                assert told_missing(answer, key), (name, key, answer.status_code)
            there = operator_client.get(reverse(name, urlconf="config.urls_public", args=[alpha.pk]))
            assert not told_missing(there, alpha.pk)


@pytest.mark.long
@pytest.mark.parametrize("urls", ["config.urls_tenant", "config.urls_public"])
def test_no_address_with_a_key_fails_for_what_is_no_key(alpha, officer, sign_in, operator_client, urls):
    site, browser = ("officer", sign_in(officer)) if urls == "config.urls_tenant" else ("operator", operator_client)
    tried = 0
    for pattern in addresses_with_keys(urls, site):
        for key in (*NO_KEYS, str(uuid.uuid4()), 2_000_000_000, 10**30):
            try:
                address = reverse(
                    f"{site}:{pattern.name}", urlconf=urls, args=[key for _each in pattern.pattern.converters]
                )
            except NoReverseMatch:
                continue  # no such address can be written
            tried += 1
            browser.cookies.pop("messages", None)  # nobody reads them, and each answer would carry all of those before
            assert browser.get(address).status_code < 500, address
            assert browser.post(address).status_code < 500, address
    assert tried > (200 if site == "officer" else 20)
