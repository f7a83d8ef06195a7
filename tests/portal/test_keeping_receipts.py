"""What a person keeps from the preference centre: receipts and the history, and stopping everything."""

import csv
import io
import json

import pytest
from django.db import connection

from consent.models import ConsentRecord, CurrentConsent
from consent.services import publish_wording, record_consent
from privacy.ledger.actors import SYSTEM
from privacy.ledger.signing import read_signed
from privacy.letters.models import Letter
from privacy.register.models import Purpose
from privacy.subjects.services import find_or_add_subject
from privacy.tenants.context import owner_context
from tests.portal.conftest import AMA, enter_preferences, text_of

PAGE = "/preferences/"


def _purpose(code, **fields):
    purpose = Purpose.objects.create(
        **{
            "code": code, "title": code.title(), "description": f"We use your data for {code}.",
            "lawful_basis": "consent", "withdrawal_consequences": f"No more {code}.",
        } | fields
    )  # fmt: skip
    publish_wording(purpose=purpose, language="en", text=f"Yes to {code}.", actor=SYSTEM)
    return purpose


def _give(subject, *purposes):
    return [
        record_consent(subject=subject, purpose=each, decision="given", method="electronic", actor=SYSTEM)
        for each in purposes
    ]


@pytest.fixture
def subject(alpha):
    return find_or_add_subject(kind="email", value=AMA)


@pytest.fixture
def newsletter(alpha):
    return _purpose("newsletter")


def test_a_receipt_is_read_and_downloaded_in_three_forms(visitor, subject, newsletter):
    (record,) = _give(subject, newsletter)
    enter_preferences(visitor, subject)
    page = f"{PAGE}receipts/{record.pk}/"
    assert page in text_of(visitor.get(PAGE))
    assert page in text_of(visitor.get(f"{PAGE}history/"))
    shown = text_of(visitor.get(page))
    for said in ("You gave your consent", "Yes to newsletter.", "No more newsletter.", str(record.pk)):
        assert said in shown
    pdf, jws, linked = (visitor.get(f"{page}receipt.{form}") for form in ("pdf", "jws", "jsonld"))
    assert (pdf.content[:5], pdf["Content-Type"]) == (b"%PDF-", "application/pdf")
    assert pdf["Content-Disposition"] == f'attachment; filename="receipt-{record.pk}.pdf"'
    assert read_signed(jws.content.decode(), kind="consent-receipt")["receipt_id"] == str(record.pk)
    assert read_signed(linked.content.decode(), kind="consent-receipt")["@type"] == "dpv:ConsentReceipt"
    assert visitor.get(f"{page}receipt.exe").status_code == 404


def test_words_that_were_altered_are_neither_shown_nor_signed_and_the_rest_of_the_history_is(
    visitor, subject, newsletter, alpha
):
    altered, whole = _give(subject, newsletter, _purpose("surveys"))
    with owner_context(alpha), connection.cursor() as cursor:
        cursor.execute("UPDATE consent_wording SET text = 'Other words.' WHERE id = %s", [altered.wording_id])
    enter_preferences(visitor, subject)
    history = text_of(visitor.get(f"{PAGE}history/"))
    assert ("Other words." in history, "Yes to surveys." in history) == (False, True)
    page = f"{PAGE}receipts/{altered.pk}/"
    shown = text_of(visitor.get(page))
    assert "are not what they were when it was recorded" in shown
    assert ("Other words." in shown, "receipt.pdf" in shown, str(altered.pk) in shown) == (False, False, True)
    for form in ("pdf", "jws", "jsonld"):
        assert visitor.get(f"{page}receipt.{form}")["Location"] == page
    decisions = json.loads(visitor.get(f"{PAGE}history/decisions.json").content)["decisions"]
    signed = {each["id"]: (each["words"], bool(each["receipt_jws"]), bool(each["receipt"])) for each in decisions}
    assert signed == {str(altered.pk): ("", False, False), str(whole.pk): ("Yes to surveys.", True, True)}
    rows = csv.DictReader(io.StringIO(visitor.get(f"{PAGE}history/decisions.csv").content.decode("utf-8-sig")))
    assert {row["id"]: bool(row["receipt_jws"]) for row in rows} == {str(altered.pk): False, str(whole.pk): True}


