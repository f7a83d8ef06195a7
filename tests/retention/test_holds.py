"""Holds: placed, released, and what they keep from happening."""

from datetime import date
from uuid import uuid4

import pytest
from django.utils import timezone

from demo.crm.offixpro.known import AMA_MENSAH, AMA_MENSAH_OF_TEMA
from privacy.datamap.subject_plan import plan_erasure
from privacy.jobs.models import JobState
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.subjects.services import find_or_add_subject
from retention.enums import HoldKind, RunState
from retention.errors import HoldInvalid
from retention.holding import held_people
from retention.models import Hold, Run
from retention.selectors import why_kept
from retention.services import place_hold, start_erasure_run
from tests.holding import let_go
from tests.sources import change, content, job_of, known, work


@pytest.fixture
def erasure(offixpro) -> Run:
    subject = known(AMA_MENSAH.email)
    (run,) = start_erasure_run(case_id=uuid4(), subject=subject, planned=plan_erasure(subject=subject), actor=SYSTEM)
    return run


def _state(run: Run) -> tuple[str, str]:
    run.refresh_from_db()
    return run.state, run.problem


def test_a_case_holds_a_person_once(alpha):
    subject, case = known("ama@example.com"), uuid4()
    first = place_hold(kind=HoldKind.OPEN_REQUEST, matter="PR-1", subject=subject, case_id=case, actor=SYSTEM)
    again = place_hold(kind=HoldKind.OPEN_REQUEST, matter="PR-1", subject=subject, case_id=case, actor=SYSTEM)
    assert (again.pk, Hold.objects.count()) == (first.pk, 1)


def test_a_legal_hold_that_is_placed_twice_by_one_press_is_one_and_need_not_be_released_twice(alpha):
    ama = find_or_add_subject(kind="email", value="ama@example.com")
    about = {"kind": "legal", "matter": "Mensah v. OffixPro", "actor": SYSTEM}
    hold = place_hold(subject=ama, **about)
    assert place_hold(subject=ama, **about) == hold
    others = [
        place_hold(subject=ama, **about | {"matter": "Another"}),
        place_hold(subject=ama, review_on=date(2099, 1, 1), **about),
        place_hold(category="contact", **about),
    ]
    Hold.objects.filter(pk=hold.pk).update(release_asked_at=timezone.now())
    again = place_hold(subject=ama, **about)
    assert len({hold, again, *others}) == Hold.objects.count() == 5


def test_the_matter_of_a_hold_is_not_in_the_ledger(alpha):
    place_hold(kind=HoldKind.LEGAL, matter="Mensah v. Boateng", subject=known("ama@example.com"), actor=SYSTEM)
    (entry,) = LedgerEntry.objects.filter(action="hold.placed")
    assert entry.data["kind"] == "legal"
    assert "Mensah" not in str(entry.data)


def test_a_hold_names_a_person_or_a_dataset_and_not_both(offixpro):
    both = {"subject": known("ama@example.com"), "dataset": offixpro.datasets.first()}
    for wrong in ({}, both):
        with pytest.raises(HoldInvalid):
            place_hold(kind=HoldKind.LEGAL, matter="m", actor=SYSTEM, **wrong)
    assert place_hold(kind=HoldKind.LEGAL, matter="m", actor=SYSTEM, dataset=both["dataset"]).subject is None


def test_everybody_under_a_hold_is_spared_but_for_the_case_itself(alpha):
    case = uuid4()
    for email, case_id in (("a@example.com", case), ("b@example.com", uuid4()), ("c@example.com", None)):
        place_hold(kind=HoldKind.LEGAL, matter="m", subject=known(email), case_id=case_id, actor=SYSTEM)
    released = place_hold(kind=HoldKind.LEGAL, matter="m", subject=known("d@example.com"), actor=SYSTEM)
    let_go(released)
    values = [identifier.value for identifier in held_people(except_case=case).identifiers]
    assert values == ["b@example.com", "c@example.com"]
    assert len(held_people().identifiers) == 3


def test_the_hold_of_its_own_case_does_not_stop_an_erasure(erasure):
    subject = known(AMA_MENSAH.email)
    place_hold(kind=HoldKind.OPEN_REQUEST, matter="m", subject=subject, case_id=erasure.case_id, actor=SYSTEM)
    work(erasure.pk)
    assert _state(erasure) == (RunState.COMPLETED, "")


@pytest.mark.parametrize("kind", [HoldKind.LEGAL, HoldKind.OPEN_REQUEST])
def test_another_hold_on_the_person_stops_the_erasure_until_it_is_released(erasure, crm, kind):
    hold = place_hold(kind=kind, matter="m", subject=known(AMA_MENSAH.email), case_id=uuid4(), actor=SYSTEM)
    before = content(crm, "crm")
    work(erasure.pk)
    assert _state(erasure) == (RunState.RUNNING, "held")
    assert content(crm, "crm") == before
    let_go(hold)
    work(erasure.pk)
    assert _state(erasure) == (RunState.COMPLETED, "")


