"""On every list of rows about people somebody is found by what they are known by, which gets into no address."""

from urllib.parse import quote

import pytest

from consent.announcements.models import NoticeAcceptance
from consent.services import publish_wording, record_consent
from privacy.ledger.actors import SYSTEM
from privacy.register.models import LawfulBasis, Notice, Purpose
from privacy.subjects.services import find_or_add_subject

LISTS = [
    "/officer/consent/consentrecord/", "/officer/consent/currentconsent/", "/officer/announcements/noticeacceptance/",
]  # fmt: skip


@pytest.fixture
def people(alpha):
    purpose = Purpose.objects.create(
        code="newsletter", title="Newsletter", description="News.", lawful_basis=LawfulBasis.CONSENT,
        withdrawal_consequences="No news.",
    )  # fmt: skip
    publish_wording(purpose=purpose, language="en", text="Yes to news.", actor=SYSTEM)
    notice = Notice.objects.create(version="2", title="Our notice", body="Words.")
    found = {name: find_or_add_subject(kind="email", value=f"{name}@example.com") for name in ("ama", "amanda", "esi")}
    for name in ("ama", "amanda"):
        record_consent(subject=found[name], purpose=purpose, decision="given", method="electronic", actor=SYSTEM)
        NoticeAcceptance.objects.create(notice=notice, subject=found[name], how="continued_use", actor_kind="system")
    return found


def rows(response) -> list:
    return [row.subject for row in response.context["cl"].result_list]


@pytest.mark.parametrize("page", LISTS)
def test_the_rows_of_one_person_are_found_and_nobody_elses(officer_client, people, page):
    assert len(rows(officer_client.get(page))) == 2
    answer = officer_client.post(f"{page}find-person/", {"kind": "email", "value": " AMA@example.com"})
    assert answer["Location"] == f"{page}?person={people['ama'].pk}"
    found = officer_client.get(answer["Location"])
    assert rows(found) == [people["ama"]]
    assert "The person found" in found.content.decode()


@pytest.mark.parametrize("page", LISTS)
@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("esi@example.com", "nothing here about anybody"),  # known, and never asked
        ("nobody@example.com", "nothing here about anybody"),
        ("nonsense", "name@example.com"),
    ],
)
def test_whoever_has_no_rows_is_not_shown_to_exist(officer_client, people, page, value, words):
    answer = officer_client.post(f"{page}find-person/", {"kind": "email", "value": value}, follow=True)
    assert words in answer.content.decode()
    assert len(rows(answer)) == 2


@pytest.mark.parametrize("page", LISTS)
def test_a_number_that_is_none_finds_nothing(officer_client, people, page):
    assert rows(officer_client.get(f"{page}?person=x")) == []


def test_looking_is_posted_and_for_officers_only(officer_client, visitor, people):
    page = f"{LISTS[0]}find-person/"
    assert officer_client.get(page).status_code == 405
    answer = visitor.post(page, {"kind": "email", "value": "ama@example.com"})
    assert (answer.status_code, answer.context["way_in"]) == (403, f"/officer/login/?next={quote(LISTS[0], safe='')}")