def test_the_history_calls_a_purpose_what_it_was_called_when_it_was_decided(visitor, subject, newsletter):
    _give(subject, newsletter)
    Purpose.objects.update(title="Offers of our partners")
    (later,) = _give(subject, Purpose.objects.get())
    enter_preferences(visitor, subject)
    page = text_of(visitor.get(f"{PAGE}history/"))
    assert (page.count("<strong>Newsletter</strong>"), page.count("<strong>Offers of our partners</strong>")) == (1, 1)
    named = ["Offers of our partners", "Newsletter"]
    decisions = json.loads(visitor.get(f"{PAGE}history/decisions.json").content)["decisions"]
    assert [each["title"] for each in decisions] == named
    rows = csv.DictReader(io.StringIO(visitor.get(f"{PAGE}history/decisions.csv").content.decode("utf-8-sig")))
    assert [row["title"] for row in rows] == named
    assert decisions[0]["id"] == str(later.pk)


def test_terms_that_were_altered_are_neither_shown_nor_signed(visitor, subject, newsletter, alpha):
    (record,) = _give(subject, newsletter)
    enter_preferences(visitor, subject)
    page = f"{PAGE}receipts/{record.pk}/"
    assert "Your data" in text_of(visitor.get(page))
    with owner_context(alpha), connection.cursor() as cursor:
        cursor.execute(
            """UPDATE consent_registerterms SET content = jsonb_set(content, '{purpose,title}', '"Other"')"""
        )
    shown = text_of(visitor.get(page))
    assert "are not what they were when it was recorded" in shown
    assert ("Your data" in shown, "receipt.pdf" in shown) == (False, False)
    assert visitor.get(f"{page}receipt.jws")["Location"] == page


def test_nobody_sees_the_receipt_of_another_and_nobody_sees_one_without_a_link(visitor, subject, newsletter):
    (record,) = _give(find_or_add_subject(kind="email", value="kofi@example.com"), newsletter)
    paths = [f"{PAGE}receipts/{record.pk}/", f"{PAGE}receipts/{record.pk}/receipt.pdf"]
    for path in (*paths, f"{PAGE}history/decisions.json", f"{PAGE}stop/"):
        assert visitor.get(path).status_code == 302
    enter_preferences(visitor, subject)
    assert [visitor.get(path).status_code for path in paths] == [404, 404]
    assert visitor.get(f"{PAGE}history/decisions.json").json() == {"decisions": []}


@pytest.mark.parametrize("times", [1, 3])
def test_the_history_is_downloaded_with_every_receipt(visitor, subject, times, django_assert_max_num_queries):
    purpose = _purpose("newsletter", title="=1+1")
    records = [_give(subject, purpose)[0] for _time in range(times)]
    enter_preferences(visitor, subject)
    with django_assert_max_num_queries(15):
        decisions = visitor.get(f"{PAGE}history/decisions.json").json()["decisions"]
    assert [each["id"] for each in decisions] == [str(record.pk) for record in reversed(records)]
    for each in decisions:
        assert read_signed(each["receipt_jws"], kind="consent-receipt") == each["receipt"]
    table = visitor.get(f"{PAGE}history/decisions.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [(row["id"], row["title"], row["words"]) for row in rows] == [
        (str(record.pk), "'=1+1", "Yes to newsletter.") for record in reversed(records)
    ]
    assert json.loads(json.dumps(decisions))[0]["receipt_jws"] == rows[0]["receipt_jws"]


