"""The disclosure log on the officers' site: entering, importing, making void, listing, exporting."""

import csv
import io
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from privacy.ledger.models import LedgerEntry
from privacy.officers.models import Role
from privacy.register.models import (
    Disclosure,
    DisclosureUpload,
    Notice,
    NoticePurpose,
    OrganisationProfile,
    Purpose,
    Recipient,
)
from privacy.register.selectors import language_for
from privacy.subjects.models import Subject
from privacy.subjects.services import find_or_add_subject
from tests.officer.test_sent_twice import number_on
from tests.privacy.register.disclosures.conftest import AMA, enter, make_purpose, make_recipient, make_register

LIST = "/officer/register/disclosure/"
ADD = f"{LIST}add/"
IMPORT = f"{LIST}import/"


@pytest.fixture(autouse=True)
def _register(alpha):
    make_register()


@pytest.fixture
def ama(alpha):
    return find_or_add_subject(kind="email", value=AMA)


def text(response) -> str:
    return response.content.decode()


def typed(**fields) -> dict:
    given = {
        "kind": "email",
        "identifier": AMA,
        "recipient": Recipient.objects.get(name="Cloud Ltd").pk,
        "disclosed_on": "2025-06-01",
        "categories": ["contact", "identity"],
        "purpose": _purpose("hosting"),
        "means": "email",
    }
    return {f"disclosure-{name}": value for name, value in (given | fields).items() if value is not None}


def _purpose(code: str) -> int:
    return Purpose.objects.get(code=code).pk


def test_a_disclosure_is_entered_by_hand_and_the_address_is_in_no_address(officer_client, ama, officer):
    response = officer_client.post(ADD, typed(note="Asked for by phone"))
    row = Disclosure.objects.get()
    assert (response.status_code, response["Location"]) == (302, LIST)
    assert (row.subject, row.way, row.actor_id, row.note.text) == (ama, "hand", str(officer.pk), "Asked for by phone")
    page = text(officer_client.get(LIST))
    assert ("a•••••@example.com" in page, AMA in page) == (True, False)
    assert AMA not in str(list(LedgerEntry.objects.values()))


def test_somebody_unknown_is_added_only_after_the_officer_said_so(officer_client):
    page = text(officer_client.post(ADD, typed()))
    assert "Nobody is known under this" in page
    assert 'name="disclosure-add_person"' in page
    assert (Subject.objects.count(), Disclosure.objects.count()) == (0, 0)
    assert officer_client.post(ADD, typed(add_person="on")).status_code == 302
    assert (Subject.objects.count(), Disclosure.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("fields", "advice"),
    [
        ({"identifier": "nobody"}, "Enter an e-mail address in the form"),
        ({"disclosed_on": "2999-01-01"}, "This day is yet to come"),
        ({"categories": None}, "Choose one of the list."),
        ({"ground": "law"}, "Name the provision"),
    ],
)
def test_what_is_refused_is_said_at_its_field_and_nothing_is_stored(officer_client, ama, fields, advice):
    response = officer_client.post(ADD, typed(**fields))
    assert (response.status_code, advice in text(response)) == (200, True)
    assert Disclosure.objects.count() == 0


def test_what_people_were_not_told_needs_a_ground(officer_client, ama):
    later = {"purpose": _purpose("audit")}
    assert "the person was not told of it" in text(officer_client.post(ADD, typed(**later)))
    ground = {"ground": "lawyer", "authority": "Engagement 7", "approver": "Esi Owusu"}
    assert officer_client.post(ADD, typed(**later, **ground)).status_code == 302
    assert Disclosure.objects.get().approver == "Esi Owusu"


def test_from_a_page_about_a_person_nothing_is_typed_to_name_them(officer_client, ama):
    address = f"{ADD}?subject={ama.pk}"
    page = text(officer_client.get(address))
    assert ("a•••••@example.com" in page, "disclosure-identifier" in page) == (True, False)
    response = officer_client.post(address, typed(kind=None, identifier=None))
    assert response["Location"] == f"{LIST}?person={ama.pk}"
    assert Disclosure.objects.get().subject == ama
    assert "disclosure-identifier" in text(officer_client.get(f"{ADD}?subject=nonsense"))


def test_the_list_narrows_by_person_recipient_purpose_and_day(officer_client, ama):
    kofi = find_or_add_subject(kind="email", value="kofi@example.com")
    enter(ama)
    enter(kofi, disclosed_on=Disclosure.objects.get().disclosed_on.replace(year=2026, month=1))
    enter(kofi, recipient="Police")
    police = Recipient.objects.get(name="Police").pk
    for query, people in (
        ({"person": ama.pk}, {"a"}),
        ({"person": "nonsense"}, set()),
        ({"recipient__id__exact": police}, {"k"}),
        ({"purpose__id__exact": _purpose("audit")}, set()),
        ({"disclosed_on_from": "2026-01-01", "disclosed_on_to": "2026-12-31"}, {"k"}),
        ({"stand": "without"}, set()),
        ({}, {"a", "k"}),
    ):
        page = text(officer_client.get(f"{LIST}?{urlencode(query)}"))
        assert {first for first in ("a", "k") if f"{first}•••••@example.com" in page} == people, query


