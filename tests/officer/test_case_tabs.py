"""Each tab of a case reads what it shows, in as many queries for a case with much to show as for one with little."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from privacy.errands.models import Errand, ErrandFile
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.access import grant
from privacy.register.models import Disclosure
from requests.admin.cards import CARDS, TABS
from requests.enums import RequestState as S
from requests.models import Approval, FeeEstimate, SubjectRequest
from retention.models import Hold, Run, RunStep
from tests.officer.everything import one_of_everything
from tests.officer.making import PLAN, make_case, make_letter

CODES = [code for code, _title in TABS]


def tab(case: SubjectRequest, code: str) -> str:
    return f"/officer/requests/subjectrequest/{case.pk}/change/?tab={code}"


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def rows(alpha, officer) -> dict[str, object]:
    """What cases point at, by the name of the model."""
    return {model.__name__: row for model, row in one_of_everything("onyx").items()}


@pytest.fixture
def case(make_officer) -> SubjectRequest:
    return make_case(state=S.AWAITING_APPROVAL, decided_by=make_officer())


def add_one_of_each(case: SubjectRequest, officer, rows, number: int) -> None:
    """One more of everything that a tab may show."""
    make_letter(case)
    record(action="subject_request.assigned", actor=Actor.officer(officer), target=case, data={"to": officer.pk})
    run = Run.objects.create(
        kind="erasure", source=rows["Source"], case_id=case.pk, slot=f"erase {number}", plan={}, plan_hash="c" * 64,
        state="pending", actor_kind="officer",
    )  # fmt: skip
    RunStep.objects.create(
        run=run, position=0, dataset_key="public.contacts", dataset_label="Contacts", action="mask", expected=1, rows=1,
        state="done",
    )  # fmt: skip
    errand = Errand.objects.create(
        source=rows["Source"], case_id=case.pk, run_id=run.pk, work="erasure", subject=case.subject,
        ask_hash="c" * 64, due_on=case.due_on, owner=officer,
    )  # fmt: skip
    ErrandFile.objects.create(errand=errand, role="proof", name=f"proof {number}.pdf", is_kept=True)
    Disclosure.objects.create(
        recipient=rows["Recipient"], subject=case.subject, disclosed_on=case.received_on, categories=["contact"],
        purpose=rows["Purpose"], lawful_basis="consent", means="email", way="hand", actor_kind="officer",
        entered_at=timezone.now(),
    )  # fmt: skip
    Approval.objects.create(case=case, plan_hash=f"{number:064d}", officer=officer)
    Hold.objects.create(matter="Dispute", subject=case.subject)
    FeeEstimate.objects.create(
        case=case, amount=10, currency="GHS", work="Copies", estimated_on=case.received_on, answer="waived",
        answered_at=timezone.now(),
    )  # fmt: skip
    SubjectRequest.objects.filter(pk=make_case().pk).update(about_case_id=case.pk)


@pytest.mark.parametrize("code", CODES)
def test_a_tab_needs_as_many_queries_with_much_as_with_little(officer_client, officer, case, rows, code):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert officer_client.get(tab(case, code)).status_code == 200
        return len(captured)

    add_one_of_each(case, officer, rows, 0)
    queries()
    with_little = queries()
    for number in range(1, 8):
        add_one_of_each(case, officer, rows, number)
    assert queries() == with_little


def test_every_card_stands_on_a_tab_that_is_offered():
    assert {card.tab for card in CARDS} == set(CODES)
    assert len({card.code for card in CARDS}) == len(CARDS)


def test_what_belongs_to_a_case_stands_on_its_tab_and_on_no_other(officer_client, officer, case, rows):
    add_one_of_each(case, officer, rows, 0)
    record(action="subject_request.viewed", actor=Actor.officer(officer), target=case)
    marks = {
        "identity": "Other cases of this person",
        "data": "tax law, six years",
        "letters": "Dear Ama Mensah",
        "disclosures": "Recipient onyx",
        "files": "proof 0.pdf",
        "timeline": "Case file opened",
        "approvals": "of an earlier plan, void",
    }
    for code in CODES:
        shown = text(officer_client.get(tab(case, code)))
        assert [other for other, mark in marks.items() if mark in shown] == ([code] if code in marks else []), code


def test_the_next_step_stands_on_every_tab(officer_client, case):
    for code in CODES:
        assert f"/{case.pk}/approve-erasure/" in text(officer_client.get(tab(case, code))), code


def test_whoever_decided_reads_on_every_tab_why_they_cannot_approve(officer, officer_client):
    case = make_case(state=S.AWAITING_APPROVAL, decided_by=officer)
    for code in CODES:
        shown = text(officer_client.get(tab(case, code)))
        assert "You decided this case, so another officer has to approve it." in shown, code
        assert f"/{case.pk}/approve-erasure/" not in shown, code


def test_an_approval_of_the_present_plan_is_told_from_one_of_an_earlier(officer_client, officer, case):
    Approval.objects.create(case=case, plan_hash="b" * 64, officer=officer)
    shown = text(officer_client.get(tab(case, "approvals")))
    assert ("of the present plan" in shown, "of an earlier plan, void" in shown) == (False, True)
    Approval.objects.create(case=case, plan_hash=PLAN["hash"], officer=officer)
    shown = text(officer_client.get(tab(case, "approvals")))
    assert ("of the present plan" in shown, "of an earlier plan, void" in shown) == (True, True)


def test_a_case_handler_sees_only_their_cases_among_those_of_the_person(handler, sign_in, officer_client):
    mine, other = make_case(assignee=handler), make_case()
    for right in ("view_subjectrequest", "handle_subjectrequest"):
        grant(handler, right, mine)
    shown = text(sign_in(handler).get(tab(mine, "identity")))
    assert other.reference not in shown
    assert other.reference in text(officer_client.get(tab(mine, "identity")))


def test_who_may_not_see_disclosures_is_told_so(handler, sign_in, officer_client, case, officer, rows):
    add_one_of_each(case, officer, rows, 0)
    for right in ("view_subjectrequest", "handle_subjectrequest"):
        grant(handler, right, case)
    shown = text(sign_in(handler).get(tab(case, "disclosures")))
    assert "You may not see to whom data was disclosed." in shown
    assert "Recipient onyx" not in shown
    assert "Recipient onyx" in text(officer_client.get(tab(case, "disclosures")))


def test_a_draft_and_a_letter_that_failed_are_offered_to_be_sent(officer_client, case):
    draft, failed, sent = (make_letter(case, heading=words) for words in ("Draft", "Failed", "Sent"))
    type(draft).objects.filter(pk=draft.pk).update(state="draft", sent_at=None)
    type(failed).objects.filter(pk=failed.pk).update(state="failed", failure="server_away")
    type(sent).objects.filter(pk=sent.pk).update(pdf_sha256="d" * 64)
    shown = text(officer_client.get(tab(case, "letters")))
    for words in ("2 wait for an officer", "Edit or send", "Send again", "could not be reached", "d" * 64):
        assert words in shown
    for letter, act in ((draft, "draft"), (failed, "draft"), (sent, "pdf")):
        assert f"/officer/letters/letter/{letter.pk}/{act}/" in shown
    assert f"/officer/letters/letter/{draft.pk}/pdf/" not in shown
