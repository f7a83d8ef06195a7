import pytest
from django.db import ProgrammingError, connection, transaction

from consent.cookies.errors import BannerIncomplete, NothingChanged
from consent.cookies.models import Cookie, CookieCategory, digest_of
from privacy.ledger.models import LedgerEntry
from tests.consent.cookies.conftest import add_category, make_site, publish


def test_a_published_banner_holds_every_word_in_every_language(site):
    banner = publish(site)
    content = banner.content
    assert (banner.version, content["version"], content["site"]) == (1, 1, "shop")
    assert [each["code"] for each in content["categories"]] == ["necessary", "advertising", "statistics"]
    assert [(each["necessary"], each["sale"]) for each in content["categories"]] == [
        (True, False), (False, True), (False, False),
    ]  # fmt: skip
    assert content["texts"]["en"]["reject"] == "Reject all"
    assert content["texts"]["fr"]["reject"] == "Tout refuser"
    assert content["categories"][2]["cookies"] == [
        {
            "name": "_stats_*", "domain": "", "provider": "Counter Ltd",
            "duration": {"en": "13 months", "fr": "13 mois"},
            "purpose": {"en": "Counts visits.", "fr": "Compte les visites."},
        }
    ]  # fmt: skip


def test_no_word_of_a_banner_is_left_in_english_for_french_visitors(site):
    texts = publish(site).content["texts"]
    assert texts["en"].keys() == texts["fr"].keys()
    assert {key for key, text in texts["fr"].items() if text == texts["en"][key]} == set()


def test_the_digest_is_of_the_content_and_stands_in_the_ledger(site):
    banner = publish(site, "statistics added")
    banner.refresh_from_db()
    assert digest_of(banner.content) == banner.digest
    entry = LedgerEntry.objects.get(action="cookies.banner_published")
    assert entry.data == {"banner": "shop", "version": 1, "digest": banner.digest, "change": "statistics added"}


def test_a_change_is_a_new_version_and_the_old_one_stays_as_it_was(site):
    first = publish(site)
    site.texts = {"en": {"title": "Biscuits?"}}
    site.save()
    second = publish(site, "another heading")
    first.refresh_from_db()
    assert (first.version, second.version) == (1, 2)
    assert first.content["texts"]["en"]["title"] == "We ask before we set cookies"
    assert second.content["texts"]["en"]["title"] == "Biscuits?"


def test_what_was_published_cannot_be_changed(site):
    publish(site)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("UPDATE cookies_cookiebanner SET change = 'x'")


def test_the_same_draft_is_not_published_twice(site):
    publish(site)
    with pytest.raises(NothingChanged):
        publish(site)
    assert site.banners.count() == 1


def test_addresses_are_not_part_of_the_words_and_ask_nobody_again(site):
    publish(site)
    site.origins = ["https://other.example"]
    site.save()
    with pytest.raises(NothingChanged):
        publish(site)


def test_a_banner_without_words_in_a_language_is_refused_by_name(site):
    CookieCategory.objects.filter(code="statistics").update(description={"en": "Only English."})
    Cookie.objects.filter(name="_ads").update(purpose={"en": "Only English."})
    with pytest.raises(BannerIncomplete) as caught:
        publish(site)
    assert caught.value.problems == [
        "Category “advertising”: a cookie has no purpose in French.",
        "Category “statistics”: title and description in French are missing.",
    ]


def test_a_banner_that_asks_nothing_or_has_no_necessary_category_is_refused(alpha):
    site = make_site()
    CookieCategory.objects.update(is_offered=False)
    with pytest.raises(BannerIncomplete) as caught:
        publish(site)
    assert len(caught.value.problems) == 2


def test_more_categories_than_a_choice_can_answer_are_not_published(site):
    for number in range(18):
        add_category(site, f"more-{number}", "More", "Plus", "_more")
    with pytest.raises(BannerIncomplete, match="more than 20 categories"):
        publish(site)
    CookieCategory.objects.filter(code="more-0").update(is_offered=False)
    assert publish(site).version == 1


def test_a_category_that_is_no_longer_offered_is_in_no_new_version(site):
    publish(site)
    CookieCategory.objects.filter(code="statistics").update(is_offered=False)
    codes = [each["code"] for each in publish(site, "no statistics").content["categories"]]
    assert codes == ["necessary", "advertising"]


def test_a_snapshot_asks_the_database_the_same_whatever_its_size(site, django_assert_num_queries):
    from consent.cookies.snapshots import snapshot

    with django_assert_num_queries(2):
        snapshot(site)
    for number in range(5):
        add_category(site, f"more-{number}", "More", "Plus", f"_more_{number}")
    with django_assert_num_queries(2):
        snapshot(site)
