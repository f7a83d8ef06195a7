"""Officers write, preview and publish a banner, and find proofs."""

import html
import re

import pytest
from django.test import Client

from consent.cookies.models import Cookie, CookieBanner, CookieCategory, CookieChoice, CookieSite
from consent.cookies.releases import snippet
from consent.cookies.selectors import weekly_counts
from privacy.ledger.models import LedgerEntry
from privacy.letters.addresses import portal_url
from privacy.officers.models import Role
from tests.consent.cookies.conftest import add_category, body_for, make_site, publish, send

SITES = "/officer/cookies/cookiesite/"
CATEGORIES = "/officer/cookies/cookiecategory/"
CHOICES = "/officer/cookies/cookiechoice/"
NEW_SITE = {
    "name": "Web site", "code": "website", "origins": "https://www.example.com/\nhttps://example.com",
    "default_language": "en", "ask_again_days": "182", "policy_url": "",
}  # fmt: skip


@pytest.fixture
def auditor_client(make_officer) -> Client:
    client = Client(headers={"host": "alpha.localhost"})
    client.force_login(make_officer(Role.AUDITOR), backend="privacy.officers.backends.OfficerBackend")
    return client


def page_of(site: CookieSite, act: str = "change") -> str:
    return f"{SITES}{site.pk}/{act}/"


def text_of(response) -> str:
    return html.unescape(response.content.decode())


def test_an_officer_makes_a_banner_from_nothing_and_publishes_it(officer_client):
    made = officer_client.post(f"{SITES}add/", NEW_SITE)
    site = CookieSite.objects.get()
    assert (made.status_code, made["Location"]) == (302, page_of(site))
    assert site.origins == ["https://www.example.com", "https://example.com"]
    page = text_of(officer_client.get(page_of(site)))
    assert "Add a category that visitors can refuse" in page
    category = {
        "site": site.pk, "code": "statistics", "title_en": "Statistics", "title_fr": "Statistiques", "order": "1",
        "description_en": "Counts.", "description_fr": "Compte.", "is_offered": "on",
        "cookies-TOTAL_FORMS": "1", "cookies-INITIAL_FORMS": "0",
        "cookies-0-name": "_stats_*", "cookies-0-provider": "Counter Ltd", "cookies-0-duration_amount": "13",
        "cookies-0-duration_unit": "months", "cookies-0-purpose_en": "Counts.", "cookies-0-purpose_fr": "Compte.",
    }  # fmt: skip
    added = officer_client.post(f"{CATEGORIES}add/?site={site.pk}", category)
    assert (added.status_code, added["Location"]) == (302, page_of(site)), text_of(added)
    published = officer_client.post(page_of(site, "publish"), {"change": "First"})
    assert published.status_code == 302
    banner = CookieBanner.objects.get()
    assert [each["code"] for each in banner.content["categories"]] == ["necessary", "statistics"]
    assert banner.content["categories"][1]["cookies"][0]["purpose"] == {"en": "Counts.", "fr": "Compte."}
    acts = list(LedgerEntry.objects.filter(action__startswith="cookie").values_list("action", flat=True))
    assert sorted(acts) == ["cookiecategory.added", "cookies.banner_added", "cookies.banner_published"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"origins": "https://example.com/shop"}, "Line 1: Write the address of the site alone"),
        ({"origins": "ftp://example.com"}, "It has to begin with https://."),
        ({"origins": ""}, "Fill this in."),
        ({"ask_again_days": "30"}, "Write a whole number that is 180 or more."),
        ({"ask_again_days": "400"}, "Write a whole number that is 366 or less."),
        ({"policy_url": "http://example.com"}, "It has to begin with https://."),
        ({"policy_url": "javascript:alert(1)"}, "Write an address like https://www.example.com."),
        ({"default_language": "de"}, "Choose one of the list."),
    ],
)
def test_what_makes_no_sense_is_said_beside_the_field(officer_client, changes, message):
    page = text_of(officer_client.post(f"{SITES}add/", NEW_SITE | changes))
    assert message in page
    assert CookieSite.objects.count() == 0


def test_own_words_take_the_place_of_the_built_in_ones(officer_client, site):
    form = {
        "name": site.name, "origins": "\n".join(site.origins), "default_language": "en", "ask_again_days": "200",
        "title_en": "Biscuits?", "title_fr": "Des biscuits ?", "is_active": "on",
    }  # fmt: skip
    assert officer_client.post(page_of(site), form).status_code == 302
    site.refresh_from_db()
    assert site.texts == {"en": {"title": "Biscuits?"}, "fr": {"title": "Des biscuits ?"}}
    assert publish(site).content["texts"]["fr"]["title"] == "Des biscuits ?"
    assert LedgerEntry.objects.filter(action="cookiesite.changed").count() == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"cookies-0-name": "a b"}, "Letters, digits, hyphens"),
        ({"cookies-0-name": "*"}, "Letters, digits, hyphens"),
        ({"cookies-0-duration_amount": ""}, "Say how long it lasts."),
        ({"cookies-0-duration_unit": "session"}, "Leave it empty for a cookie that lasts"),
        ({"cookies-0-domain": "https://x"}, "Write it like example.com."),
        ({"is_sale": "on", "is_necessary": "on"}, "is not necessary."),
    ],
)
def test_a_cookie_that_makes_no_sense_is_said_beside_the_field(officer_client, site, changes, message):
    category = CookieCategory.objects.get(code="statistics")
    cookie = category.cookies.get()
    form = {
        "title_en": "S", "title_fr": "S", "description_en": "D", "description_fr": "D", "order": "1",
        "is_offered": "on",
        "cookies-TOTAL_FORMS": "1", "cookies-INITIAL_FORMS": "1", "cookies-0-id": cookie.pk,
        "cookies-0-category": category.pk, "cookies-0-name": "x", "cookies-0-provider": "P",
        "cookies-0-duration_amount": "1", "cookies-0-duration_unit": "days", "cookies-0-purpose_en": "E",
    }  # fmt: skip
    assert message in text_of(officer_client.post(f"{CATEGORIES}{category.pk}/change/", form | changes))
    assert Cookie.objects.get(pk=cookie.pk).name == "_stats_*"
    assert officer_client.post(f"{CATEGORIES}{category.pk}/change/", form).status_code == 302
    assert Cookie.objects.get(pk=cookie.pk).purpose == {"en": "E", "fr": ""}


