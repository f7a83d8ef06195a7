"""Complaints: their clocks, what they are about, how they are looked into, and where they go."""

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from privacy.register.models import OrganisationProfile
from privacy.register.selectors import local_date
from requests import services
from requests.complaint_clock import (
    acknowledge_by,
    acknowledged_on,
    answer_by,
    authorities_for,
    law_sets_no_further_day,
)
from requests.enums import EscalationLevel
from requests.enums import RequestState as S
from requests.errors import ComplaintRefused, WrongState
from requests.models import Escalation, InvestigationNote, Mark, MeasureTaken, Reminder, SubjectRequest
from requests.selectors import due_status
from requests.services.answering import answer_case
from requests.services.complaints import (
    acknowledge_complaint,
    add_note,
    link_complaint,
    record_measure,
    write_progress,
)
from requests.services.deadlines import look_at_case
from requests.services.escalating import escalate
from retention.models import Hold
from tests.requests.conftest import letter_kinds, letter_of, run_jobs
from tests.requests.in_words import GIVEN, begun


def under(*laws: str, **more: object) -> None:
    OrganisationProfile.objects.update(laws=list(laws), promise_days=None, time_zone="UTC", **more)


@pytest.mark.parametrize(
    ("received", "by"),
    [
        (date(2026, 11, 25), date(2026, 12, 29)),  # Christmas Day, the substitute for Boxing Day and a weekend
        (date(2026, 6, 19), date(2026, 7, 20)),  # the first day of the duty; the 30th day is a Sunday
        (date(2026, 7, 1), date(2026, 7, 31)),
    ],
)
def test_a_complaint_in_the_united_kingdom_is_acknowledged_within_thirty_days(alpha, received, by):
    under("UK", country="GB")
    case = begun("complaint", received_on=received)
    assert acknowledge_by(case) == by
    assert answer_by(case.deadlines) is None
    assert case.deadlines[0]["sentences"][-1].startswith("The last day to acknowledge")
    assert acknowledged_on(case) == local_date(timezone.now())


def test_before_the_duty_a_complaint_in_the_united_kingdom_is_answered_within_the_month(alpha):
    under("UK", country="GB")
    case = begun("complaint", received_on=date(2026, 6, 18))
    assert (acknowledge_by(case), answer_by(case.deadlines)) == (None, date(2026, 7, 20))


def test_the_acknowledgement_promises_no_answer_by_a_day_that_measures_itself(alpha):
    under("UK", country="GB")
    case = begun("complaint")
    assert letter_kinds(case) == ["complaint_acknowledged"]
    assert "You will have our answer by" not in letter_of(case, "complaint_acknowledged").body
    under("GH", country="GH")
    other = begun("complaint")
    assert "You will have our answer by" in letter_of(other, "complaint_acknowledged").body


def test_the_person_names_one_of_their_own_cases(alpha):
    about = begun("access")
    case = begun("complaint", particulars={"about_reference": about.reference.lower()})
    assert case.about_case_id == about.pk
    assert about.reference in letter_of(case, "complaint_acknowledged").body
    assert LedgerEntry.objects.get(action="subject_request.complaint_linked").data["same_person"] is True


@pytest.mark.parametrize("named", ["of somebody else", "PR-0000-0000", "", "my invoice"])
def test_a_case_that_is_not_theirs_is_not_linked(alpha, named):
    if named == "of somebody else":
        named = begun("access", email="kofi@example.com").reference
    case = begun("complaint", particulars={"about_reference": named})
    assert (case.about_case_id, letter_kinds(case)) == (None, ["complaint_acknowledged"])
    assert "It is about how we handled" not in letter_of(case, "complaint_acknowledged").body


def test_linking_another_persons_case_wants_a_reason_that_is_noted(officer):
    theirs = begun("access", email="kofi@example.com")
    case = begun("complaint")
    with pytest.raises(ComplaintRefused, match="Say why"):
        link_complaint(case=case, officer=officer, reference=theirs.reference)
    link_complaint(case=case, officer=officer, reference=theirs.reference, reason="A mother for her son.")
    case.refresh_from_db()
    assert case.about_case_id == theirs.pk
    assert "A mother for her son." in InvestigationNote.objects.get().text
    data = LedgerEntry.objects.get(action="subject_request.complaint_linked").data
    assert (data["same_person"], "mother" in str(data)) == (False, False)