def test_everything_is_stopped_on_one_page_with_all_consequences_first(visitor, subject, newsletter):
    surveys, late = _purpose("surveys"), _purpose("late")
    bound = _purpose("lending", no_withdrawal_reason="The law wants it (Act 773, s. 24).")
    _give(subject, newsletter)
    enter_preferences(visitor, subject)
    assert f"{PAGE}stop/" not in text_of(visitor.get(PAGE))  # one consent is withdrawn by its own button
    _give(subject, surveys, bound)
    overview = text_of(visitor.get(PAGE))
    assert f"{PAGE}stop/" in overview
    assert (f"{PAGE}lending/withdraw/" in overview, "The law wants it (Act 773, s. 24)." in overview) == (False, True)
    page = text_of(visitor.get(f"{PAGE}stop/"))
    button = page.index('type="submit">Stop everything')
    for said in ("No more newsletter.", "No more surveys.", "The law wants it (Act 773, s. 24)."):
        assert page.index(said) < button
    assert ConsentRecord.objects.filter(decision="withdrawn").count() == 0
    _give(subject, late)
    response = visitor.post(f"{PAGE}stop/", follow=True)
    assert response.redirect_chain == [(f"{PAGE}stopped/", 302)]
    stopped = text_of(response)
    assert ("What can be stopped is stopped" in stopped, "Everything is stopped" in stopped) == (True, False)
    assert ("The law wants it" in stopped, "No consent of yours is in force" in stopped) == (True, False)
    assert "This withdraws every consent that can be withdrawn." in page
    states = CurrentConsent.objects.filter(subject=subject).values_list("purpose__code", "decision")
    assert dict(states) == {"newsletter": "withdrawn", "surveys": "withdrawn", "late": "withdrawn", "lending": "given"}
    assert [letter.kind for letter in Letter.objects.all()] == ["consents_stopped"]
    assert visitor.get(f"{PAGE}stop/").url == PAGE


def test_who_has_no_consent_left_after_stopping_reads_that_everything_is_stopped(visitor, subject, newsletter):
    _give(subject, newsletter, _purpose("surveys"))
    enter_preferences(visitor, subject)
    assert "This withdraws every consent you gave." in text_of(visitor.get(f"{PAGE}stop/"))
    stopped = text_of(visitor.post(f"{PAGE}stop/", follow=True))
    assert ("Everything is stopped" in stopped, "No consent of yours is in force" in stopped) == (True, True)


def test_when_a_consent_ends_by_itself_is_said(visitor, subject):
    (record,) = _give(subject, _purpose("newsletter", valid_days=365))
    enter_preferences(visitor, subject)
    assert "It ends by itself on " in text_of(visitor.get(PAGE))
    assert "for 365 days, or until you withdraw it" in text_of(visitor.get(f"{PAGE}receipts/{record.pk}/"))


@pytest.mark.parametrize("both", [False, True])
def test_who_stops_everything_reads_what_goes_on_on_another_ground_before_and_after(visitor, subject, newsletter, both):
    moved, other = _purpose("magazine"), _purpose("surveys")
    _give(subject, moved, other)
    moved_codes = ["magazine", "surveys"] if both else ["magazine"]
    Purpose.objects.filter(code__in=moved_codes).update(lawful_basis="contract")
    enter_preferences(visitor, subject)
    page = text_of(visitor.get(f"{PAGE}stop/"))
    assert page.count("We need this to keep our contract") == len(moved_codes)
    assert ("No more magazine." in page, "No more surveys." in page) == (False, not both)
    assert "You can agree again at any time." not in page
    assert ("You can agree again at any time to what rests on consent still." in page) is not both
    stopped = text_of(visitor.post(f"{PAGE}stop/", follow=True))
    assert ("What can be stopped is stopped" in stopped, "Everything is stopped" in stopped) == (True, False)
    assert stopped.count("We need this to keep our contract") == len(moved_codes)


def test_who_withdraws_from_what_goes_on_reads_it_and_no_consequences(visitor, subject):
    _give(subject, _purpose("magazine"))
    enter_preferences(visitor, subject)
    assert "No more magazine." in text_of(visitor.get(f"{PAGE}magazine/withdraw/"))
    Purpose.objects.filter(code="magazine").update(lawful_basis="contract")
    page = text_of(visitor.get(f"{PAGE}magazine/withdraw/"))
    assert ("No more magazine." in page, "We need this to keep our contract" in page) == (False, True)
    done = text_of(visitor.post(f"{PAGE}magazine/withdraw/", follow=True))
    assert "This goes on all the same: We need this to keep our contract" in done