def test_the_list_costs_the_same_however_long_it_is(officer_client, ama):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            officer_client.get(LIST)
        return len(captured)

    enter(ama)
    few = queries()
    for number in range(20):
        enter(find_or_add_subject(kind="email", value=f"p{number}@example.com"))
    assert queries() == few


def test_an_entry_is_shown_made_void_and_never_changed(officer_client, ama):
    row = enter(ama, note="By mistake")
    page = f"{LIST}{row.pk}/change/"
    assert "By mistake" in text(officer_client.get(page))
    officer_client.post(page, typed(categories=["financial"]))
    row.refresh_from_db()
    assert row.categories == ["contact"]
    void = f"{LIST}{row.pk}/make-void/"
    assert "What is wrong with it" in text(officer_client.get(void))
    assert officer_client.post(void, {"reason": "twice"})["Location"] == page
    assert "void: it was entered twice" in text(officer_client.get(page))
    again = officer_client.post(void, {"reason": "twice"})
    assert (again.status_code, again.context["back"]) == (409, page)
    assert "“Make void” cannot be done as it stands now" in text(again)


def csv_file(*rows: str) -> SimpleUploadedFile:
    head = "reference,email,recipient,date,categories,purpose,means"
    return SimpleUploadedFile("disclosures.csv", "\n".join([head, *rows]).encode())


def test_a_file_is_uploaded_looked_at_and_stored_after_a_second_click(officer_client, ama):
    good = f"D-1,{AMA},Cloud Ltd,2025-06-01,contact,hosting,post"
    review = officer_client.post(IMPORT, {"file": csv_file(good)})["Location"]
    page = text(officer_client.get(review))
    assert ("Store 1 disclosure" in page, Disclosure.objects.count()) == (True, 0)
    assert officer_client.post(review, {"confirm": "1"})["Location"] == LIST
    assert (Disclosure.objects.get().way, DisclosureUpload.objects.count()) == ("import", 0)
    assert officer_client.get(review).status_code == 404


def test_a_file_with_faults_cannot_be_stored_and_is_thrown_away(officer_client, ama):
    rows = (f"D-1,{AMA},Cloud Ltd,2025-06-01,contact,hosting,post", f"D-2,{AMA},Nobody,2025-06-01,contact,hosting,post")
    review = officer_client.post(IMPORT, {"file": csv_file(*rows)})["Location"]
    page = text(officer_client.get(review))
    assert ("This recipient is not in the register" in page, "Store" in page) == (True, False)
    assert officer_client.post(review, {"confirm": "1"}).status_code == 200
    assert Disclosure.objects.count() == 0
    officer_client.post(review, {"discard": "1"})
    assert DisclosureUpload.objects.count() == 0
    assert "Missing: reference" in text(officer_client.post(IMPORT, {"file": SimpleUploadedFile("x.csv", b"a,b\n1,2")}))


def test_the_empty_file_has_the_columns_that_are_read(officer_client):
    heading = officer_client.get(f"{IMPORT}columns/").content.decode("utf-8-sig").strip().split(",")
    assert heading[:3] == ["reference", "email", "phone"]


def test_the_export_has_what_the_list_shows_and_runs_no_formula(officer_client, ama):
    evil = make_recipient("=HYPERLINK(1)")
    enter(ama, recipient=evil.name)
    enter(ama)
    response = officer_client.get(f"{LIST}export/?recipient__id__exact={evil.pk}")
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    heading, row = csv.reader(io.StringIO(content))
    assert (len(row), row[0], row[1], row[3]) == (len(heading), "2025-06-01", "a•••••@example.com", "'=HYPERLINK(1)")
    assert AMA not in content
    assert LedgerEntry.objects.get(action="disclosure.exported").data == {"rows": 1}
    everything = b"".join(officer_client.get(f"{LIST}export/").streaming_content).decode()
    assert len(everything.strip().splitlines()) == 3


def test_auditors_read_and_add_nothing_and_handlers_see_nothing(make_officer, sign_in, ama):
    row = enter(ama)
    auditor, handler = (sign_in(make_officer(role)) for role in (Role.AUDITOR, Role.CASE_HANDLER))
    assert auditor.get(LIST).status_code == auditor.get(f"{LIST}{row.pk}/change/").status_code == 200
    for address in (ADD, IMPORT, f"{IMPORT}columns/"):
        assert auditor.get(address).status_code == 403, address
    assert auditor.post(ADD, typed()).status_code == 403
    assert auditor.post(f"{LIST}{row.pk}/make-void/", {"reason": "twice"}).status_code == 403
    for address in (LIST, f"{LIST}export/", ADD, IMPORT):
        assert handler.get(address).status_code == 403, address
    assert Disclosure.objects.count() == 1