def test_the_page_says_where_the_draft_stands_and_gives_the_snippet(officer_client, site):
    text = snippet(portal=portal_url(""), site="shop")
    assert "not published yet" in text_of(officer_client.get(page_of(site)))
    publish(site, "Hello")
    page = text_of(officer_client.get(page_of(site)))
    assert "up to date" in page
    assert ": Hello." in page
    assert text in page
    CookieCategory.objects.filter(code="statistics").update(order=9)
    CookieCategory.objects.filter(code="advertising").update(order=10)
    assert "draft differs" in text_of(officer_client.get(page_of(site)))


def test_a_banner_with_problems_or_without_change_is_not_published(officer_client, site):
    publish(site)
    assert "says already" in text_of(officer_client.get(page_of(site, "publish")))
    answer = officer_client.post(page_of(site, "publish"), {"change": "Again"})
    assert (answer.status_code, site.banners.count()) == (200, 1)


def test_the_preview_shows_the_draft_and_records_nothing(officer_client, site):
    page = text_of(officer_client.get(page_of(site, "preview")))
    (address,) = re.findall(r'data-preview="([^"]+)"', page)
    draft = officer_client.get(address).json()
    assert draft["version"] == 0
    assert [each["code"] for each in draft["content"]["categories"]] == ["necessary", "advertising", "statistics"]
    assert CookieBanner.objects.count() == CookieChoice.objects.count() == 0


def test_a_proof_is_found_by_its_whole_number(officer_client, banner):
    made, other = send(body_for(banner)).json(), send(body_for(banner)).json()

    def found(term: str) -> list[str]:
        page = officer_client.get(CHOICES, {"q": term}).content.decode()
        return sorted(set(re.findall(rf"{CHOICES}([0-9a-f-]{{36}})/change/", page)))

    assert found(made["id"]) == [made["id"]]
    assert found(made["id"][:8]) == []
    assert found("") == sorted([made["id"], other["id"]])
    page = text_of(officer_client.get(f"{CHOICES}{made['id']}/change/"))
    assert made["jws"] in page


def test_counts_are_by_week_and_category(officer_client, banner):
    for _time in range(3):
        send(body_for(banner))
    send(body_for(banner, action="reject_all", accepted=[], refused=["advertising", "statistics"]))
    ((_week, counts),) = weekly_counts(banner.site)
    assert [(each.code, each.accepted, each.refused, each.percent) for each in counts] == [
        ("advertising", 0, 4, 0), ("statistics", 3, 1, 75),
    ]  # fmt: skip
    assert "75 %" in text_of(officer_client.get(page_of(banner.site, "counts")))
    assert weekly_counts(make_site(code="other")) == []


def test_an_auditor_reads_everything_and_changes_nothing(auditor_client, site):
    page = text_of(auditor_client.get(page_of(site)))
    assert "We ask before we set cookies" in page
    assert "Nous demandons avant de déposer des cookies" in page
    category = CookieCategory.objects.get(code="statistics")
    assert "Statistics in words." in text_of(auditor_client.get(f"{CATEGORIES}{category.pk}/change/"))
    assert auditor_client.post(page_of(site, "publish"), {"change": "x"}).status_code == 403
    assert auditor_client.post(f"{SITES}add/", NEW_SITE).status_code == 403
    assert auditor_client.post(page_of(site), NEW_SITE).status_code == 403
    assert (CookieSite.objects.count(), CookieBanner.objects.count()) == (1, 0)


def test_a_case_handler_sees_none_of_it(make_officer, site):
    client = Client(headers={"host": "alpha.localhost"})
    client.force_login(make_officer(Role.CASE_HANDLER), backend="privacy.officers.backends.OfficerBackend")
    for act in ("change", "publish", "counts", "preview"):
        assert client.get(page_of(site, act)).status_code in (403, 404)
    assert client.get(f"{SITES}{site.pk}/draft.json").status_code == 404


def test_pages_ask_the_database_the_same_whatever_they_show(officer_client, banner, django_assert_max_num_queries):
    send(body_for(banner))
    pages = (SITES, CATEGORIES, CHOICES, page_of(banner.site))
    for page in pages:
        officer_client.get(page)

    def counted() -> list[int]:
        numbers = []
        for page in pages:
            with django_assert_max_num_queries(60) as asked:
                officer_client.get(page)
            numbers.append(len(asked))
        return numbers

    before = counted()
    for number in range(3):
        send(body_for(banner))
        add_category(banner.site, f"more-{number}", "More", "Plus", f"_more_{number}")
    assert counted() == before
