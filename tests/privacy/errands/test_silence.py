"""When a source that is no database was last heard of, and when its silence is worth telling."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from privacy.datamap.jobs import LOOK_JOB, sources_due
from privacy.datamap.models import Finding, Source, SourceKind
from privacy.errands.models import Errand, ErrandState
from privacy.errands.services import add_manual_source
from privacy.jobs.models import Job
from privacy.jobs.registry import JobHandle
from privacy.ledger.actors import SYSTEM
from privacy.register.models import OrganisationProfile
from tests.privacy.errands.server import make_key
from tests.privacy.errands.test_processor import call_back, processor, source, step
from tests.requests.conftest import approved_case
from tests.requests.test_erasure import second

__all__ = ["processor", "second", "source"]

SILENCE = 7


@pytest.fixture(autouse=True)
def _silence_is_told_after_seven_days(alpha):
    OrganisationProfile.objects.update(source_silence_days=SILENCE)


def look() -> list[str]:
    """The daily look; the sources of which it says that they were not reached."""
    sources_due(JobHandle(1, "daily", 1, "me"))
    found = Finding.objects.filter(code="source_not_seen", resolved_at=None)
    return list(found.order_by("source__name").values_list("source__name", flat=True))


def ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def heard(source: Source) -> datetime | None:
    return Source.objects.get(pk=source.pk).last_seen_at


def forget(source: Source) -> None:
    """As if nothing had been heard of it for longer than anybody would wait."""
    Source.objects.filter(pk=source.pk).update(last_seen_at=ago(60))


def test_a_processor_is_heard_of_when_it_accepts_and_with_every_status(processor, source, officer, second):
    approved_case(officer, second)
    assert heard(source) is None
    step()
    assert heard(source) > ago(0.1)
    for status in ("pending", "in_progress", "completed"):
        forget(source)
        processor.status = status
        step()
        assert heard(source) > ago(0.1)


@pytest.mark.parametrize("asked_before", [False, True])
def test_an_answer_that_it_did_not_sign_or_an_error_is_no_sign_of_it(processor, source, officer, second, asked_before):
    approved_case(officer, second)
    if asked_before:
        step()
        forget(source)
    before = heard(source)
    processor.fail = [503]
    assert step().problem == "processor_error"
    processor.signs_with = make_key()
    step()
    assert heard(source) == before


def test_a_callback_makes_us_ask_and_the_answer_is_what_counts(processor, source, officer, second):
    approved_case(officer, second)
    step()
    forget(source)
    call_back(processor)
    assert heard(source) < ago(59)
    step()
    assert heard(source) > ago(0.1)


def test_a_processor_that_nobody_asked_is_not_missed_however_long_ago_it_answered(source):
    assert look() == []
    forget(source)
    assert look() == []


@pytest.mark.parametrize(("days", "expected"), [(SILENCE - 1, []), (SILENCE + 1, ["Mailing service"])])
def test_a_processor_that_leaves_a_question_without_an_answer_is_told_until_it_answers(
    processor, source, officer, second, days, expected
):
    approved_case(officer, second)
    processor.fail = [503]
    step()
    assert look() == []
    Errand.objects.update(asked_at=ago(days))
    assert look() == expected
    step()
    assert look() == []


def test_a_processor_that_falls_silent_after_it_accepted_is_told(processor, source, officer, second):
    approved_case(officer, second)
    step()
    Errand.objects.update(asked_at=ago(20), expected_at=ago(-2))
    Source.objects.filter(pk=source.pk).update(last_seen_at=ago(SILENCE - 1))
    assert look() == []
    Source.objects.filter(pk=source.pk).update(last_seen_at=ago(SILENCE + 1))
    assert look() == ["Mailing service"]
    Errand.objects.update(state=ErrandState.CANCELLED, closed_at=timezone.now())
    assert look() == []


@pytest.mark.parametrize("said", [{"expected_at": ago(10)}, {"status": "cancelled"}])
def test_a_processor_that_said_it_will_not_or_is_late_by_its_own_word_is_not_silent(
    processor, source, officer, second, said
):
    approved_case(officer, second)
    step()
    Errand.objects.update(asked_at=ago(20), expected_at=ago(-2))
    Source.objects.filter(pk=source.pk).update(last_seen_at=ago(SILENCE + 1))
    assert look() == ["Mailing service"]
    Errand.objects.update(**said)
    assert look() == []


def test_a_person_is_never_missed_and_a_database_is_in_the_same_look(alpha, officer, second):
    manual = add_manual_source(name="Cellar", owner=officer, instructions="Look.", days=7, actor=SYSTEM)
    approved_case(officer, second)
    step()
    Errand.objects.update(created_at=ago(60))
    database = Source.objects.create(name="Shop", kind=SourceKind.POSTGRESQL, last_seen_at=ago(SILENCE + 1))
    assert (heard(manual), Errand.objects.get().state) == (None, ErrandState.OPEN)
    assert look() == ["Shop"]
    slots = Job.objects.filter(kind=LOOK_JOB).values_list("slot", flat=True)
    assert [slot.partition(":")[0] for slot in slots] == [str(database.pk)]
