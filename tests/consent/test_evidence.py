"""What each method needs as evidence, and what else has to be true of a consent."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from consent.errors import (
    AgeUnknown,
    AuthorityExpired,
    BirthDateImpossible,
    ConsentRefused,
    DayImpossible,
    DecisionNotStated,
    EvidenceMissing,
    LaterDecisionStands,
    NoMinor,
    NotSilent,
    OptOutStillOpen,
    PersonTooYoung,
    PurposeNotByConsent,
    SilenceIsNoConsent,
)
from consent.evidence import NEEDED
from consent.models import ConsentRecord, CurrentConsent, Evidence, Method
from consent.services import record_consent, record_statement, record_statements
from consent.statement import Statement
from privacy.ledger.actors import SYSTEM
from privacy.register.models import Notice, Purpose
from privacy.register.selectors import local_date, local_midnight
from tests.consent.conftest import ORAL, WRITTEN


def day(days: int):
    return local_date(timezone.now()) + timedelta(days=days)


def representative(**more):
    return {"representative": "Esi Mensah", "authority": "Power of attorney", "valid_until": day(0).isoformat()} | (
        {"is_guardian": False} | more
    )


def opt_out(days_ago: int, period: int):
    return {"notice_sent_on": day(-days_ago).isoformat(), "period_days": period}


def complete():
    """Evidence that each method is content with."""
    return {
        Method.ELECTRONIC: None,
        Method.ORAL: ORAL,
        Method.WRITTEN: WRITTEN,
        Method.IMPLIED: {"act": "Asked for the catalogue at our stand."},
        Method.OPT_OUT: opt_out(31, 30),
        Method.REPRESENTATIVE: representative(),
    }


def said(method, evidence, decision="given", **more):
    return Statement(
        kind="email", identifier="ama@example.com", purpose=more.pop("purpose", "newsletter"), decision=decision,
        method=method, evidence=evidence, **more,
    )  # fmt: skip


def _alone(statement: Statement) -> ConsentRecord:
    return record_statement(statement=statement, actor=SYSTEM)


def _in_a_list(statement: Statement) -> ConsentRecord:
    (outcome,) = record_statements(statements=[statement], actor=SYSTEM)
    return ConsentRecord.objects.get(pk=outcome.record_id)


def say(*args, **more) -> ConsentRecord:
    return record_statement(statement=said(*args, **more), actor=SYSTEM)


@pytest.mark.parametrize("method", [method for method in NEEDED if NEEDED[method]])
def test_a_consent_is_refused_without_any_piece_of_its_evidence_and_a_withdrawal_needs_none(purposes, method):
    evidence = complete()[method]
    assert set(evidence) == {piece.name for piece in NEEDED[method]}
    for name in evidence:
        for wrong in ({}, {name: None}, {name: []}, {name: ""}):
            with pytest.raises(EvidenceMissing, match=name) as error:
                say(method, {key: value for key, value in evidence.items() if key != name} | wrong)
            assert error.value.field == "evidence"
    with pytest.raises(EvidenceMissing):
        say(method, None)
    assert not ConsentRecord.objects.exists()
    assert say(method, evidence).evidence.content == evidence
    assert say(method, None, "withdrawn").evidence_digest == ""


def test_a_call_that_is_yet_to_come_is_no_evidence(purposes):
    with pytest.raises(EvidenceMissing, match="yet to come"):
        say(Method.ORAL, ORAL | {"spoken_on": day(1).isoformat()})
    assert say(Method.ORAL, ORAL | {"spoken_on": day(0).isoformat()}).decision == "given"


def test_authority_holds_to_the_end_of_its_last_day(purposes):
    with pytest.raises(AuthorityExpired):
        say(Method.REPRESENTATIVE, representative(valid_until=day(-1).isoformat()))
    assert not ConsentRecord.objects.exists()
    assert say(Method.REPRESENTATIVE, representative()).method == "representative"


def test_authority_is_judged_on_the_day_of_the_decision_alone_and_in_a_list(purposes):
    ended = representative(valid_until=day(-10).isoformat())
    then, after = (local_midnight(day(ago)) + timedelta(hours=1) for ago in (-10, -9))
    with pytest.raises(AuthorityExpired, match="on the day of the decision"):
        say(Method.REPRESENTATIVE, ended, occurred_at=after)
    each = [said(Method.REPRESENTATIVE, ended, occurred_at=when) for when in (after, then)]
    assert [outcome.field for outcome in record_statements(statements=each, actor=SYSTEM)] == ["evidence", ""]
    assert say(Method.REPRESENTATIVE, ended, occurred_at=then).decision == "given"


def test_who_was_told_can_object_to_the_end_of_the_last_day(purposes):
    for open_still in (opt_out(0, 30), opt_out(30, 30)):
        with pytest.raises(OptOutStillOpen):
            say(Method.OPT_OUT, open_still)
    assert say(Method.OPT_OUT, opt_out(31, 30)).decision == "given"


@pytest.mark.parametrize("decision", ["refused", "withdrawn"])
@pytest.mark.parametrize(
    ("method", "said_on", "why"),
    [
        (Method.OPT_OUT, -90, "said no before the notice"),
        (Method.IMPLIED, None, "what they do does not take that back"),
    ],
)
def test_neither_silence_nor_an_act_takes_a_no_back(purposes, decision, method, said_on, why):
    evidence, at = complete()[method], None if said_on is None else local_midnight(day(said_on))
    no = say(Method.ELECTRONIC, None, decision, occurred_at=at)
    with pytest.raises(NotSilent, match=why) as refused:
        say(method, evidence)
    assert refused.value.field == "evidence"
    with pytest.raises(NotSilent):
        record_consent(
            subject=no.subject, purpose=no.purpose, decision="given", method=method, evidence=evidence, actor=SYSTEM
        )
    unsaid, kofi = said(method, evidence), {"identifier": "kofi@example.com"}
    his = [replace(said(Method.ELECTRONIC, None, each, occurred_at=at), **kofi) for each in ("given", decision)]
    outcomes = record_statements(statements=[unsaid, *his, replace(unsaid, **kofi)], actor=SYSTEM)
    assert [outcome.field for outcome in outcomes] == ["evidence", "", "", "evidence"]
    assert CurrentConsent.objects.get(subject=no.subject).record == no
    assert say(Method.ELECTRONIC, None).decision == "given"


def test_who_agreed_since_their_no_is_taken_to_agree_by_what_they_do(purposes):
    act = complete()[Method.IMPLIED]
    assert say(Method.IMPLIED, act).decision == "given"
    say(Method.ELECTRONIC, None, "refused")
    say(Method.ELECTRONIC, None)
    assert say(Method.IMPLIED, act).decision == "given"


@pytest.mark.parametrize("decision", ["refused", "withdrawn", "given"])
def test_whoever_decided_since_the_notice_was_sent_has_not_been_silent(purposes, decision):
    told = opt_out(31, 30)
    before = said(Method.ELECTRONIC, None, "given", occurred_at=local_midnight(day(-32)))
    for each in (before, said(Method.OPT_OUT, told), said(Method.OPT_OUT, told)):  # said again, it is still silence
        record_statement(statement=replace(each, identifier="kofi@example.com"), actor=SYSTEM)
    say(Method.OPT_OUT, None, "refused", purpose="surveys")
    standing = say(Method.ELECTRONIC, None, decision, occurred_at=local_midnight(day(-31)) + timedelta(hours=1))
    count = ConsentRecord.objects.count()
    with pytest.raises(NotSilent, match="decided since the notice was sent") as refused:
        say(Method.OPT_OUT, told)
    assert refused.value.field == "evidence"
    with pytest.raises(NotSilent):
        record_consent(
            subject=standing.subject, purpose=standing.purpose, decision="given", method="opt_out", evidence=told,
            actor=SYSTEM,
        )  # fmt: skip
    both = [said(Method.OPT_OUT, told), said(Method.OPT_OUT, told, purpose="surveys")]
    assert [each.field for each in record_statements(statements=both, actor=SYSTEM)] == ["evidence", "evidence"]
    assert (ConsentRecord.objects.count(), CurrentConsent.objects.get(record=standing).decision) == (count, decision)


def test_whoever_decided_earlier_in_a_list_has_not_been_silent(purposes):
    told, kofi = said(Method.OPT_OUT, opt_out(31, 30)), {"identifier": "kofi@example.com"}
    each = [said(Method.ELECTRONIC, None, "refused"), told, replace(told, **kofi)]
    outcomes = record_statements(statements=each, actor=SYSTEM)
    assert [outcome.field for outcome in outcomes] == ["", "evidence", ""]


def test_silence_decides_once_the_period_is_over_and_not_on_a_day_before(purposes):
    told = opt_out(31, 30)
    with pytest.raises(DayImpossible, match=day(-1).isoformat()) as refused:
        say(Method.OPT_OUT, told, occurred_at=local_midnight(day(-1)))
    assert refused.value.field == "occurred_at"
    assert say(Method.OPT_OUT, told, occurred_at=local_midnight(day(0))).decision == "given"


@pytest.mark.parametrize(
    ("method", "older", "newer"),
    [
        (
            Method.ORAL,
            lambda: ORAL | {"spoken_on": day(-9).isoformat()},
            lambda: ORAL | {"spoken_on": day(0).isoformat()},
        ),
        (Method.OPT_OUT, lambda: opt_out(40, 30), lambda: opt_out(31, 30)),
    ],
)
def test_a_consent_without_a_time_of_its_own_is_of_the_day_that_its_evidence_gives(purposes, method, older, newer):
    Purpose.objects.filter(code="newsletter").update(valid_days=5)
    told_late, told_now = said(method, older()), said(method, newer())
    for who, act in (("ama", _alone), ("kofi", _in_a_list)):
        late, now = (act(replace(each, identifier=f"{who}@example.com")) for each in (told_late, told_now))
        assert (late.occurred_at, late.was_over) == (local_midnight(day(-9)), True)
        assert (now.occurred_at, now.was_over) == (None, False)


def test_a_call_from_before_a_withdrawal_does_not_take_it_back_though_only_its_evidence_says_when_it_was(purposes):
    call = said(Method.ORAL, ORAL | {"spoken_on": day(-9).isoformat()})
    say(Method.ELECTRONIC, None)
    say(Method.ELECTRONIC, None, "withdrawn")
    with pytest.raises(LaterDecisionStands):
        record_statement(statement=call, actor=SYSTEM)
    assert [each.field for each in record_statements(statements=[call], actor=SYSTEM)] == ["occurred_at"]
    assert CurrentConsent.objects.get().decision == "withdrawn"
    today = replace(call, evidence=ORAL | {"spoken_on": day(0).isoformat()})
    assert record_statement(statement=today, actor=SYSTEM).decision == "given"


@pytest.mark.parametrize("name", ["spoken_on", "notice_sent_on", "valid_until"])
@pytest.mark.parametrize("typed", ["0026-01-05", "9999-12-31"])
def test_a_day_of_the_evidence_has_a_year_with_all_its_digits(purposes, name, typed):
    method = next(each for each, evidence in complete().items() if name in (evidence or {}))
    evidence = complete()[method] | {name: typed}
    with pytest.raises(EvidenceMissing, match="Send the year with all its digits, 1900 to 2199"):
        say(method, evidence)
    assert [each.field for each in record_statements(statements=[said(method, evidence)], actor=SYSTEM)] == ["evidence"]
    assert say(method, complete()[method]).decision == "given"


def test_where_there_is_a_minimum_age_somebody_says_how_old_the_person_is(purposes):
    Purpose.objects.update(minimum_age=16)
    today = day(0)
    sixteen = today.replace(year=today.year - 16, day=min(today.day, 28))
    for error, more in (
        (AgeUnknown, {}),
        (PersonTooYoung, {"is_of_age": False}),
        (PersonTooYoung, {"birth_date": sixteen + timedelta(days=32)}),
        (PersonTooYoung, {"birth_date": sixteen + timedelta(days=32), "is_of_age": True}),
        (BirthDateImpossible, {"birth_date": day(400)}),
    ):
        with pytest.raises(error) as refused:
            say(Method.ELECTRONIC, None, **more)
        assert refused.value.field == "birth_date"
    assert not ConsentRecord.objects.exists()
    assert say(Method.ELECTRONIC, None, "refused").decision == "refused"
    for known_by, more in (("birth_date", {"birth_date": sixteen}), ("declaration", {"is_of_age": True})):
        record = say(Method.ELECTRONIC, {"page": "/signup"}, **more)
        assert record.evidence.content == {"page": "/signup", "age": {"minimum": 16, "known_by": known_by}}


@pytest.mark.parametrize(
    ("method", "evidence", "told"),
    [
        (Method.ELECTRONIC, None, {"occurred_at": datetime(2020, 5, 5, 12, tzinfo=UTC)}),
        (Method.ORAL, ORAL | {"spoken_on": "2020-05-05"}, {}),
    ],
)
def test_how_old_somebody_is_counts_on_the_day_on_which_they_decided(purposes, method, evidence, told):
    Purpose.objects.filter(code="newsletter").update(minimum_age=16)
    for error, born in ((PersonTooYoung, date(2004, 5, 6)), (BirthDateImpossible, date(2020, 5, 6))):
        with pytest.raises(error) as refused:
            say(method, evidence, birth_date=born, **told)
        assert refused.value.field == "birth_date"
        both = [said(method, evidence, birth_date=born, purpose=code, **told) for code in ("newsletter", "surveys")]
        expected = "" if error is PersonTooYoung else "birth_date"  # nobody is born after they decided, for whatever
        assert [each.field for each in record_statements(statements=both, actor=SYSTEM)] == ["birth_date", expected]
    assert say(method, evidence, birth_date=date(2004, 5, 5), **told).decision == "given"


def test_whoever_has_parental_authority_agrees_for_a_minor_and_another_representative_does_not(purposes):
    Purpose.objects.update(minimum_age=16)
    with pytest.raises(AgeUnknown):
        say(Method.REPRESENTATIVE, representative())
    record = say(Method.REPRESENTATIVE, representative(is_guardian=True))
    assert record.evidence.content["age"] == {"minimum": 16, "known_by": "guardian"}


@pytest.mark.parametrize("minimum_age", [None, 16])
def test_nobody_has_parental_authority_over_somebody_who_is_grown_up(purposes, minimum_age):
    Purpose.objects.update(minimum_age=minimum_age)
    decided, by_law = datetime(2020, 5, 5, 12, tzinfo=UTC), representative(is_guardian=True)
    grown_up = {"birth_date": date(1999, 5, 5), "occurred_at": decided}
    with pytest.raises(NoMinor) as refused:
        say(Method.REPRESENTATIVE, by_law, **grown_up)
    assert refused.value.field == "birth_date"
    listed = record_statements(statements=[said(Method.REPRESENTATIVE, by_law, **grown_up)], actor=SYSTEM)
    assert [each.field for each in listed] == ["birth_date"]
    assert say(Method.REPRESENTATIVE, representative(), **grown_up).decision == "given"
    almost = say(Method.REPRESENTATIVE, by_law, birth_date=date(1999, 5, 6), occurred_at=decided)
    known_by = {"age": {"minimum": 16, "known_by": "birth_date"}} if minimum_age else {}
    assert almost.evidence.content == by_law | known_by


@pytest.mark.parametrize("method", [Method.IMPLIED, Method.OPT_OUT])
@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"no_withdrawal_reason": "Act 773"}, "does not bind anybody"),
        ({"special_categories": ["health"]}, "needs sensitive data"),
        ({"minimum_age": 16}, "does not tell how old"),
    ],
)
def test_nobody_is_taken_to_agree_without_saying_so_to_what_binds_is_sensitive_or_has_a_minimum_age(
    purposes, method, change, why
):
    Purpose.objects.filter(code="surveys").update(**change)
    evidence = complete()[method]
    with pytest.raises(SilenceIsNoConsent, match=why) as refused:
        say(method, evidence, purpose="surveys", is_of_age=True)
    assert refused.value.field == "method"
    both = [said(method, evidence, purpose=code, is_of_age=True) for code in ("surveys", "newsletter")]
    outcomes = record_statements(statements=both, actor=SYSTEM)
    assert [outcome.field for outcome in outcomes] == ["method", ""]
    assert why in outcomes[0].message
    assert ConsentRecord.objects.count() == 1
    assert say(method, None, "refused", purpose="surveys").decision == "refused"
    assert say(Method.ELECTRONIC, None, purpose="surveys", is_of_age=True).decision == "given"


def test_what_the_law_obliges_to_is_not_asked_for(purposes):
    Purpose.objects.filter(code="billing").update(lawful_basis="legal_obligation")
    with pytest.raises(PurposeNotByConsent, match="The law obliges"):
        say(Method.ELECTRONIC, None, purpose="billing")


def test_nobody_states_that_a_consent_expired(purposes):
    with pytest.raises(DecisionNotStated):
        say(Method.ELECTRONIC, None, "expired")


def test_many_at_once_pass_the_same_guards_and_the_good_are_stored(purposes):
    Purpose.objects.filter(code="surveys").update(minimum_age=16)
    each = [replace(said(method, given), identifier=f"{method}@example.com") for method, given in complete().items()]
    bad = [
        said(Method.ORAL, None),
        said(Method.REPRESENTATIVE, representative(valid_until=day(-1).isoformat())),
        said(Method.ELECTRONIC, None, purpose="surveys"),
    ]
    good = said(Method.ELECTRONIC, None, purpose="surveys", is_of_age=True)
    outcomes = record_statements(statements=[*each, *bad, good], actor=SYSTEM)
    assert [outcome.field for outcome in outcomes] == [""] * 6 + ["evidence", "evidence", "birth_date", ""]
    assert ConsentRecord.objects.count() == 7
    last = Evidence.objects.get(record_id=outcomes[-1].record_id)
    assert last.content == {"age": {"minimum": 16, "known_by": "declaration"}}
    assert CurrentConsent.objects.count() == 7


@pytest.mark.parametrize("act", [_alone, _in_a_list])
def test_a_stated_time_does_not_contradict_the_day_in_the_evidence(purposes, act):
    call = said(Method.ORAL, ORAL | {"spoken_on": day(-9).isoformat()})
    silent = said(Method.OPT_OUT, opt_out(39, 30))  # of day(-8)
    midnight = datetime.combine(day(-9), time.min, tzinfo=UTC)
    say(Method.ELECTRONIC, None, "refused", occurred_at=midnight - timedelta(days=99))
    for each, at in (
        (call, timezone.now()),
        (call, midnight + timedelta(hours=36)),
        (call, midnight - timedelta(hours=14, seconds=1)),
        (replace(silent, identifier="kofi@example.com"), timezone.now()),
    ):
        field, words = _refusal(act, replace(each, occurred_at=at))
        assert (field, "this time is of another day" in words) == ("occurred_at", True)
    assert ConsentRecord.objects.count() == 1
    anywhere = (midnight - timedelta(hours=14), midnight + timedelta(hours=35, minutes=59))
    for who, at in zip(("esi", "yaw"), anywhere, strict=True):
        assert act(replace(call, identifier=f"{who}@example.com", occurred_at=at)).occurred_at == at
    no = replace(call, decision="refused", occurred_at=timezone.now())
    assert act(no).decision == "refused"


@pytest.mark.parametrize("act", [_alone, _in_a_list])
def test_a_clock_that_is_ahead_of_the_day_of_a_call_overtakes_no_withdrawal(purposes, act):
    call = said(Method.ORAL, ORAL | {"spoken_on": day(-9).isoformat()})
    next_day = local_midnight(day(-8))
    say(Method.ELECTRONIC, None, "withdrawn", occurred_at=next_day + timedelta(minutes=1))
    late = replace(call, occurred_at=next_day + timedelta(minutes=2))
    assert _refusal(act, late)[0] == "occurred_at"
    assert CurrentConsent.objects.get().decision == "withdrawn"
    assert act(replace(call, occurred_at=next_day - timedelta(minutes=1), identifier="esi@example.com"))


def test_a_child_of_the_day_of_the_call_is_one_though_the_stated_time_is_of_the_birthday(purposes):
    Purpose.objects.filter(code="newsletter").update(minimum_age=16)
    called = date(2025, 6, 1)
    call = said(Method.ORAL, ORAL | {"spoken_on": called.isoformat()}, birth_date=date(2009, 6, 2))
    at = local_midnight(date(2025, 6, 2)) + timedelta(minutes=5)
    with pytest.raises(PersonTooYoung):
        record_statement(statement=replace(call, occurred_at=at), actor=SYSTEM)
    older = replace(call, birth_date=date(2009, 6, 1), occurred_at=at)
    assert record_statement(statement=older, actor=SYSTEM).decision == "given"


def _refusal(act, each):
    """The field at fault and why."""
    if act is _in_a_list:
        (outcome,) = record_statements(statements=[each], actor=SYSTEM)
        return outcome.field, outcome.message
    with pytest.raises(ConsentRefused) as refused:
        act(each)
    return refused.value.field, refused.value.message


@pytest.mark.parametrize("act", [_alone, _in_a_list])
def test_what_is_told_late_names_the_notice_of_its_day(purposes, act):
    noon = local_midnight(day(-100)) + timedelta(hours=12)
    Notice.objects.create(version="old", title="Notice", body="x", published_at=noon - timedelta(days=9))
    Notice.objects.create(version="mid", title="Notice", body="x", published_at=noon)
    names = iter(f"p{number}@example.com" for number in range(99))

    def notice(each, **more):
        return act(replace(each, identifier=next(names), **more)).notice.version

    call = said(Method.ORAL, ORAL | {"spoken_on": day(-100).isoformat()})
    plain = said(Method.ELECTRONIC, None)
    assert notice(call) == "old"
    assert [notice(call, notice_version=each) for each in ("old", "mid")] == ["old", "mid"]
    minute = timedelta(minutes=1)
    assert [notice(plain, occurred_at=at) for at in (noon - minute, noon + minute)] == ["old", "mid"]
    assert notice(plain, occurred_at=noon + timedelta(days=1), notice_version="mid") == "mid"
    assert (notice(plain), notice(plain, occurred_at=timezone.now())) == ("2026-01", "2026-01")
    for at, wrong in ((noon, "2026-01"), (noon + timedelta(days=1), "old"), (None, "mid")):
        field, _words = _refusal(act, replace(plain, occurred_at=at, notice_version=wrong))
        assert field == "notice_version"


def test_a_list_names_for_each_the_notice_of_its_own_day(purposes):
    Notice.objects.create(version="old", title="Notice", body="x", published_at=local_midnight(day(-99)))
    each = [
        said(Method.ELECTRONIC, None, occurred_at=at, purpose=purpose)
        for at, purpose in ((local_midnight(day(-50)), "newsletter"), (None, "newsletter"), (None, "surveys"))
    ]
    outcomes = record_statements(statements=each, actor=SYSTEM)
    found = ConsentRecord.objects.in_bulk([outcome.record_id for outcome in outcomes])
    assert [found[outcome.record_id].notice.version for outcome in outcomes] == ["old", "2026-01", "2026-01"]
