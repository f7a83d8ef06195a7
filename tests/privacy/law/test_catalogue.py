import re
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
from privacy.law.enums import Alternative, Confidence, KindOfRequest, Measures, Statement, Unit
from privacy.law.errors import UnknownLaw
from privacy.law.shapes import Span
from privacy.law.words import alternative_word

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
    assert authority("OPC").postal_address == "30 Victoria Street, Gatineau, Quebec K1A 1H3, Canada"
    assert (authority("ICO").postal_address, authority("ICO").phone, authority("ICO").email) == (None, None, None)
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

    assert ghana == [
        "GH.identity_not_established",
        "GH.credible_evidence",
        "GH.retention_required",
        "GH.needed_for_purpose",
        "ANY.identity_not_established",
        "ANY.authority_not_shown",
        "ANY.nothing_held",
        "ANY.held_by_another",
    ]
    with pytest.raises(UnknownLaw):
        grounds_for(laws=["GH", "MARS"], kind=KindOfRequest.ERASURE)
    with pytest.raises(UnknownLaw, match=r"^There is no ground of refusal 'GH\.whim'\.$"):
        ground("GH.whim")


def all_grounds():
    return {one for kind in KindOfRequest for one in grounds_for(laws=SUPPORTED, kind=kind)}


@pytest.mark.parametrize("law", SUPPORTED)
@pytest.mark.parametrize("kind", KindOfRequest)
def test_every_kind_has_grounds_that_a_letter_may_name(law, kind):
    found = [one for one in grounds_for(laws=[law], kind=kind) if one.disclosable]

    assert len(found) >= 2
    assert {one.law for one in found} <= {law, None}


@pytest.mark.parametrize("law", [code for code in SUPPORTED if code != "CA-CASL"])
@pytest.mark.parametrize("kind", [KindOfRequest.ACCESS, KindOfRequest.RECTIFICATION, KindOfRequest.ERASURE])
def test_access_correction_and_erasure_have_grounds_in_every_law_itself(law, kind):
    assert [one for one in grounds_for(laws=[law], kind=kind) if one.law == law] != []


def test_no_ground_promises_that_something_comes_along_and_evidence_is_named_where_the_law_wants_it_given():
    assert [one.code for one in all_grounds() if "send" in one.words or "enclose" in one.words] == []
    assert {one.code for one in all_grounds() if one.gives_evidence} == {"GH.credible_evidence", "ZA.data_is_correct"}
    assert "our reasons say what it is" in ground("GH.credible_evidence").words


def test_a_ground_by_which_a_person_is_told_less_leaves_them_something():
    """What is severed can be had without the severed part; a refused correction is noted beside the data."""
    without_copy = [
        one.code for one in all_grounds() if one.must_sever and Alternative.SEVERED_COPY not in one.alternatives
    ]
    corrections = [one for one in all_grounds() if one.kinds == (KindOfRequest.RECTIFICATION,)]

    assert without_copy == []
    assert len(corrections) > 8
    assert [one.code for one in corrections if Alternative.ANNOTATION not in one.alternatives] == []


def test_medical_information_can_go_through_a_practitioner():
    assert ground("CA-FED.medical_through_practitioner").alternatives == (Alternative.THROUGH_PRACTITIONER,)
    assert Alternative.THROUGH_PRACTITIONER in ground("CA-BC.grave_harm_to_person").alternatives


def test_the_words_of_a_ground_are_a_sentence_for_people_and_name_no_section():
    wrong = [one.code for one in all_grounds() if not re.fullmatch(r"[A-Z].*[.]", one.words) or "art." in one.words]

    assert wrong == []
    assert all(" s. " not in one.words and len(one.words) < 125 for one in all_grounds())


def test_every_alternative_has_words():
    words = [str(alternative_word(one)) for one in Alternative]

    assert len(set(words)) == len(Alternative)
    assert alternative_word(Alternative.SEVERED_COPY) == (
        "You can have a copy without the parts that we may not give out."
    )


def test_what_is_from_memory_says_so():
    """Confidence may not be higher than the source: a source that admits to memory is never called anything better."""
    boasting = [
        one.code for one in all_grounds() if "no text at hand" in one.source and one.confidence is not Confidence.MEMORY
    ]

    assert boasting == []
    assert ground("CA-AB.privilege").confidence is Confidence.MEMORY
    assert ground("CA-QC.under_fourteen").confidence is Confidence.STATUTE


def test_california_is_never_offered_an_identity_ground_for_an_opt_out():
    for kind in (KindOfRequest.OBJECTION, KindOfRequest.RESTRICTION):
        codes = {one.code for one in grounds_for(laws=["US-CA"], kind=kind)}

        assert codes.isdisjoint({"ANY.identity_not_established", "US-CA.not_verified"})
        assert "US-CA.fraudulent" in codes