def test_linking_anew_wants_a_reason_and_one_of_the_persons_own_does_not(officer):
    first, second = begun("access"), begun("erasure")
    case = begun("complaint")
    link_complaint(case=case, officer=officer, reference=first.reference)
    with pytest.raises(ComplaintRefused, match="Say why"):
        link_complaint(case=case, officer=officer, reference=second.reference)
    link_complaint(case=case, officer=officer, reference=second.reference, reason="They meant the other one.")
    case.refresh_from_db()
    assert case.about_case_id == second.pk


def test_a_complaint_is_not_about_itself_or_about_nothing(officer):
    case = begun("complaint")
    for reference in (case.reference, "PR-0000-0000", "nonsense"):
        with pytest.raises(ComplaintRefused, match="There is no such case"):
            link_complaint(case=case, officer=officer, reference=reference, reason="Why not.")


def test_a_handler_learns_nothing_of_other_peoples_cases_by_linking(officer, make_officer):
    theirs = begun("access", email="kofi@example.com")
    case = begun("complaint")
    services.assign(case=case, officer=officer, assignee=(handler := make_officer("case_handler")))
    with pytest.raises(ComplaintRefused, match="There is no such case"):
        link_complaint(case=case, officer=handler, reference=theirs.reference, reason="Curious.")


@pytest.mark.parametrize("make", [add_note, record_measure])
def test_notes_and_measures_are_added_and_never_changed(officer, make):
    case = begun("complaint")
    row = make(case=case, officer=officer, text="  The branch closed early. ")
    kept = type(row).objects.get()
    assert (kept.text, kept.officer) == ("The branch closed early.", officer)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        type(row).objects.update(officer=officer)
    assert type(row).objects.get().text == "The branch closed early."
    with pytest.raises(ComplaintRefused, match="Write something"):
        make(case=case, officer=officer, text=" ")
    assert "branch" not in str(list(LedgerEntry.objects.values_list("data", flat=True)))


def test_notes_are_added_after_the_answer_and_news_are_not(officer):
    case = begun("complaint")
    answer_case(case=case, officer=officer, given=GIVEN["complaint"])
    add_note(case=case, officer=officer, text="The authority called.")
    with pytest.raises(WrongState):
        write_progress(case=case, officer=officer, text="We are looking.")


def test_what_is_no_complaint_is_not_looked_into_like_one(officer):
    case = begun("question")
    with pytest.raises(ComplaintRefused, match="not a complaint"):
        add_note(case=case, officer=officer, text="Hm.")


def test_the_person_is_told_how_far_it_is_and_when_they_hear_next(officer):
    case = begun("complaint")
    soon = local_date(timezone.now()) + timedelta(days=7)
    write_progress(case=case, officer=officer, text="We have read the file.", next_news_on=soon)
    body = letter_of(case, "complaint_progress").body
    assert "We have read the file." in body
    assert f"We write to you again by {soon:%A} {soon.day} {soon:%B %Y}" in body
    with pytest.raises(ComplaintRefused, match="not over"):
        write_progress(case=case, officer=officer, text="Late.", next_news_on=soon - timedelta(days=30))


@pytest.mark.parametrize(
    ("state", "counts"), [("draft", False), ("queued", True), ("sent", True), ("failed", False), ("by_post", True)]
)
def test_an_acknowledgement_that_did_not_go_out_acknowledges_nothing(officer, state, counts):
    under("UK", country="GB")
    case = begun("complaint")
    unsent = {"pdf": None, "sent_at": None, "sending_since": None} if state == "draft" else {}
    Letter.objects.filter(case_id=case.pk, kind="case_complaint_acknowledged").update(state=state, **unsent)
    assert (acknowledged_on(case) is not None, law_sets_no_further_day(case)) == (counts, counts)