def test_two_erasures_of_one_person_do_not_wait_for_each_other(erasure):
    subject = known(AMA_MENSAH.email)
    planned = plan_erasure(subject=subject)
    (other,) = start_erasure_run(case_id=uuid4(), subject=subject, planned=planned, actor=SYSTEM)
    for run in (erasure, other):
        place_hold(kind=HoldKind.OPEN_REQUEST, matter="m", subject=subject, case_id=run.case_id, actor=SYSTEM)
    work(erasure.pk)
    assert _state(erasure) == (RunState.COMPLETED, "")
    work(other.pk)
    assert _state(other) == (RunState.STOPPED, "plan_no_longer_matches")


def test_two_erasures_of_one_person_known_as_two_do_not_wait_for_each_other(offixpro, crm):
    """The same rows name her by her address and by her number, and each case holds what the other is to erase."""
    number = "+233244000111"
    hers = "UPDATE crm.customer SET phone = %s WHERE email = %s AND operated_by = 'offixpro'"
    assert change(crm, hers, number, AMA_MENSAH.email) == 1
    by_address, by_number = known(AMA_MENSAH.email), find_or_add_subject(kind="phone", value=number)
    runs = []
    for subject in (by_address, by_number):
        case = uuid4()
        place_hold(kind=HoldKind.OPEN_REQUEST, matter="PR", subject=subject, case_id=case, actor=SYSTEM)
        runs += start_erasure_run(case_id=case, subject=subject, planned=plan_erasure(subject=subject), actor=SYSTEM)
    work(runs[0].pk)
    assert _state(runs[0]) == (RunState.COMPLETED, "")
    work(runs[1].pk)
    assert _state(runs[1]) == (RunState.STOPPED, "plan_no_longer_matches")
    (again,) = start_erasure_run(
        case_id=runs[1].case_id, subject=by_number, planned=plan_erasure(subject=by_number), actor=SYSTEM
    )
    work(again.pk)
    assert _state(again) == (RunState.COMPLETED, "")
    assert sum(again.steps.values_list("rows", flat=True)) == 0
    assert sum(runs[0].steps.values_list("rows", flat=True)) > 0


def test_another_case_over_the_same_rows_that_is_no_erasure_stops_the_erasure(offixpro, crm):
    number = "+233244000111"
    hers = "UPDATE crm.customer SET phone = %s WHERE email = %s AND operated_by = 'offixpro'"
    change(crm, hers, number, AMA_MENSAH.email)
    subject, other = known(AMA_MENSAH.email), find_or_add_subject(kind="phone", value=number)
    place_hold(kind=HoldKind.OPEN_REQUEST, matter="PR-2", subject=other, case_id=uuid4(), actor=SYSTEM)
    (run,) = start_erasure_run(case_id=uuid4(), subject=subject, planned=plan_erasure(subject=subject), actor=SYSTEM)
    work(run.pk)
    assert _state(run) == (RunState.RUNNING, "held")


def test_a_legal_hold_stops_both_of_two_erasures(erasure):
    subject = known(AMA_MENSAH.email)
    planned = plan_erasure(subject=subject)
    (other,) = start_erasure_run(case_id=uuid4(), subject=subject, planned=planned, actor=SYSTEM)
    place_hold(kind=HoldKind.LEGAL, matter="m", subject=subject, actor=SYSTEM)
    for run in (erasure, other):
        work(run.pk)
        assert _state(run) == (RunState.RUNNING, "held")


def test_somebody_elses_hold_changes_nothing_for_the_person(erasure):
    place_hold(kind=HoldKind.LEGAL, matter="m", subject=known(AMA_MENSAH_OF_TEMA.email), actor=SYSTEM)
    work(erasure.pk)
    assert _state(erasure) == (RunState.COMPLETED, "")


def test_a_hold_placed_between_two_chunks_stops_the_next_one(erasure, settings, monkeypatch):
    from retention.journal import PortalJournal

    settings.RETENTION_WINDOW_ROWS = 2
    original, chunks = PortalJournal.intend, []

    def intend(self, chunk, **rest):
        original(self, chunk, **rest)
        chunks.append(chunk)
        if len(chunks) == 2:
            place_hold(kind=HoldKind.LEGAL, matter="m", subject=known(AMA_MENSAH.email), actor=SYSTEM)

    monkeypatch.setattr(PortalJournal, "intend", intend)
    work(erasure.pk)
    assert _state(erasure) == (RunState.RUNNING, "held")
    assert len(chunks) == 2
    assert sum(step.rows for step in erasure.steps.all()) == sum(
        chunk.rows for step in erasure.steps.all() for chunk in step.chunks.filter(state="completed")
    )
    assert job_of(erasure.pk).state == JobState.PENDING


def test_releasing_twice_changes_nothing(alpha):
    hold = place_hold(kind=HoldKind.LEGAL, matter="m", subject=known("ama@example.com"), actor=SYSTEM)
    first = let_go(hold)
    again = let_go(hold)
    assert again.released_at == first.released_at
    assert LedgerEntry.objects.filter(action="hold.released").count() == 1


def test_the_officer_is_told_why_data_is_still_here(offixpro):
    subject = known(AMA_MENSAH.email)
    place_hold(kind=HoldKind.LEGAL, matter="m", subject=subject, actor=SYSTEM)
    reasons = why_kept(subject=subject)
    assert reasons[0].endswith("legal hold.")
    assert [reason.partition(":")[0] for reason in reasons[1:]] == ["Employees", "Invoice lines"]
