"""Deciding a case category by category: what each combination comes to, and what is not let through."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from django.utils import timezone

from privacy.datamap.models import Dataset
from privacy.jobs.models import Job
from privacy.law.catalogue import ground
from privacy.law.enums import Unit
from privacy.law.shapes import Span
from privacy.ledger.models import LedgerEntry
from privacy.register.models import OrganisationProfile
from privacy.register.selectors import local_date
from requests import services
from requests.deciding.cut import cut_of
from requests.deciding.found import found_lines
from requests.deciding.given import LineDecision
from requests.deciding.grounds import may_be_decided_from
from requests.enums import Verdict
from requests.errors import DecisionInvalid, GroundInvalid, PlanChanged, PlanMissing, WrongState
from requests.models import CategoryDecision
from requests.services.starting import STARTS
from requests.traits import Answer
from tests.requests.conftest import letter_kinds, letter_of, run_jobs
from tests.requests.deciding import OPEN, SECRET, said, to_decide, under

VERDICTS = [each.value for each in Verdict]
OF_KIND = {"access": VERDICTS, "portability": VERDICTS, "erasure": [each for each in VERDICTS if each != "unasked"]}
THREE = ("identity", "contact", "financial")


def expected(verdicts, kind: str) -> tuple[str, str]:
    """State and outcome that a combination leads to."""
    asked_for = set(verdicts) - {"unasked"}
    if asked_for == {"refuse"}:
        return "refused", "refused"
    if asked_for == {"grant"}:
        return ("awaiting_approval" if kind == "erasure" else "executing"), "granted"
    return ("planning" if kind == "erasure" else "executing"), "partial"


def decide(case, officer, verdicts, **more):
    lines = [
        said(line, each, ground=OPEN[case.kind], **more) for line, each in zip(found_lines(case), verdicts, strict=True)
    ]
    return services.decide_case(case=case, officer=officer, plan_hash=case.plan_hash, decisions=lines)


@pytest.mark.parametrize("kind", ["access", "portability", "erasure"])
def test_every_combination_over_one_and_three_categories_comes_to_what_it_says(officer, kind):
    reached = {}
    for categories in (("identity",), THREE):
        for verdicts in product(OF_KIND[kind], repeat=len(categories)):
            if set(verdicts) == {"unasked"}:
                continue  # is no decision
            case = decide(to_decide(*categories, kind=kind), officer, verdicts)
            case.refresh_from_db()
            reached[verdicts] = (case.state, case.outcome)
            stored = dict(case.decisions.values_list("category", "decision"))
            assert stored == dict(zip(categories, verdicts, strict=True))
            assert (case.decided_by, letter_kinds(case)[-1] == "refused") == (officer, case.state == "refused")
    assert reached == {verdicts: expected(verdicts, kind) for verdicts in reached}
    assert len(reached) == {"erasure": 3 + 27}.get(kind, 3 + 63)


def test_granting_everything_decides_every_line(officer):
    case = to_decide(*THREE)
    case = services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    assert (case.state, case.outcome) == ("executing", "granted")
    assert sorted(case.decisions.values_list("category", "decision")) == [(each, "grant") for each in sorted(THREE)]


def wrong_of(case, officer, lines, **more) -> list[tuple]:
    with pytest.raises(DecisionInvalid) as refused:
        services.decide_case(case=case, officer=officer, plan_hash=case.plan_hash, decisions=lines, **more)
    case.refresh_from_db()
    assert (case.state, case.decided_at, CategoryDecision.objects.count()) == ("deciding", None, 0)
    return [(each.line[0] if each.line else None, each.field) for each in refused.value.problems]


def test_every_part_has_to_be_decided_once_and_no_other_part(officer):
    case = to_decide("identity", "contact")
    identity, contact = found_lines(case)
    assert wrong_of(case, officer, [said(identity, "grant")]) == [("contact", "decision")]
    assert wrong_of(case, officer, [said(each, "grant") for each in (identity, contact, contact)]) == [(None, "")]
    more = [said(identity, "grant"), said(contact, "grant"), LineDecision("financial", "grant")]
    assert wrong_of(case, officer, more) == [("financial", "")]
    both = [said(identity, "grant"), said(contact, "grant")]
    case = services.decide_case(case=case, officer=officer, plan_hash=case.plan_hash, decisions=both)
    assert case.outcome == "granted"


@pytest.mark.parametrize(
    ("verdict", "changed", "field"),
    [
        ("refuse", {"ground": ""}, "ground"),
        ("refuse", {"ground": "GH.retention_required"}, "ground"),  # of erasures
        ("refuse", {"ground": "EU.rights_of_others"}, "ground"),  # of a law that does not apply
        ("refuse", {"reasons": " "}, "reasons"),
        ("refuse", {"alternatives": ("restriction",)}, "alternatives"),
        ("refuse", {"nothing_severable": False}, "nothing_severable"),
        ("refuse", {"authority_notified_on": timezone.now().date() + timedelta(days=2)}, "authority_notified_on"),
        ("partial", {"severed": ""}, "severed"),
        ("partial", {"left_out": {}}, "left_out"),
        ("partial", {"left_out": {"0/elsewhere": ["identity_0"]}}, "left_out"),
        ("perhaps", {}, "decision"),
    ],
)
def test_a_refusal_that_lacks_something_is_not_made_and_says_what(officer, verdict, changed, field):
    case = to_decide("identity")
    (line,) = found_lines(case)
    given = said(line, verdict, **changed) if verdict != "perhaps" else LineDecision("identity", "perhaps")
    assert wrong_of(case, officer, [given]) == [("identity", field)]


def test_a_part_that_leaves_out_all_of_it_is_no_part(officer):
    case = to_decide("identity")
    (line,) = found_lines(case)
    everything = said(line, "partial", left_out=dict(line.seen))
    assert wrong_of(case, officer, [everything]) == [("identity", "left_out")]


def test_a_ground_that_obliges_to_refuse_cannot_stand_by_a_grant(officer):
    under("CA-FED")
    case = to_decide("identity")
    assert wrong_of(case, officer, [LineDecision("identity", "grant", ground="CA-FED.third_party")]) == [
        ("identity", "decision")
    ]
    assert wrong_of(case, officer, [LineDecision("identity", "grant", ground="CA-FED.privilege")]) == [
        ("identity", "ground")
    ]


def test_a_wait_is_counted_by_the_calendars_that_the_case_was_opened_under(officer):
    under("CA-FED")
    case = to_decide("identity")
    in_business_days = replace(ground(SECRET), wait=Span(1, Unit.BUSINESS_DAY))
    before_dominion_day, before_ghanas_holiday = date(2026, 6, 30), date(2026, 3, 5)
    OrganisationProfile.objects.update(country="GH", laws=["GH"])
    found = [may_be_decided_from(case, in_business_days, day) for day in (before_dominion_day, before_ghanas_holiday)]
    assert found == [date(2026, 7, 2), date(2026, 3, 6)]
    case.deadlines[0]["calendars"] = ["CA", "GH"]  # one that leaves it open: whichever is later
    found = [may_be_decided_from(case, in_business_days, day) for day in (before_dominion_day, before_ghanas_holiday)]
    assert found == [date(2026, 7, 2), date(2026, 3, 9)]


def test_a_law_that_wants_a_wait_is_waited_for_to_the_day(officer):
    under("CA-FED")
    today = local_date(timezone.now())
    case = to_decide("identity", "contact")
    identity, contact = found_lines(case)
    for since in (None, today + timedelta(days=1), today, today - timedelta(days=29)):
        lines = [said(identity, "refuse", ground=SECRET, waited_from=since), said(contact, "grant")]
        assert wrong_of(case, officer, lines) == [("identity", "waited_from")]
    lines = [said(identity, "refuse", ground=SECRET, waited_from=today - timedelta(days=30)), said(contact, "grant")]
    case = services.decide_case(case=case, officer=officer, plan_hash=case.plan_hash, decisions=lines)
    assert case.state == "executing"


def test_tables_of_a_category_can_be_decided_each_by_itself(officer):
    case = to_decide("identity", "contact", tables=2)
    identity, *contacts = found_lines(case, split=["contact"])
    assert [line.where for line in contacts] == ["Table 0", "Table 1"]
    lines = [said(identity, "grant"), said(contacts[0], "grant"), said(contacts[1], "refuse")]
    case = services.decide_case(case=case, officer=officer, plan_hash=case.plan_hash, decisions=lines)
    cut = cut_of(case)
    left_out = {
        (dataset.label, field.column)
        for dataset in Dataset.objects.filter(source_id=contacts[0].source_id).prefetch_related("fields")
        for field in dataset.fields.all()
        if cut.leaves_out(dataset, field)
    }
    assert left_out == {("Table 1", "contact_0"), ("Table 1", "contact_1")}


def test_reasons_for_all_are_taken_where_a_line_has_none(officer):
    case = to_decide("identity", "contact")
    identity, contact = found_lines(case)
    lines = [said(identity, "grant"), said(contact, "refuse", reasons="")]
    services.decide_case(
        case=case, officer=officer, plan_hash=case.plan_hash, decisions=lines, reasons="It is about others."
    )
    assert dict(case.decisions.values_list("category", "reasons")) == {
        "identity": None, "contact": "It is about others."
    }  # fmt: skip


def test_a_decision_on_another_plan_or_without_one_is_not_made(officer):
    case = to_decide("identity")
    (line,) = found_lines(case)
    with pytest.raises(PlanChanged):
        services.decide_case(case=case, officer=officer, plan_hash="b" * 64, decisions=[said(line, "refuse")])
    type(case).objects.filter(pk=case.pk).update(plan=case.plan | {"narrowed": True})
    with pytest.raises(PlanMissing):
        services.decide_case(case=case, officer=officer, plan_hash=case.plan_hash, decisions=[said(line, "refuse")])
    case.refresh_from_db()
    assert (case.state, case.decisions.count()) == ("deciding", 0)


def test_other_kinds_are_not_decided_part_by_part(officer):
    case = to_decide("identity", kind="rectification")
    with pytest.raises(WrongState):
        services.decide_case(case=case, officer=officer, plan_hash=case.plan_hash, decisions=[])


def test_a_decision_that_breaks_off_before_its_start_leaves_nothing(officer, monkeypatch):
    case = to_decide("identity", "contact")

    def broken(*_: object) -> None:
        raise ConnectionError

    monkeypatch.setitem(STARTS, Answer.PACKAGE, broken)
    with pytest.raises(ConnectionError):
        decide(case, officer, ("grant", "refuse"))
    case.refresh_from_db()
    assert (case.state, case.outcome, case.decisions.count()) == ("deciding", "", 0)
    assert not LedgerEntry.objects.filter(action="subject_request.granted_in_part").exists()
    monkeypatch.undo()
    assert decide(case, officer, ("grant", "refuse")).outcome == "partial"
    assert LedgerEntry.objects.get(action="subject_request.granted_in_part").data["lines"] == {
        "grant": 1, "partial": 0, "refuse": 1, "unasked": 0,
    }  # fmt: skip


def test_a_refusal_as_a_whole_offers_what_the_ground_leaves_room_for_and_says_until_when_one_can_complain(officer):
    under("CA-FED")
    case = to_decide("identity", kind="erasure")
    with pytest.raises(GroundInvalid):
        services.refuse(
            case=case, officer=officer, ground="CA-FED.still_needed", text="Needed.", alternatives=["annotation"]
        )
    services.refuse(
        case=case, officer=officer, ground="CA-FED.still_needed", text="The contract is running.",
        alternatives=["ask_again_later"], own_alternative="We can send you a list of it.",
    )  # fmt: skip
    letter = " ".join(letter_of(case, "refused").body.split())
    for words in (
        "Schedule 1, 4.5.3", "The contract is running.", "You can ask again later, when this reason has ended.",
        "We can send you a list of it.", "Office of the Privacy Commissioner of Canada",
        "within 6 calendar months of our answer: until",
    ):  # fmt: skip
        assert words in letter


def test_an_authority_that_has_to_be_told_is_named_until_the_day_is_written_down(officer):
    under("CA-FED")
    case = to_decide("identity", "contact")
    identity, contact = found_lines(case)
    lines = [said(identity, "refuse", ground="CA-FED.investigation"), said(contact, "grant")]
    services.decide_case(case=case, officer=officer, plan_hash=case.plan_hash, decisions=lines)
    refused = case.decisions.get(category="identity")
    today = local_date(timezone.now())
    for wrong in (today + timedelta(days=1), case.received_on - timedelta(days=1)):
        with pytest.raises(GroundInvalid):
            services.note_authority_notified(decision=refused, officer=officer, on=wrong)
    with pytest.raises(GroundInvalid):
        services.note_authority_notified(decision=case.decisions.get(category="contact"), officer=officer, on=today)
    services.note_authority_notified(decision=refused, officer=officer, on=today)
    refused.refresh_from_db()
    assert (refused.authority_notified_on, refused.authority_notified_by) == (today, officer)
    assert LedgerEntry.objects.filter(action="subject_request.authority_notified").count() == 1
    with pytest.raises(GroundInvalid):
        services.note_authority_notified(decision=refused, officer=officer, on=today)


def test_a_decided_case_whose_package_waits_is_found_by_its_job_after_a_crash(officer):
    case = decide(to_decide("identity", "contact"), officer, ("grant", "refuse"))
    jobs = Job.objects.filter(kind="requests.build_package", slot__startswith=str(case.pk), state="pending")
    assert jobs.count() == 1
    assert run_jobs("requests.plan") == 0
