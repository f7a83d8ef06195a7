"""The pages of the record: what is to be checked, an activity, the files, and processing without consent."""

import pytest

from privacy.ledger.models import LedgerEntry
from privacy.register.activities.models import ProcessingActivity, ProcessingWithoutConsent
from privacy.register.models import Notice
from tests.privacy.register.activities.conftest import (
    DAY,
    make_activity,
    make_purpose,
    make_recipient,
    today,
)

__all__ = ["make_activity"]
LIST = "/officer/activities/processingactivity/"
WITHOUT = "/officer/activities/processingwithoutconsent/"


def text(response) -> str:
    return response.content.decode()


def given(**fields) -> dict[str, object]:
    return {
        "name": "Newsletter", "description": "Mails", "owner": "Marketing", "subject_groups": "customers\nvisitors",
        "data_categories": ["contact", "identity"], "review_on": today() + 30 * DAY,
    } | fields  # fmt: skip


def test_an_activity_is_entered_with_words_for_what_is_missing_yet(officer_client):
    mails, sale = make_purpose("mails"), make_purpose("sale", is_prohibited=True)
    for wrong in (
        {"name": ""}, {"data_categories": []}, {"is_automated": "on"}, {"purposes": [sale.pk]},
        {"review_on": today()}, {"review_on": today() + 400 * DAY},
    ):  # fmt: skip
        assert officer_client.post(f"{LIST}add/", given(**wrong)).status_code == 200, wrong
    assert not ProcessingActivity.objects.exists()
    assert officer_client.post(f"{LIST}add/", given(purposes=[mails.pk])).status_code == 302
    made = ProcessingActivity.objects.get()
    assert (made.subject_groups, made.data_categories, list(made.purposes.all())) == (
        ["customers", "visitors"], ["contact", "identity"], [mails],
    )  # fmt: skip
    shown = text(officer_client.get(LIST))
    for words in ("2 points to check", "It does not say when the data is erased.", "Newsletter", "Mails"):
        assert words in shown, words
    assert "Mails: contract" in text(officer_client.get(f"{LIST}{made.pk}/change/"))


def test_one_that_is_due_can_be_changed_and_is_reviewed_until_a_day_to_come(make_activity, officer_client):
    made = make_activity(review_on=today() - DAY)
    change = given(review_on=made.review_on, owner="Sales", purposes=[each.pk for each in made.purposes.all()])
    assert officer_client.post(f"{LIST}{made.pk}/change/", change).status_code == 302
    assert "due since" in text(officer_client.get(LIST))
    assert officer_client.post(f"{LIST}{made.pk}/review/", {"review_on": today()}).status_code == 200
    assert officer_client.post(f"{LIST}{made.pk}/review/", {"review_on": today() + DAY}).status_code == 302
    made.refresh_from_db()
    assert (made.owner, made.reviewed_on, made.review_on) == ("Sales", today(), today() + DAY)
    assert LedgerEntry.objects.filter(action="activity.reviewed", object_id=str(made.pk)).count() == 1


@pytest.mark.parametrize(
    ("name", "begins"), [("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf"), ("pdf", b"%PDF"), ("jsonld", b"{")]
)
def test_a_file_is_downloaded_by_whoever_may_see_it_and_written_down(
    make_activity, officer_client, handler, sign_in, visitor, name, begins
):
    make_activity()
    for other, status in ((sign_in(handler), 403), (visitor, 302)):
        assert other.get(f"{LIST}export-{name}/").status_code == status
    assert not LedgerEntry.objects.filter(action="record_of_processing.exported").exists()
    answer = officer_client.get(f"{LIST}export-{name}/")
    assert (answer.status_code, answer.content[: len(begins)]) == (200, begins)
    assert answer["Content-Disposition"].endswith(f'{today().isoformat()}.{name}"')
    (entry,) = LedgerEntry.objects.filter(action="record_of_processing.exported")
    assert entry.data == {"format": name, "activities": 1}


