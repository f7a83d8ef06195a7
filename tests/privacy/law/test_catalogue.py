from datetime import date

import pytest

from privacy.law.catalogue import (
    authorities,
    authority,
    ground,
    grounds_for,
    jurisdiction,
    jurisdictions,
    rule_by_version,
    rule_for,
)
from privacy.law.enums import Confidence, KindOfRequest, Measures, Statement, Unit
from privacy.law.errors import UnknownLaw
from privacy.law.shapes import Span

TODAY = date(2026, 11, 22)
SUPPORTED = ["BR", "CA-AB", "CA-BC", "CA-CASL", "CA-FED", "CA-QC", "EU", "GH", "KE", "NG", "UK", "US-CA", "ZA"]


def test_every_promised_law_ships():
    assert [one.code for one in jurisdictions()] == SUPPORTED


@pytest.mark.parametrize("law", [code for code in SUPPORTED if code != "CA-CASL"])
@pytest.mark.parametrize("kind", KindOfRequest)
def test_every_law_has_a_rule_for_every_kind(law, kind):
    rule = rule_for(law=law, kind=kind, on=TODAY)

    assert (rule.law, rule.kind) == (law, kind)


def test_the_anti_spam_law_knows_withdrawal_only():
    assert rule_for(law="CA-CASL", kind=KindOfRequest.CONSENT_WITHDRAWAL, on=TODAY).period.span.n == 10
    with pytest.raises(UnknownLaw, match=r"^The law 'CA-CASL' has no rule for access\.$"):
        rule_for(law="CA-CASL", kind=KindOfRequest.ACCESS, on=TODAY)


def test_a_borrowed_figure_is_never_passed_off_as_the_law():
    silent = [
        rule.id
        for one in jurisdictions()
        for rule in one.rules
        if rule.confidence in {Confidence.ANALOGY, Confidence.CONFLICT, Confidence.MEMORY} and not rule.note
    ]
    borrowed = [rule.id for one in jurisdictions() for rule in one.rules if rule.confidence is Confidence.ANALOGY]

    assert silent == []
    assert "CA-FED.erasure" in borrowed


@pytest.mark.parametrize(
    ("on", "measures", "span"),
    [
        (date(2026, 6, 18), Measures.ANSWER, Span(1, Unit.CALENDAR_MONTH)),
        (date(2026, 6, 19), Measures.ACKNOWLEDGEMENT, Span(30, Unit.CALENDAR_DAY)),
    ],
)
def test_a_british_complaint_follows_the_rule_of_its_day(on, measures, span):
    rule = rule_for(law="UK", kind=KindOfRequest.COMPLAINT, on=on)

    assert (rule.measures, rule.period.span) == (measures, span)


@pytest.mark.parametrize(
    ("on", "must_say"), [(date(2025, 12, 31), ()), (date(2026, 1, 1), (Statement.CONFIRM_HONOURED,))]
)
@pytest.mark.parametrize("kind", [KindOfRequest.OBJECTION, KindOfRequest.RESTRICTION])
def test_california_wants_an_opt_out_confirmed_since_2026(on, must_say, kind):
    assert rule_for(law="US-CA", kind=kind, on=on).answer_must_say == must_say


@pytest.mark.parametrize("kind", [KindOfRequest.OBJECTION, KindOfRequest.RESTRICTION])
def test_california_forbids_identity_checks_on_opt_outs(kind):
    assert rule_for(law="US-CA", kind=kind, on=TODAY).identity_check_allowed is False
    assert rule_for(law="US-CA", kind=KindOfRequest.ACCESS, on=TODAY).identity_check_allowed is True


@pytest.mark.parametrize(
    ("kind", "held"),
    [(KindOfRequest.ACCESS, True), (KindOfRequest.RECTIFICATION, True), (KindOfRequest.ERASURE, False)],
)
def test_pipeda_holds_the_data_while_recourse_is_open(kind, held):
    assert rule_for(law="CA-FED", kind=kind, on=TODAY).hold_until_recourse_exhausted is held


def test_british_columbia_tells_of_corrections_for_a_year_back():
    notice = jurisdiction("CA-BC").correction_notice

    assert notice is not None
    assert notice.look_back == Span(12, Unit.CALENDAR_MONTH)


def test_an_unknown_law_names_the_known_ones():
    with pytest.raises(UnknownLaw, match=rf"^There is no law 'MARS'; known: {', '.join(SUPPORTED)}\.$"):
        jurisdiction("MARS")


def test_a_version_this_release_does_not_have_points_to_the_snapshot():
    with pytest.raises(UnknownLaw, match=r"^This release has no version 'always/0' of 'GH\.access'; rely on the"):
        rule_by_version(rule_id="GH.access", version="always/0")


def test_every_law_names_authorities_that_can_be_reached():
    reachable = {one.code: one.url for one in authorities()}
    named = {code for one in jurisdictions() for code in one.authorities}

    assert named == reachable.keys()
    assert authority("ICO").complaint_url == "https://ico.org.uk/make-a-complaint/"
    with pytest.raises(UnknownLaw, match=r"^There is no authority 'NOBODY'; known: OPC,"):
        authority("NOBODY")


def test_a_government_objection_stays_secret_and_goes_to_the_commissioner():
    secret = ground("CA-FED.government_objection")

    assert (secret.disclosable, secret.notify_authority, secret.must_refuse) == (False, True, True)
    assert secret.wait == Span(30, Unit.CALENDAR_DAY)


def test_it_is_the_only_ground_that_is_secret():
    every = {one for kind in KindOfRequest for one in grounds_for(laws=SUPPORTED, kind=kind)}

    assert [one.code for one in every if not one.disclosable] == ["CA-FED.government_objection"]


def test_what_concerns_another_person_is_severed_before_it_is_refused():
    federal = grounds_for(laws=["CA-FED"], kind=KindOfRequest.ACCESS)

    assert [one.code for one in federal if one.must_sever] == [
        "CA-FED.third_party",
        "CA-FED.confidential_commercial",
        "CA-FED.threat_to_life",
    ]
    assert [one.code for one in federal if one.notify_authority] == [
        "CA-FED.investigation",
        "CA-FED.government_objection",
    ]


def test_grounds_are_those_of_the_laws_and_the_kind_asked_for():
    ghana = [one.code for one in grounds_for(laws=["GH"], kind=KindOfRequest.ERASURE)]

    assert ghana == ["GH.identity_not_established", "GH.retention_required"]
    with pytest.raises(UnknownLaw):
        grounds_for(laws=["GH", "MARS"], kind=KindOfRequest.ERASURE)
    with pytest.raises(UnknownLaw, match=r"^There is no ground of refusal 'GH\.whim'\.$"):
        ground("GH.whim")
