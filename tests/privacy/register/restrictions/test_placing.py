from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from privacy.jobs.models import Job
from privacy.jobs.runner import run_job
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.models import LedgerEntry
from privacy.register.restrictions import listening
from privacy.register.restrictions.errors import LiftRefused, PersonNotTold, RestrictionInvalid
from privacy.register.restrictions.models import Restriction, RestrictionChange
from privacy.register.restrictions.selectors import is_restricted
from privacy.register.restrictions.services import (
    end_restriction,
    lift_by_the_person,
    lift_restriction,
    place_restriction,
)
from privacy.register.selectors import local_date
from tests.privacy.register.restrictions.conftest import make_purpose


def today():
    return local_date(timezone.now())


def lift(restriction, **given):
    return lift_restriction(
        restriction=restriction, actor=SYSTEM, **{"reason": "The dispute is over.", "told_on": today()} | given
    )


def test_a_restriction_is_in_the_ledger_without_personal_data(ama, analytics):
    case = uuid4()
    placed = place_restriction(
        subject=ama, kind="objection", purpose=analytics, ground="GDPR.21.1", case_id=case, actor=SYSTEM
    )
    entry = LedgerEntry.objects.get(action="restriction.placed")
    assert entry.object_id == str(placed.pk)
    assert entry.data == {
        "kind": "objection", "subject": str(ama.pk), "purpose": "analytics", "category": "", "ground": "GDPR.21.1",
        "case": str(case),
    }  # fmt: skip


def test_placing_the_same_again_gives_the_one_in_force(ama, kofi, analytics):
    first = place_restriction(subject=ama, kind="objection", purpose=analytics, actor=SYSTEM)
    again = place_restriction(subject=ama, kind="objection", purpose=analytics, actor=SYSTEM)
    others = [
        place_restriction(subject=ama, kind="restriction", purpose=analytics, actor=SYSTEM),
        place_restriction(subject=ama, kind="objection", actor=SYSTEM),
        place_restriction(subject=kofi, kind="objection", purpose=analytics, actor=SYSTEM),
    ]
    assert again == first
    assert len({first.pk, *(each.pk for each in others)}) == 4
    lift(first)
    assert place_restriction(subject=ama, kind="objection", purpose=analytics, actor=SYSTEM) != first


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "pause"},
        {"kind": "marketing"},
        {"kind": "restriction", "category": "gossip"},
        {"kind": "restriction", "category": "unclassified"},
        {"kind": "restriction", "since": timezone.now() + timedelta(hours=1)},
        {"kind": "restriction", "until": timezone.now().date() - timedelta(days=2)},
    ],
)
def test_what_makes_no_sense_is_refused(ama, wrong):
    with pytest.raises(RestrictionInvalid):
        place_restriction(subject=ama, actor=SYSTEM, **wrong)
    assert place_restriction(subject=ama, actor=SYSTEM, kind="restriction", category="contact").category == "contact"


def test_one_restriction_is_about_a_purpose_or_a_kind_of_data_and_not_both(ama, analytics):
    with pytest.raises(RestrictionInvalid, match="two restrictions"):
        place_restriction(subject=ama, kind="objection", purpose=analytics, category="contact", actor=SYSTEM)


def test_nobody_is_surprised_by_the_end_of_their_restriction(ama):
    placed = place_restriction(subject=ama, kind="restriction", actor=SYSTEM)
    for told_on in (None, today() + timedelta(days=1)):
        with pytest.raises(PersonNotTold):
            lift(placed, told_on=told_on)
    with pytest.raises(LiftRefused, match="Say why"):
        lift(placed, reason="  ")
    assert is_restricted(ama)
    lifted = lift(placed)
    assert (lifted.lift_reason, lifted.told_on, is_restricted(ama)) == ("The dispute is over.", today(), False)
    entry = LedgerEntry.objects.get(action="restriction.lifted")
    assert entry.data["told_on"] == today().isoformat()
    assert "dispute" not in str(entry.data)


def test_lifting_again_changes_nothing(ama):
    placed = place_restriction(subject=ama, kind="restriction", actor=SYSTEM)
    first = lift(placed)
    again = lift(placed, reason="Another reason.")
    assert (again.lift_reason, again.lifted_at) == ("The dispute is over.", first.lifted_at)
    assert LedgerEntry.objects.filter(action="restriction.lifted").count() == 1


def test_an_end_that_is_known_beforehand_needs_to_be_told_and_comes_by_itself(ama):
    last = today() + timedelta(days=3)
    with pytest.raises(PersonNotTold):
        place_restriction(subject=ama, kind="restriction", until=last, actor=SYSTEM)
    placed = place_restriction(subject=ama, kind="restriction", until=last, told_on=today(), actor=SYSTEM)
    job = Job.objects.get(kind="restrictions.end", slot=str(placed.pk))
    assert job.due_at == placed.in_force_until
    end_restriction(restriction_id=placed.pk)
    assert is_restricted(ama)
    with time_machine.travel(placed.in_force_until, tick=False):
        assert not is_restricted(ama)
        run_job(job_id=job.pk)
    placed.refresh_from_db()
    assert (placed.lifted_by_kind, placed.lift_reason) == ("system", "Its last day is over.")


def test_the_person_takes_back_an_objection_to_one_purpose_and_nothing_else(ama, kofi, analytics):
    objection = place_restriction(subject=ama, kind="objection", purpose=analytics, actor=SYSTEM)
    kept = [
        place_restriction(subject=ama, kind="objection", actor=SYSTEM),
        place_restriction(subject=ama, kind="restriction", purpose=analytics, actor=SYSTEM),
        place_restriction(subject=ama, kind="objection", category="contact", actor=SYSTEM),
    ]
    for actor in (SYSTEM, Actor.subject(kofi)):
        with pytest.raises(LiftRefused):
            lift_by_the_person(restriction=objection, actor=actor)
    for each in kept:
        with pytest.raises(LiftRefused):
            lift_by_the_person(restriction=each, actor=Actor.subject(ama))
    lifted = lift_by_the_person(restriction=objection, actor=Actor.subject(ama))
    assert (lifted.lifted_by_kind, lifted.lifted_by_id, lifted.told_on) == ("subject", str(ama.pk), today())
    assert Restriction.objects.filter(lifted_at__isnull=True).count() == 3


def test_listeners_hear_of_each_change_and_their_error_undoes_it(ama, monkeypatch):
    heard = []
    monkeypatch.setattr(listening, "_listeners", [lambda each: heard.append((each.pk, each.lifted_at is not None))])
    placed = place_restriction(subject=ama, kind="restriction", actor=SYSTEM)
    lift(placed)
    assert heard == [(placed.pk, False), (placed.pk, True)]

    def fail(_restriction):
        raise RuntimeError("broken")

    monkeypatch.setattr(listening, "_listeners", [fail])
    with pytest.raises(RuntimeError):
        place_restriction(subject=ama, kind="objection", actor=SYSTEM)
    assert list(Restriction.objects.values_list("kind", flat=True)) == ["restriction"]
    assert RestrictionChange.objects.count() == 2


def test_a_purpose_keeps_its_name_for_the_ledger(ama):
    purpose = make_purpose("newsletter")
    place_restriction(subject=ama, kind="marketing", purpose=purpose, actor=SYSTEM)
    assert LedgerEntry.objects.get(action="restriction.placed").data["purpose"] == "newsletter"