@pytest.mark.parametrize(("name", "begins"), [("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf"), ("pdf", b"%PDF")])
def test_the_register_of_processing_without_consent_is_downloaded_by_whoever_may_see_it(
    officer_client, auditor, handler, sign_in, visitor, name, begins
):
    entry = {
        "ground": "fraud", "authority": "File 14", "what": "Comparing orders", "about_whom": "one customer",
        "categories": ["contact"], "begins_on": today(), "review_on": today() + DAY,
    }  # fmt: skip
    officer_client.post(f"{WITHOUT}add/", entry)
    for other, status in ((sign_in(handler), 403), (visitor, 302)):
        assert other.get(f"{WITHOUT}export-{name}/").status_code == status
    assert not LedgerEntry.objects.filter(action="processing_without_consent.exported").exists()
    answer = sign_in(auditor).get(f"{WITHOUT}export-{name}/")
    assert (answer.status_code, answer.content[: len(begins)]) == (200, begins)
    assert answer["Content-Disposition"] == (
        f'attachment; filename="processing-without-consent-{today().isoformat()}.{name}"'
    )
    written = LedgerEntry.objects.get(action="processing_without_consent.exported")
    assert (written.data, written.actor_id) == ({"format": name, "entries": 1}, str(auditor.pk))


def test_the_number_of_questions_does_not_grow_with_the_list(
    make_activity, officer_client, django_assert_max_num_queries
):
    for number in range(15):
        make_activity(f"A{number}", recipients=[make_recipient(f"R{number}", "US")])
    with django_assert_max_num_queries(40):
        assert "15 points to check" in text(officer_client.get(LIST))


def test_processing_without_consent_takes_two_officers_from_the_first_page_to_the_last(
    officer_client, auditor, make_officer, sign_in
):
    entry = {
        "ground": "fraud", "authority": "File 14", "what": "Comparing orders", "about_whom": "one customer",
        "categories": ["contact"], "begins_on": today(), "review_on": today() + DAY,
    }  # fmt: skip
    assert "pd-error" in text(officer_client.post(f"{WITHOUT}add/", entry | {"review_on": today()}))
    assert officer_client.post(f"{WITHOUT}add/", entry).status_code == 302
    row = ProcessingWithoutConsent.objects.get()
    page, approve = f"{WITHOUT}{row.pk}/change/", f"{WITHOUT}{row.pk}/approve-entry/"
    assert approve not in text(officer_client.get(page))
    assert "another officer has to decide" in text(officer_client.post(approve, follow=True))
    assert sign_in(auditor).post(approve).status_code == 403
    second = sign_in(make_officer())
    assert approve in text(second.get(page))
    assert "nothing milder" in text(second.get(approve))
    assert "It is approved." in text(second.post(approve, follow=True))
    assert second.post(approve).status_code == 302  # and is told
    ended = {"ended_on": today(), "reason": "It was nothing."}
    assert "It has ended." in text(officer_client.post(f"{WITHOUT}{row.pk}/end/", ended, follow=True))
    shown = text(officer_client.get(page))
    assert ("It was nothing." in shown, "Comparing orders" in shown, "/end/" in shown) == (True, True, False)
    assert "Comparing orders" not in text(officer_client.get(WITHOUT))


def test_a_purpose_and_a_notice_about_to_be_published_say_who_gets_data(make_activity, officer_client):
    mails = make_purpose("mails", retention="Two years")
    post = make_recipient("Post & Co", "US", "contract")
    post.purposes.add(mails)
    make_activity("Writing", purposes=[mails], recipients=[post])
    shown = text(officer_client.get(f"/officer/register/purpose/{mails.pk}/change/"))
    assert ("Post &amp; Co (US)" in shown, "Writing" in shown) == (True, True)
    draft = Notice.objects.create(version="1", title="Notice", body="Text")
    shown = text(officer_client.get(f"/officer/register/notice/{draft.pk}/publish/"))
    assert "Mails; data: contact; recipients: Post &amp; Co; kept: Two years" in shown
