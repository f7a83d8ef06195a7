"""A person is told before what they had restricted is used again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from privacy.officers.models import Role
from privacy.register.models import Purpose
from privacy.register.restrictions.models import Restriction
from privacy.register.restrictions.services import place_restriction
from privacy.register.selectors import local_date
from requests.enums import RequestState as S
from requests.errors import ChangeInvalid, NotAllowed
from requests.models import SubjectRequest
from requests.services.ending_restrictions import LEAST_DAYS, announce_end
from tests.requests.conftest import in_state, letter_of, run_jobs

WHY = "We have checked your data, and it is correct now."


@pytest.fixture
def case(alpha, officer):
    now = timezone.now()
    return in_state(S.COMPLETED, kind="restriction", decided_at=now, closed_at=now)


@pytest.fixture
def placed(case) -> Restriction:
    return place_restriction(subject=case.subject, kind="restriction", case_id=case.pk, actor=SYSTEM)


def day(number: int = LEAST_DAYS):
    return local_date(timezone.now()) + timedelta(days=number)


def test_the_letter_goes_first_and_the_restriction_holds_until_its_last_day_is_over(case, placed, officer):
    announce_end(case=case, officer=officer, restriction_id=placed.pk, until=day(), reasons=WHY)
    letter = letter_of(case, "restriction_ending")
    assert [words in letter.body for words in (WHY, "Everything we do with the data", f"{day().year}")] == [True] * 3
    placed.refresh_from_db()
    assert (placed.is_in_force, placed.told_on, placed.lifted_at) == (True, day(0), None)
    assert LedgerEntry.objects.get(action="restriction.end_set").data["until"] == str(day())
    assert run_jobs("restrictions.end") == 1  # too early: nothing happens
    placed.refresh_from_db()
    assert placed.lifted_at is None
    with pytest.raises(ChangeInvalid, match="already"):
        announce_end(case=case, officer=officer, restriction_id=placed.pk, until=day(30), reasons=WHY)
    assert Letter.objects.filter(kind="case_restriction_ending").count() == 1


@pytest.mark.parametrize(("number", "reasons"), [(LEAST_DAYS - 1, WHY), (LEAST_DAYS, "  "), (LEAST_DAYS, "x" * 4_001)])
def test_a_day_too_near_or_no_reason_ends_nothing_and_writes_nothing(case, placed, officer, number, reasons):
    with pytest.raises(ChangeInvalid):
        announce_end(case=case, officer=officer, restriction_id=placed.pk, until=day(number), reasons=reasons)
    placed.refresh_from_db()
    assert (placed.in_force_until, Letter.objects.filter(kind="case_restriction_ending").count()) == (None, 0)


def test_where_nobody_can_be_written_to_nothing_ends(case, placed, officer):
    case.subject.identifiers.all().delete()
    with pytest.raises(ChangeInvalid, match="no address"):
        announce_end(case=case, officer=officer, restriction_id=placed.pk, until=day(), reasons=WHY)
    placed.refresh_from_db()
    assert placed.in_force_until is None


def test_only_who_may_lift_it_ends_it_and_only_by_its_own_case(case, placed, officer, make_officer):
    other = place_restriction(subject=case.subject, kind="objection", actor=SYSTEM)
    with pytest.raises(NotAllowed):
        announce_end(case=case, officer=make_officer(Role.AUDITOR), restriction_id=placed.pk, until=day(), reasons=WHY)
    with pytest.raises(ChangeInvalid):
        announce_end(case=case, officer=officer, restriction_id=other.pk, until=day(), reasons=WHY)
    announce_end(case=case, officer=officer, restriction_id=placed.pk, until=day(), reasons=WHY)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_letter_does_not_promise_what_another_restriction_holds(case, placed, officer, language):
    SubjectRequest.objects.update(language=language)
    news, _profiles = (
        Purpose.objects.create(code=code, title=code.title(), description="x", lawful_basis="legitimate_interests")
        for code in ("news", "profiles")
    )
    place_restriction(subject=case.subject, kind="objection", purpose=news, actor=SYSTEM)
    announce_end(case=case, officer=officer, restriction_id=placed.pk, until=day(), reasons=WHY)
    body = " ".join(letter_of(case, "restriction_ending").body.split())
    except_for = {"en": "except for what you restricted or objected to in another way: News", "fr": "manière : News"}
    assert (except_for[language] in body, "Profiles" in body) == (True, False)


def test_nothing_is_used_again_where_the_person_objected_to_all_of_it_as_well(case, placed, officer):
    Purpose.objects.create(code="news", title="News", description="x", lawful_basis="legitimate_interests")
    place_restriction(subject=case.subject, kind="objection", actor=SYSTEM)
    announce_end(case=case, officer=officer, restriction_id=placed.pk, until=day(), reasons=WHY)
    assert "Nothing yet: you restricted this" in letter_of(case, "restriction_ending").body


def test_what_ends_on_the_same_day_is_told_by_both_letters(case, placed, officer):
    news = Purpose.objects.create(code="news", title="News", description="x", lawful_basis="legitimate_interests")
    Purpose.objects.create(code="profiles", title="Profiles", description="x", lawful_basis="legitimate_interests")
    other = place_restriction(subject=case.subject, kind="restriction", purpose=news, case_id=case.pk, actor=SYSTEM)
    for each in (placed, other):
        announce_end(case=case, officer=officer, restriction_id=each.pk, until=day(), reasons=WHY)
    bodies = [" ".join(each.body.split()) for each in Letter.objects.filter(kind="case_restriction_ending")]
    # the first was written while the other had no end
    assert sorted("except for" in each for each in bodies) == [False, True]
    assert [each for each in bodies if "Nothing yet" in each] == []
