"""Drafts: edited by those who may, sent once, with a link that is made when they go."""

import pytest
from django.db import IntegrityError, transaction

from privacy.jobs.models import Job
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.letters.errors import LinkGone, LinkMissing, NotAllowed, WordingInvalid, WrongState
from privacy.letters.models import Letter, LetterState
from privacy.letters.moves import move_letter
from privacy.letters.services import discard_draft, edit_draft, send_draft
from privacy.letters.transitions import ALLOWED
from privacy.officers.access import grant
from privacy.officers.models import Role
from privacy.subjects.models import LinkPurpose, MailLink
from requests.letters import write_case_letter
from requests.services import assign
from tests.requests.conftest import letter_of


@pytest.fixture
def draft(case) -> Letter:
    """A draft with a link, of a case."""
    return write_case_letter(
        kind="clarification", case=case, actor=SYSTEM, link=LinkPurpose.TRACK, draft=True, questions="Which years?"
    )


def jobs_of(letter: Letter) -> int:
    return Job.objects.filter(kind="letters.send", slot__startswith=str(letter.pk)).count()


def acts_on(letter: Letter) -> list[str]:
    entries = LedgerEntry.objects.filter(object_id=str(letter.pk)).order_by("recorded_at", "id")
    return list(entries.values_list("action", flat=True))


def test_a_draft_is_not_queued_has_no_pdf_and_no_link_yet(draft):
    assert (draft.state, jobs_of(draft), draft.pdf, draft.secret, draft.dated_on) == ("draft", 0, None, None, None)
    assert "Which years?" in draft.body
    assert "Kind regards" not in draft.body
    assert acts_on(draft) == ["letter.drafted"]


def test_a_draft_is_edited_and_sent_with_what_the_officer_wrote(draft, officer):
    links = MailLink.objects.filter(target_id=draft.case_id).count()
    edit_draft(letter=draft, officer=officer, text=draft.body.replace("Which years?", "Which branch?"))
    sent = send_draft(letter=draft, officer=officer)
    assert (sent.state, jobs_of(sent)) == ("queued", 1)
    assert "Which branch?" in sent.body
    assert "Which years?" not in sent.body
    assert "Kind regards" in sent.body
    assert sent.secret.startswith("http://alpha.localhost")
    assert MailLink.objects.filter(target_id=draft.case_id).count() == links + 1
    assert (sent.pdf[:5], len(sent.pdf_sha256)) == (b"%PDF-", 64)
    assert acts_on(draft) == ["letter.drafted", "letter.draft_edited", "letter.written"]


def test_a_draft_goes_once_however_often_the_button_is_pressed(draft, officer):
    send_draft(letter=draft, officer=officer)
    with pytest.raises(WrongState):
        send_draft(letter=draft, officer=officer)
    with pytest.raises(WrongState):
        edit_draft(letter=draft, officer=officer, text="Something else")
    with pytest.raises(WrongState):
        discard_draft(letter=draft, officer=officer)
    assert jobs_of(draft) == 1


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda text: text.replace("[[link]]", ""), LinkMissing),
        (lambda text: text + "[[link]]", LinkMissing),
        (lambda text: "  ", WordingInvalid),
        (lambda text: text + "x" * 20_001, WordingInvalid),
    ],
)
def test_the_link_cannot_be_taken_out_or_doubled_and_the_text_not_emptied(draft, officer, change, error):
    before = draft.body
    with pytest.raises(error):
        edit_draft(letter=draft, officer=officer, text=change(before))
    draft.refresh_from_db()
    assert draft.body == before


def test_a_link_cannot_be_put_into_a_letter_that_has_none(case, officer):
    letter = write_case_letter(kind="withdrawn", case=case, actor=SYSTEM, draft=True)
    with pytest.raises(LinkMissing):
        edit_draft(letter=letter, officer=officer, text="Click [[link]]")
    assert edit_draft(letter=letter, officer=officer, text="Good {{ bye }} {name}").body == "Good {{ bye }} {name}\n"


def test_a_draft_whose_link_cannot_be_made_is_not_sent(draft, officer):
    Letter.objects.filter(pk=draft.pk).update(link_purpose="unknown")
    with pytest.raises(LinkGone):
        send_draft(letter=draft, officer=officer)
    draft.refresh_from_db()
    assert (draft.state, jobs_of(draft)) == ("draft", 0)


def test_a_discarded_draft_is_gone_and_the_ledger_knows_that_there_was_one(draft, officer):
    discard_draft(letter=draft, officer=officer)
    assert not Letter.objects.filter(pk=draft.pk).exists()
    assert acts_on(draft) == ["letter.drafted", "letter.draft_discarded"]


def test_who_handles_the_case_sends_its_letters_and_nobody_else(draft, case, officer, make_officer):
    handler, other, auditor = (
        make_officer(Role.CASE_HANDLER),
        make_officer(Role.CASE_HANDLER),
        make_officer(Role.AUDITOR),
    )
    looker = make_officer(Role.CASE_HANDLER)
    grant(looker, "view_subjectrequest", case)
    assign(case=case, officer=officer, assignee=handler)
    for person in (other, auditor, looker):
        with pytest.raises(NotAllowed):
            send_draft(letter=draft, officer=person)
        with pytest.raises(NotAllowed):
            discard_draft(letter=draft, officer=person)
    assert send_draft(letter=draft, officer=handler).state == LetterState.QUEUED


def test_a_letter_of_no_case_is_sent_by_those_who_may_see_every_letter(draft, officer, make_officer):
    Letter.objects.filter(pk=draft.pk).update(case_id=None, link_purpose="", secret="http://alpha.localhost/x/")
    draft.refresh_from_db()
    with pytest.raises(NotAllowed):
        send_draft(letter=draft, officer=make_officer(Role.CASE_HANDLER))
    assert send_draft(letter=draft, officer=officer).state == LetterState.QUEUED


def test_every_move_of_a_letter_is_one_that_the_table_allows(case):
    letter = letter_of(case, "acknowledged")
    for begin in LetterState:
        for to in LetterState:
            if to in ALLOWED[begin]:
                continue
            with pytest.raises(ValueError, match="does not go"):
                move_letter(Letter.objects.filter(pk=letter.pk), come_from=begin, to=to)
    letter.refresh_from_db()
    assert letter.state == LetterState.QUEUED
    assert set(ALLOWED) == set(LetterState)


def test_the_database_refuses_a_draft_that_was_sent_and_a_reason_without_a_failure(draft):
    for wrong in ({"sent_at": "2026-01-01T00:00Z"}, {"pdf": b"x"}, {"failure": "server_away"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Letter.objects.filter(pk=draft.pk).update(**wrong)
