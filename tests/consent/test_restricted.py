"""What people objected to stays so until they say otherwise themselves."""

import pytest
from django.utils import timezone

from consent.errors import PurposeRestricted
from consent.models import ConsentRecord, CurrentConsent
from consent.selectors import preferences, states
from consent.services import record_consent, record_statement, record_statements
from consent.statement import Statement
from privacy.ledger.actors import SYSTEM, Actor
from privacy.register.models import LawfulBasis, Purpose
from privacy.register.restrictions.models import Restriction
from privacy.register.restrictions.services import lift_restriction, place_restriction
from privacy.register.selectors import local_date


def _say(email="ama@example.com", **fields):
    stated = {"purpose": "newsletter", "decision": "given", "method": "electronic"} | fields
    return Statement(kind="email", identifier=email, **stated)


def _objected(subject, **about):
    return place_restriction(subject=subject, **{"kind": "objection", "actor": SYSTEM} | about)


def _agree(subject, purpose, **more):
    given = {"decision": "given", "method": "electronic", "actor": Actor.subject(subject)} | more
    return record_consent(subject=subject, purpose=purpose, **given)


@pytest.fixture
def analytics(purposes):
    return Purpose.objects.create(
        code="analytics", title="Analytics", description="Counting visits.", order=9,
        lawful_basis=LawfulBasis.LEGITIMATE_INTERESTS,
    )  # fmt: skip


@pytest.mark.parametrize("scope", ["purpose", "everything"])
@pytest.mark.parametrize("kind", ["objection", "restriction"])
def test_nobody_else_records_consent_to_what_a_person_objected_to(purposes, ama, kind, scope):
    about = {"purpose": purposes["newsletter"]} if scope == "purpose" else {}
    placed = _objected(ama, kind=kind, **about)
    for actor in (SYSTEM, Actor.subject(ama)):
        with pytest.raises(PurposeRestricted, match="preference centre"):
            _agree(ama, purposes["newsletter"], actor=actor)
    with pytest.raises(PurposeRestricted):
        record_statement(statement=_say(), actor=SYSTEM)
    assert not ConsentRecord.objects.exists()
    lift_restriction(restriction=placed, reason="Over.", told_on=local_date(timezone.now()), actor=SYSTEM)
    assert record_statement(statement=_say(), actor=SYSTEM).decision == "given"


def test_saying_no_and_withdrawing_are_recorded_all_the_same(purposes, ama):
    _agree(ama, purposes["newsletter"])
    _objected(ama)
    for decision in ("withdrawn", "refused"):
        assert record_statement(statement=_say(decision=decision), actor=SYSTEM).decision == decision


def test_an_objection_to_one_purpose_leaves_the_others_and_other_people_alone(purposes, ama):
    _objected(ama, kind="marketing", purpose=purposes["newsletter"])
    assert record_statement(statement=_say(purpose="surveys"), actor=SYSTEM).decision == "given"
    assert record_statement(statement=_say("kofi@example.com"), actor=SYSTEM).decision == "given"


def test_agreeing_again_by_oneself_takes_the_objection_back(purposes, ama):
    _objected(ama, kind="marketing", purpose=purposes["newsletter"])
    _objected(ama, kind="objection", purpose=purposes["newsletter"])
    with pytest.raises(PurposeRestricted):
        _agree(ama, purposes["newsletter"], actor=SYSTEM, lifts_objection=True)
    _agree(ama, purposes["newsletter"], lifts_objection=True)
    assert {each.lifted_by_kind for each in Restriction.objects.all()} == {"subject"}
    assert CurrentConsent.objects.get().decision == "given"


@pytest.mark.parametrize("about", [{"kind": "restriction"}, {"kind": "objection"}])
def test_what_reaches_further_than_the_purpose_is_not_taken_back_by_agreeing_to_it(purposes, ama, about):
    _objected(ama, kind="marketing", purpose=purposes["newsletter"])
    _objected(ama, **about)
    with pytest.raises(PurposeRestricted):
        _agree(ama, purposes["newsletter"], lifts_objection=True)
    assert Restriction.objects.filter(lifted_at__isnull=True).count() == 2


