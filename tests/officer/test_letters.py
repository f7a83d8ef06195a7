"""The pages on which officers edit letters, send them, and change their wordings."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Failure, Letter, LetterState, LetterTemplate
from privacy.register.selectors import local_date
from privacy.subjects.models import LinkPurpose
from requests.letters import write_case_letter
from requests.services import assign
from tests.officer.making import make_case
from tests.requests.conftest import confirmed

EDIT = "/officer/letters/lettertemplate/case_withdrawn/en/edit/"


@pytest.fixture
def case(alpha):
    return confirmed()


@pytest.fixture
def draft(case) -> Letter:
    return write_case_letter(
        kind="clarification", case=case, actor=SYSTEM, link=LinkPurpose.TRACK, draft=True, questions="Which years?"
    )


def page_of(letter: Letter, what: str = "draft") -> str:
    return reverse(f"officer:letters_letter_{what}", args=[letter.pk])


def state_of(letter: Letter) -> str:
    letter.refresh_from_db()
    return letter.state


def test_an_officer_reads_edits_and_sends_a_draft(officer_client, draft):
    page = officer_client.get(page_of(draft)).content.decode()
    for words in ("Which years?", "Save and send", "Kind regards", "https://…", "ama.mensah@example.com"):
        assert words in page
    text = draft.body.replace("Which years?", "Which branch?")
    assert officer_client.post(page_of(draft), {"text": text}).status_code == 302
    assert state_of(draft) == LetterState.DRAFT
    assert "Which branch?" in draft.body
    done = officer_client.post(page_of(draft), {"text": text + "\nThank you.", "send": "1"}, follow=True)
    assert "The letter is on its way." in done.content.decode()
    assert state_of(draft) == LetterState.QUEUED
    assert "Thank you." in draft.body


def test_what_is_wrong_with_a_draft_is_said_beside_it_and_nothing_is_sent(officer_client, draft):
    wrong = draft.body.replace("[[link]]", "")
    page = officer_client.post(page_of(draft), {"text": wrong, "send": "1"}).content.decode()
    assert "must hold [[link]], where its secret link goes, exactly once" in page
    assert state_of(draft) == LetterState.DRAFT


def test_the_preview_follows_what_is_typed_and_keeps_nothing(officer_client, draft):
    typed = draft.body + "\n## My title\n\nMore <b>words</b>."
    shown = officer_client.post(page_of(draft, "preview"), {"text": typed}).content.decode()
    assert "My title\n--------" in shown
    assert "More &lt;b&gt;words&lt;/b&gt;." in shown
    wrong = officer_client.post(page_of(draft, "preview"), {"text": "x"}).content.decode()
    assert "This cannot be sent like this" in wrong
    pdf = officer_client.post(page_of(draft, "preview_pdf"), {"text": typed})
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    draft.refresh_from_db()
    assert "My title" not in draft.body


def test_a_draft_is_discarded_only_after_a_question(officer_client, draft):
    assert "The person is not written to." in officer_client.get(page_of(draft, "discard")).content.decode()
    assert Letter.objects.filter(pk=draft.pk).exists()
    officer_client.post(page_of(draft, "discard"))
    assert not Letter.objects.filter(pk=draft.pk).exists()


def test_the_pdf_of_a_letter_opens_in_the_browser_and_the_ledger_knows(officer_client, officer, case):
    letter = write_case_letter(kind="withdrawn", case=case, actor=SYSTEM)
    answer = officer_client.get(page_of(letter, "pdf"))
    assert answer.content == letter.pdf
    assert answer["Content-Disposition"] == f'inline; filename="{case.reference}-{letter.dated_on}.pdf"'
    assert "no-store" in answer["Cache-Control"]
    noted = LedgerEntry.objects.get(action="letter.pdf_opened")
    assert (noted.actor_id, noted.object_id) == (str(officer.pk), str(letter.pk))


def test_a_draft_has_no_pdf_to_open(officer_client, draft):
    assert officer_client.get(page_of(draft, "pdf")).status_code == 404


def test_a_letter_that_failed_says_why_and_is_sent_again_from_its_page(officer_client, case):
    letter = write_case_letter(kind="withdrawn", case=case, actor=SYSTEM)
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.FAILED, failure=Failure.ADDRESS_REFUSED)
    assert "The mail server knows no such address." in officer_client.get(page_of(letter)).content.decode()
    refused = officer_client.post(page_of(letter, "again"), {"address": "nonsense"}).content.decode()
    assert "That is no e-mail address." in refused
    officer_client.post(page_of(letter, "again"), {"address": "ama.m@example.com"})
    assert (state_of(letter), letter.address) == (LetterState.QUEUED, "ama.m@example.com")


def test_who_handles_the_case_may_use_the_page_and_who_does_not_finds_nothing(
    draft, case, officer, make_officer, handler, auditor, sign_in
):
    stranger = sign_in(make_officer("case_handler"))
    for what in ("draft", "discard"):
        assert stranger.get(page_of(draft, what)).status_code == 404
    assert stranger.post(page_of(draft), {"text": draft.body, "send": "1"}).status_code == 404
    looker = sign_in(auditor)
    assert "Save and send" not in looker.get(page_of(draft)).content.decode()
    for what in ("draft", "discard", "again"):
        assert looker.post(page_of(draft, what), {"text": draft.body, "send": "1"}).status_code == 403
    assert state_of(draft) == LetterState.DRAFT
    make_case(email="kofi@example.com")
    assign(case=case, officer=officer, assignee=handler)
    assert sign_in(handler).post(page_of(draft), {"text": draft.body, "send": "1"}).status_code == 302
    assert state_of(draft) == LetterState.QUEUED


def test_every_kind_of_letter_is_on_the_list_with_its_languages(officer_client):
    page = officer_client.get("/officer/letters/lettertemplate/").content.decode()
    for words in ("Refused", "Estimate of a fee", "Notice to a recipient", "A task is overdue", "French"):
        assert words in page
    assert page.count("/edit/") > 70


def test_an_officer_puts_their_own_wording_in_place_and_goes_back(officer_client, officer, case):
    page = officer_client.get(EDIT).content.decode()
    for words in ("{greeting}", "{reference}", "Ama Mensah", "built-in wording"):
        assert words in page
    given = {"heading": "Bye {reference}", "text": "{greeting}\n\nDone: {kind}.", "based_on": "0", "law": ""}
    saved = officer_client.post(EDIT, given, follow=True).content.decode()
    assert "your own, version 1" in saved
    letter = write_case_letter(kind="withdrawn", case=case, actor=SYSTEM)
    assert (letter.heading, "Done: deletion of your data." in letter.body) == (f"Bye {case.reference}", True)
    restored = officer_client.post(EDIT.replace("edit", "restore"), {"law": ""}, follow=True).content.decode()
    assert "built-in wording" in restored
    assert "Version 1" in restored
    assert "Done:" not in write_case_letter(kind="withdrawn", case=case, actor=SYSTEM).body


def test_a_wrong_wording_is_not_saved_and_every_mistake_is_named(officer_client):
    given = {"heading": "Bye {name}", "text": "{unknown} {{ settings.SECRET_KEY }}", "based_on": "0", "law": ""}
    page = officer_client.post(EDIT, given).content.decode()
    for words in ("{name} cannot stand in the subject line", "{unknown} is not known in this letter", "In line 1"):
        assert words in page
    assert not LetterTemplate.objects.exists()
    shown = officer_client.post(EDIT.replace("edit", "preview"), given).content.decode()
    assert "{unknown} is not known in this letter" in shown


def test_the_preview_of_a_wording_is_made_of_invented_particulars(officer_client):
    given = {"heading": "Bye {reference}", "text": "{greeting}\n\nDone.", "law": ""}
    shown = officer_client.post(EDIT.replace("edit", "preview"), given).content.decode()
    assert "Bye PR-7F3K-92QD" in shown
    assert "Dear Ama Mensah," in shown
    pdf = officer_client.post(EDIT.replace("edit", "preview-pdf"), given)
    assert pdf.content.startswith(b"%PDF-")
    assert not LetterTemplate.objects.exists()


def test_an_auditor_reads_wordings_and_changes_none(auditor, sign_in, officer):
    client = sign_in(auditor)
    page = client.get(EDIT).content.decode()
    assert ("Save and use" in page, "{greeting}" in page) == (False, True)
    given = {"heading": "Bye", "text": "Done.", "based_on": "0", "law": ""}
    assert client.post(EDIT, given).status_code == 403
    assert client.post(EDIT.replace("edit", "restore"), {"law": ""}).status_code == 403
    assert not LetterTemplate.objects.exists()


@pytest.mark.parametrize("address", ["unknown/en", "case_withdrawn/xx", "case_due/fr", "case_withdrawn/en"])
def test_a_wording_that_does_not_exist_is_not_found(officer_client, address):
    law = "?law=NOWHERE" if address == "case_withdrawn/en" else ""
    assert officer_client.get(f"/officer/letters/lettertemplate/{address}/edit/{law}").status_code == 404


def test_letters_are_found_by_the_reference_of_their_case(draft, officer_client):
    other = write_case_letter(
        kind="clarification", case=confirmed(email="kofi@example.com"), actor=SYSTEM, link=LinkPurpose.TRACK,
        draft=True, questions="Which months?",
    )  # fmt: skip
    for typed in (draft.reference, draft.reference.lower()):
        found = officer_client.get("/officer/letters/letter/", {"q": typed}).context["cl"].result_list
        assert {letter.case_id for letter in found} == {draft.case_id}
    assert other.case_id != draft.case_id
    assert list(officer_client.get("/officer/letters/letter/", {"q": "nobody"}).context["cl"].result_list) == []


def _stored(officer, kind: str, text: str, law: str = "") -> LetterTemplate:
    """A wording that was saved when less was demanded."""
    return LetterTemplate.objects.create(
        kind=kind, language="en", law=law, version=1, heading="Ours {reference}", text=text,
        edited_by=officer,
    )  # fmt: skip


OLD = "{greeting}\n\nOur old words: you have our answer by {due_on}.\n\n{link}"


def test_an_own_wording_that_lacks_what_is_demanded_by_now_is_named_and_no_letter_is_written_in_it(
    officer_client, officer, case
):
    _stored(officer, "case_acknowledged", OLD)
    shown = officer_client.get("/officer/letters/lettertemplate/").content.decode()
    assert shown.count("letters are not written in your own wording") == 1
    assert "{answer_when} is missing: every letter of this kind has to say it" in shown
    edited = officer_client.get("/officer/letters/lettertemplate/case_acknowledged/en/edit/").content.decode()
    assert ("Letters are not written in this wording" in edited, "Our old words" in edited) == (True, True)
    letter = write_case_letter(kind="acknowledged", case=case, actor=SYSTEM, link=LinkPurpose.TRACK)
    assert ("Our old words" in letter.body, "You will have our answer by" in letter.body) == (False, True)


def test_a_wording_for_every_law_takes_the_place_of_one_for_a_law_that_lacks_something(officer_client, officer, case):
    _stored(officer, "case_acknowledged", OLD, law="GH")
    whole = "{greeting}\n\nFor every law.\n\n{answer_when}\n\n{what_next}\n\n{link}"
    _stored(officer, "case_acknowledged", whole)
    letter = write_case_letter(kind="acknowledged", case=case, actor=SYSTEM, link=LinkPurpose.TRACK)
    assert "For every law." in letter.body
    shown = officer_client.get("/officer/letters/lettertemplate/").content.decode()
    assert "English, for GH: letters are not written in your own wording" in shown
    assert shown.count("letters are not written in your own wording") == 1


@pytest.mark.parametrize(("days", "said"), [(-1, True), (0, False)])
def test_no_own_wording_names_a_day_that_is_past_without_saying_so(case, officer, days, said):
    _stored(officer, "case_withdrawn", "{greeting}\n\nYou would have had our answer by {due_on}.")
    case.due_on = local_date(timezone.now()) + timedelta(days=days)
    body = write_case_letter(kind="withdrawn", case=case, actor=SYSTEM).body
    assert ("You would have had our answer by" in body, "(this day is past)" in body) == (True, said)