def test_without_an_address_the_acknowledgement_is_recorded_by_hand_once(officer):
    case = begun("complaint")
    case.subject.identifiers.all().delete()
    Letter.objects.filter(case_id=case.pk).delete()
    assert acknowledged_on(case) is None
    acknowledge_complaint(case=case, officer=officer)
    assert acknowledged_on(case) == local_date(timezone.now())
    with pytest.raises(ComplaintRefused, match="acknowledged already"):
        acknowledge_complaint(case=case, officer=officer)


def test_a_complaint_goes_up_to_another_privacy_officer_who_had_no_part_in_it(officer, make_officer):
    about = begun("access")
    involved, senior, handler = make_officer(), make_officer(), make_officer("case_handler")
    services.confirm_identity(case=about, officer=involved)
    case = begun("complaint", about=about)
    services.assign(case=case, officer=officer, assignee=handler)

    def up(to):
        return escalate(case=case, officer=handler, level=EscalationLevel.SENIOR, reasons="It is grave.", to=to)

    for wrong in (None, handler, make_officer("case_handler"), make_officer(is_active=False), involved):
        with pytest.raises(Exception, match=r"Choose a Privacy Officer|cannot look into"):
            up(wrong)
    made = up(senior)
    case.refresh_from_db()
    assert (case.assignee, made.to_officer, made.reasons) == (senior, senior, "It is grave.")
    assert Escalation.objects.count() == 1


def test_putting_it_before_the_authority_tells_its_address_and_keeps_the_data_locked(officer):
    under("CA-FED", country="CA")
    case = begun("complaint")
    answer_case(case=case, officer=officer, given=GIVEN["complaint"])
    made = escalate(
        case=case, officer=officer, level=EscalationLevel.AUTHORITY, reasons="They asked us.", authority="OPC"
    )
    today = local_date(timezone.now())
    assert made.recourse_ends_on is not None
    assert timedelta(days=180) < made.recourse_ends_on - today < timedelta(days=190)  # six months, PIPEDA s. 11(3)
    body = letter_of(case, "complaint_escalated").body
    for words in ("Office of the Privacy Commissioner of Canada", "30 Victoria Street, Gatineau", "They asked us."):
        assert words in body
    assert body.count("Office of the Privacy Commissioner of Canada") == 1
    assert ("also turn to the authority" in body, "how far we are" in body.lower()) == (False, False)
    assert "Why we put it there\n" in body
    assert run_jobs("requests.end_recourse") == 1
    assert Hold.objects.filter(case_id=case.pk, released_at__isnull=True).count() == 1
    with pytest.raises(ComplaintRefused, match="with this authority already"):
        escalate(case=case, officer=officer, level=EscalationLevel.AUTHORITY, reasons="Again.", authority="OPC")


def test_before_the_answer_no_last_day_is_told_and_only_an_authority_of_its_laws_is_named(officer):
    under("CA-FED", country="CA")
    case = begun("complaint")
    assert [each.code for each in authorities_for(case)] == ["OPC"]
    with pytest.raises(ComplaintRefused, match="Choose one of the authorities"):
        escalate(case=case, officer=officer, level=EscalationLevel.AUTHORITY, reasons="Why.", authority="ICO")
    made = escalate(case=case, officer=officer, level=EscalationLevel.AUTHORITY, reasons="Why.", authority="OPC")
    assert (made.recourse_ends_on, "turn to it yourself until" in letter_of(case, "complaint_escalated").body) == (
        None, False,
    )  # fmt: skip
    answer_case(case=case, officer=officer, given=GIVEN["complaint"])
    assert run_jobs("requests.end_recourse") == 0
    assert Hold.objects.filter(case_id=case.pk, released_at__isnull=True).count() == 1


def test_the_letter_about_the_authority_is_french_for_a_french_reader(officer):
    under("CA-QC", country="CA")
    case = begun("complaint", language="fr")
    escalate(case=case, officer=officer, level=EscalationLevel.AUTHORITY, reasons="Voilà.", authority="CAI")
    assert "Votre plainte est maintenant entre les mains" in letter_of(case, "complaint_escalated").body