def test_in_bulk_each_item_says_that_it_is_restricted(purposes, ama):
    _objected(ama, purpose=purposes["newsletter"])
    said = [_say(), _say("kofi@example.com"), _say(decision="withdrawn"), _say(purpose="billing"), _say()]
    outcomes = record_statements(statements=said, actor=SYSTEM)
    assert [(each.record_id is not None, each.is_restricted, each.field) for each in outcomes] == [
        (False, True, "purpose"), (True, False, ""), (True, False, ""), (False, False, "purpose"),
        (False, True, "purpose"),
    ]  # fmt: skip
    assert sorted(ConsentRecord.objects.values_list("decision", flat=True)) == ["given", "withdrawn"]
    assert [each.is_restricted for each in record_statements(statements=[_say()], actor=SYSTEM)] == [True]


def test_one_capture_asks_once_and_writes_once(purposes, ama, django_assert_num_queries):
    record_statement(statement=_say(decision="withdrawn"), actor=SYSTEM)
    with django_assert_num_queries(7):  # with the savepoint's two, and three to pass a withdrawal on
        record_statement(statement=_say(decision="withdrawn"), actor=SYSTEM)
    with django_assert_num_queries(4):
        record_statement(statement=_say(), actor=SYSTEM)


def test_the_present_state_says_what_is_restricted_whatever_was_decided(purposes, ama, analytics):
    _agree(ama, purposes["newsletter"])
    assert [each.restriction for each in states(ama)] == [None, None]
    one = _objected(ama, kind="marketing", purpose=purposes["newsletter"])
    other = _objected(ama, purpose=analytics)
    assert [(each.purpose.code, each.decision, each.restriction) for each in states(ama)] == [
        ("newsletter", "given", one), ("surveys", None, None), ("analytics", None, other),
    ]  # fmt: skip
    assert [each.purpose.code for each in states(None)] == ["newsletter", "surveys"]


def test_a_restriction_of_everything_is_told_of_every_purpose(purposes, ama, analytics):
    placed = _objected(ama, kind="restriction")
    assert [(each.purpose.code, each.restriction) for each in states(ama)] == [
        (code, placed) for code in ("billing", "newsletter", "surveys", "analytics")
    ]


def test_an_objection_to_everything_leaves_the_contract_out(purposes, ama, analytics):
    _objected(ama)
    assert [each.purpose.code for each in states(ama)] == ["newsletter", "surveys", "analytics"]


def test_the_number_of_questions_does_not_grow(purposes, ama, analytics, django_assert_num_queries):
    for purpose in (purposes["newsletter"], purposes["surveys"], analytics):
        _objected(ama, purpose=purpose)
    with django_assert_num_queries(3):
        assert len(states(ama)) == 3
    with django_assert_num_queries(4):
        assert len(preferences(ama)) == 4


def test_the_person_sees_what_they_objected_to_and_what_agreeing_would_do(purposes, ama, analytics):
    placed = _objected(ama, kind="marketing", purpose=purposes["newsletter"])
    shown = {each.purpose.code: each for each in preferences(ama)}
    assert (shown["newsletter"].restriction, shown["newsletter"].can_give) == (placed, True)
    assert (shown["surveys"].restriction, shown["surveys"].can_give) == (None, True)
    whole = _objected(ama, kind="restriction")
    shown = {each.purpose.code: each for each in preferences(ama)}
    assert {(each.restriction, each.can_give) for each in shown.values()} == {(whole, False)}


def test_consent_that_was_given_before_can_be_withdrawn_or_given_again(purposes, ama):
    _agree(ama, purposes["newsletter"])
    _objected(ama, purpose=purposes["newsletter"])
    shown = next(each for each in preferences(ama) if each.purpose.code == "newsletter")
    assert (shown.decision, shown.can_give, shown.can_withdraw) == ("given", True, True)
