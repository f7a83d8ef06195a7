from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from privacy.ledger.actors import SYSTEM
from privacy.register.models import LawfulBasis
from privacy.register.restrictions.errors import ProcessingRestricted
from privacy.register.restrictions.models import Restriction
from privacy.register.restrictions.selectors import (
    check_not_restricted,
    in_force,
    in_force_for,
    is_restricted,
    restricted_among,
    restrictions_by_purpose,
    restrictions_of,
)
from privacy.register.restrictions.services import lift_restriction, place_restriction
from privacy.register.selectors import local_date
from privacy.subjects.services import find_or_add_subject
from privacy.tenants.context import organisation_context
from tests.privacy.register.restrictions.conftest import make_purpose

BASES = list(LawfulBasis)


@pytest.mark.parametrize(
    ("kind", "reached"),
    [
        ("restriction", BASES),
        ("objection", [LawfulBasis.CONSENT, LawfulBasis.PUBLIC_TASK, LawfulBasis.LEGITIMATE_INTERESTS]),
    ],
)
def test_all_processing_reaches_every_purpose_but_an_objection_spares_contract_law_and_life(ama, kind, reached):
    purposes = {basis: make_purpose(f"p-{number}", basis) for number, basis in enumerate(BASES)}
    assert [basis for basis in BASES if is_restricted(ama, purposes[basis])] == []
    place_restriction(subject=ama, kind=kind, actor=SYSTEM)
    assert [basis for basis in BASES if is_restricted(ama, purposes[basis])] == [
        basis for basis in BASES if basis in reached
    ]
    assert is_restricted(ama)
    assert is_restricted(ama, category="contact")


def test_one_purpose_and_one_kind_of_data_reach_themselves_only(ama, kofi, analytics):
    other = make_purpose("security")
    place_restriction(subject=ama, kind="objection", purpose=analytics, actor=SYSTEM)
    place_restriction(subject=ama, kind="restriction", category="financial", actor=SYSTEM)
    asked = list(product((None, analytics, other), ("", "financial", "contact")))
    restricted = [(purpose, category) for purpose, category in asked if is_restricted(ama, purpose, category)]
    assert restricted == [
        (None, "financial"), (analytics, ""), (analytics, "financial"), (analytics, "contact"), (other, "financial"),
    ]  # fmt: skip
    assert not any(is_restricted(kofi, purpose, category) for purpose, category in asked)


def test_what_may_not_be_used_is_refused_with_kind_and_day(ama, analytics):
    check_not_restricted(ama, analytics)
    since = timezone.now() - timedelta(days=5)
    place_restriction(subject=ama, kind="objection", purpose=analytics, since=since, actor=SYSTEM)
    with pytest.raises(ProcessingRestricted) as refusal:
        check_not_restricted(ama, analytics)
    assert (refusal.value.kind, refusal.value.since) == ("objection", since)


def test_the_strongest_is_named_first(ama, analytics):
    place_restriction(subject=ama, kind="objection", purpose=analytics, actor=SYSTEM)
    place_restriction(subject=ama, kind="marketing", purpose=analytics, actor=SYSTEM)
    assert restrictions_by_purpose(ama, [analytics])[analytics.pk].kind == "marketing"
    place_restriction(subject=ama, kind="restriction", actor=SYSTEM)
    assert restrictions_by_purpose(ama, [analytics])[analytics.pk].kind == "restriction"


def test_it_can_be_asked_for_any_moment(ama, analytics):
    now = timezone.now()
    placed = place_restriction(subject=ama, kind="objection", since=now - timedelta(days=9), actor=SYSTEM)
    lift_restriction(restriction=placed, reason="Over.", told_on=local_date(now), actor=SYSTEM)
    days = (10, 9, 1, 0)
    assert [is_restricted(ama, analytics, on=now - timedelta(days=day)) for day in days] == [False, True, True, True]
    assert not is_restricted(ama, analytics)
    assert not Restriction.objects.get().is_in_force


def test_many_people_are_asked_about_in_one_query(ama, kofi, analytics, django_assert_num_queries):
    efua = find_or_add_subject(kind="email", value="efua@example.com")
    place_restriction(subject=ama, kind="objection", purpose=analytics, actor=SYSTEM)
    place_restriction(subject=efua, kind="restriction", actor=SYSTEM)
    with django_assert_num_queries(1):
        assert restricted_among([ama, kofi.pk, efua], purpose=analytics) == {ama.pk, efua.pk}
    assert restricted_among([ama, kofi, efua]) == {efua.pk}
    with django_assert_num_queries(1):
        assert is_restricted(efua, analytics)


def test_everything_of_a_person_is_listed_what_holds_first(ama, kofi, analytics):
    old = place_restriction(subject=ama, kind="restriction", actor=SYSTEM)
    lift_restriction(restriction=old, reason="Over.", told_on=local_date(timezone.now()), actor=SYSTEM)
    new = place_restriction(subject=ama, kind="objection", purpose=analytics, actor=SYSTEM)
    place_restriction(subject=kofi, kind="restriction", actor=SYSTEM)
    assert list(restrictions_of(ama)) == [new, old]


def test_another_organisation_knows_nothing_of_it(ama, beta):
    place_restriction(subject=ama, kind="restriction", actor=SYSTEM)
    with organisation_context(beta):
        theirs = find_or_add_subject(kind="email", value="ama@example.com")
        assert not is_restricted(theirs)
        assert not Restriction.objects.exists()
    assert is_restricted(ama)


def test_what_holds_for_one_person_is_the_same_however_it_is_asked(ama, kofi):
    """One is plain SQL, for the calls of machines; both must know the same edges."""
    now, day = timezone.now(), timedelta(days=1)
    edges = list(product((now - day, now + day), (None, now - day, now + day), (None, now - day, now + day)))
    for number, (since, until, lifted) in enumerate(edges):
        purpose = make_purpose(f"p-{number}")
        ending = {"lift_reason": "Settled.", "lifted_by_kind": "system"} if lifted else {}
        for person in (ama, kofi):
            Restriction.objects.create(
                subject=person, kind="objection", purpose=purpose, in_force_from=since, in_force_until=until,
                lifted_at=lifted, told_on=now.date(), **ending,
            )  # fmt: skip
    found = {each.pk for each in in_force_for(ama)}
    assert found == set(in_force().filter(subject=ama).values_list("pk", flat=True))
    assert len(found) == 4