def test_a_page_that_is_sent_twice_enters_one_disclosure_and_other_words_wait(officer_client, ama):
    number = number_on(officer_client.get(ADD))
    answers = [officer_client.post(ADD, typed() | {"page": number}).status_code for _time in "12"]
    assert (answers, Disclosure.objects.count(), Disclosure.objects.get().way) == ([302, 302], 1, "hand")
    shown = officer_client.post(ADD, typed(note="Another one") | {"page": number})
    assert ["You have sent this page before" in text(shown), "Another one" in text(shown)] == [True, True]
    assert Disclosure.objects.count() == 1
    again = typed(note="Another one") | {"page": number_on(shown)}
    assert (officer_client.post(ADD, again).status_code, Disclosure.objects.count()) == (302, 2)
    alike = typed() | {"page": number_on(officer_client.get(ADD))}  # from the page opened anew it is another one
    assert (officer_client.post(ADD, alike).status_code, Disclosure.objects.count()) == (302, 3)


RECIPIENT = {
    "name": "Archive  Ltd", "kind": "provider", "role": "keeps paper", "contract_reference": "A-7",
    "contract_from": "2025-01-01", "contract_until": "2027-12-31", "country": "ie", "safeguard": "standard_clauses",
    "policy_url": "archive.example.com/privacy", "notice_email": "privacy@archive.example.com",
    "data_categories": "", "safeguard_note": "", "postal_address": "", "inactive_since": "",
}  # fmt: skip


def test_a_recipient_is_entered_with_contract_safeguard_and_address_for_notices(officer_client):
    response = officer_client.post("/officer/register/recipient/add/", RECIPIENT)
    assert response.status_code == 302
    made = Recipient.objects.get(name="Archive Ltd")
    assert (made.country, made.policy_url, made.safeguard_words) == (
        "IE", "https://archive.example.com/privacy", "standard contractual clauses",
    )  # fmt: skip
    assert "standard contractual clauses" in text(officer_client.get("/officer/register/recipient/"))


@pytest.mark.parametrize(
    ("fields", "advice"),
    [
        ({"contract_reference": ""}, "A provider works under a contract"),
        ({"contract_until": "2024-12-31"}, "The contract ends before it begins"),
        ({"country": "Ireland"}, "two letters|write 2 characters at most"),
        ({"country": "1E"}, "two letters"),
        ({"safeguard": ""}, "Choose one of the list."),
        ({"name": "cloud ltd"}, "There is a recipient of this name already"),
    ],
)
def test_a_recipient_that_is_not_complete_is_refused(officer_client, fields, advice):
    page = text(officer_client.post("/officer/register/recipient/add/", RECIPIENT | fields))
    assert any(words in page for words in advice.split("|"))
    assert Recipient.objects.count() == 2


def test_a_notice_that_people_had_before_is_put_into_force_since_its_day(officer_client):
    make_purpose("later")
    notice = Notice.objects.create(version="2024-09", title="Old notice", body="Words.")
    page = f"/officer/register/notice/{notice.pk}/publish/"
    assert "Later" in text(officer_client.get(page))
    assert "yet to come" in text(officer_client.post(page, {"in_force_since": "2199-01-01"}))
    officer_client.post(page, {"in_force_since": "2024-09-01"})
    notice.refresh_from_db()
    assert notice.published_at.date().isoformat() == "2024-09-01"
    assert NoticePurpose.objects.filter(notice=notice, purpose__code="later").exists()
    newest = Notice.objects.create(version="2099", title="New notice", body="Words.")
    officer_client.post(f"/officer/register/notice/{newest.pk}/publish/")
    newest.refresh_from_db()
    assert newest.published_at is not None


def test_the_language_of_a_recipient_is_chosen_on_its_page_and_empty_it_is_the_organisations(officer_client):
    OrganisationProfile.objects.update(language="fr")
    recipient = Recipient.objects.create(name="Couriers", role="delivers", country="GH", safeguard="contract")
    page = reverse("officer:register_recipient_change", args=[recipient.pk])
    assert "The organisation&#x27;s own (French)" in officer_client.get(page).content.decode()
    assert language_for(recipient) == "fr"
    given = {"name": "Couriers", "kind": "other", "role": "delivers", "country": "GH", "safeguard": "contract"}
    for language, code in (("de", 200), ("en", 302)):
        assert officer_client.post(page, given | {"language": language}).status_code == code
    recipient.refresh_from_db()
    assert (recipient.language, language_for(recipient)) == ("en", "en")