def test_the_other_authorities_of_the_case_are_still_named_beside_the_one_it_is_with(officer):
    under("CA-FED", "CA-BC", country="CA")
    case = begun("complaint")
    escalate(case=case, officer=officer, level=EscalationLevel.AUTHORITY, reasons="Why.", authority="OPC")
    body = letter_of(case, "complaint_escalated").body
    first, other = body.split("also turn to the authority")
    assert ("Privacy Commissioner of Canada" in first, "British Columbia" in first) == (True, False)
    assert ("Privacy Commissioner of Canada" in other, "British Columbia" in other) == (False, True)


def test_escalations_are_never_changed(officer):
    case = begun("complaint")
    escalate(
        case=case, officer=officer, level=EscalationLevel.AUTHORITY, reasons="Why.",
        authority=authorities_for(case)[0].code,
    )  # fmt: skip
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Escalation.objects.update(level="senior")
    assert (Escalation.objects.count(), MeasureTaken.objects.count()) == (1, 0)


def test_the_dates_of_an_answered_complaint_stay(officer):
    case = begun("complaint")
    before = (case.due_on, case.deadlines)
    answer_case(case=case, officer=officer, given=GIVEN["complaint"])
    kept = SubjectRequest.objects.get(pk=case.pk)
    assert (kept.state, kept.due_on, kept.deadlines) == (S.COMPLETED, *before)


def test_once_acknowledged_nobody_is_reminded_of_a_limit_that_no_law_sets(officer):
    under("UK", country="GB")
    case = begun("complaint")
    look_at_case(case_id=case.pk, today=case.due_on - timedelta(days=1))
    assert not Reminder.objects.filter(case=case, mark=Mark.LIMIT).exists()
    Letter.objects.filter(case_id=case.pk, kind="case_complaint_acknowledged").delete()
    look_at_case(case_id=case.pk, today=case.due_on - timedelta(days=1))
    assert Reminder.objects.filter(case=case, mark=Mark.LIMIT).exists()


def test_an_acknowledged_complaint_is_due_by_the_day_that_comes_next_and_never_overdue_by_one_that_was_kept(
    alpha, officer
):
    under("UK", country="GB")
    today = local_date(timezone.now())
    case = begun("complaint", received_on=today - timedelta(days=29))
    assert acknowledge_by(case) < today + timedelta(days=7)
    assert case.due_on >= today + timedelta(days=30)
    assert acknowledge_by(case) < case.due_on
    assert case.target_on == today + timedelta(days=(case.due_on - today).days * 70 // 100)
    assert today < case.target_on < case.due_on
    later = acknowledge_by(case) + timedelta(days=1)
    assert due_status(case, later).level != "overdue"
    assert due_status(case, case.due_on + timedelta(days=1)).level == "overdue"
    entry = LedgerEntry.objects.get(action="subject_request.next_date")
    assert entry.data == {"due_before": str(acknowledge_by(case)), "due": str(case.due_on)}


def test_the_promise_of_the_organisation_is_what_comes_next_where_it_made_one(alpha):
    under("UK", country="GB")
    OrganisationProfile.objects.update(promise_days=60, promise_unit="calendar_day")
    received = local_date(timezone.now()) - timedelta(days=20)
    case = begun("complaint", received_on=received)
    assert (case.due_on, acknowledge_by(case) < case.due_on) == (answer_by(case.deadlines), True)
    assert case.due_on >= received + timedelta(days=60)


def test_a_complaint_that_was_not_acknowledged_stays_due_by_its_acknowledgement(alpha):
    under("UK", country="GB")
    case = begun("complaint", received_on=local_date(timezone.now()) - timedelta(days=5))
    Letter.objects.filter(case_id=case.pk).delete()
    SubjectRequest.objects.filter(pk=case.pk).update(due_on=acknowledge_by(case), target_on=acknowledge_by(case))
    case.refresh_from_db()
    look_at_case(case_id=case.pk, today=acknowledge_by(case))
    case.refresh_from_db()
    assert case.due_on == acknowledge_by(case)
    assert due_status(case, case.due_on + timedelta(days=1)).level == "overdue"
