"""Where a law wants a refusal to say what the person can have instead (PIPEDA), none goes without."""

from html import unescape

import pytest

from privacy.register.models import LawfulBasis, Purpose
from requests import services
from requests.deciding.found import found_lines
from requests.errors import ChangeInvalid, DecisionInvalid
from requests.services.restricting import ScopeDecided
from tests.requests.conftest import letter_of
from tests.requests.deciding import SECRET, said, to_decide, under
from tests.requests.narrowing_cases import opened

DEMAND = "choose one of the offers, or write one in your own words"
GROUNDS = {"CA-FED": "CA-FED.still_needed", "GH": "GH.retention_required"}
CHOSEN = "You can ask again later, when this reason has ended."
OWN = "We can send you a list of it."


@pytest.fixture
def objected(alpha) -> Purpose:
    return Purpose.objects.create(
        code="profiles", title="Profiles", description="x", lawful_basis=LawfulBasis.LEGITIMATE_INTERESTS
    )


def test_all_of_a_case_is_not_refused_without_an_offer_where_the_law_wants_one(officer):
    under("CA-FED")
    case = to_decide("identity", kind="erasure")
    given = {"case": case, "officer": officer, "ground": GROUNDS["CA-FED"], "text": "The contract is running."}
    with pytest.raises(DecisionInvalid, match=DEMAND) as refused:
        services.refuse(**given, own_alternative=" ")
    assert [each.field for each in refused.value.problems] == ["alternatives"]
    case.refresh_from_db()
    assert case.state == "deciding"
    services.refuse(**given, alternatives=["ask_again_later"])
    assert CHOSEN in letter_of(case, "refused").body


def test_where_no_law_of_the_case_wants_one_a_refusal_goes_without(officer):
    case = to_decide("identity", kind="erasure")
    services.refuse(case=case, officer=officer, ground=GROUNDS["GH"], text="The tax office wants it.")
    assert "What you can have instead" not in letter_of(case, "refused").body


def test_a_refused_part_needs_an_offer_and_a_part_of_a_part_or_a_secret_one_does_not(officer):
    under("CA-FED")
    case = to_decide("identity", "contact")
    identity, contact = found_lines(case)
    bare = {"ground": "CA-FED.privilege", "own_alternative": ""}

    def decide(*lines):
        return services.decide_case(case=case, officer=officer, plan_hash=case.plan_hash, decisions=lines)

    with pytest.raises(DecisionInvalid) as refused:
        decide(said(identity, "refuse", ground=SECRET, own_alternative=""), said(contact, "refuse", **bare))
    assert [(each.line[0], each.field) for each in refused.value.problems if DEMAND in each.words] == [
        ("contact", "alternatives")
    ]
    assert decide(said(identity, "grant"), said(contact, "partial", **bare)).outcome == "partial"


@pytest.mark.parametrize("kind", ["objection", "restriction"])
def test_a_refused_objection_or_restriction_offers_something_and_its_letter_says_what(officer, objected, kind):
    under("CA-FED")
    case = opened(kind, officer, "profiles")
    ground = services.refusal_grounds(case)[0]
    refused = ScopeDecided("profiles", False, ground=ground.code, reasons="We need it.")
    with pytest.raises(ChangeInvalid, match=DEMAND):
        services.decide_scopes(case=case, officer=officer, decisions=[refused])
    offered = ScopeDecided("profiles", False, ground=ground.code, reasons="We need it.", own_alternative=OWN)
    services.decide_scopes(case=case, officer=officer, decisions=[offered])
    letter = letter_of(case, f"{kind}_answered").body
    assert ("What you can have instead" in letter, f"- {OWN}" in letter) == (True, True)


def test_the_page_of_an_objection_offers_what_its_grounds_name(officer, officer_client, objected):
    case = opened("objection", officer, "profiles")
    page = f"/officer/requests/subjectrequest/{case.pk}/decide-purposes/"
    assert "Offered instead, in your own words" in officer_client.get(page).content.decode()
    sent = {
        "seen": "profiles", "scope-0-verdict": "refuse", "scope-0-ground": "GH.no_unwarranted_damage",
        "scope-0-reasons": "We need it.",
    }  # fmt: skip
    wrong = officer_client.post(page, sent | {"scope-0-alternatives": ["annotation"]})
    assert (wrong.status_code, "We need it." in wrong.content.decode()) == (200, True)
    assert officer_client.post(page, sent | {"scope-0-alternatives": ["more_evidence"]}).status_code == 302
    assert "What you can have instead" in letter_of(case, "objection_answered").body
    shown = officer_client.get(f"/officer/requests/subjectrequest/{case.pk}/change/").content.decode()
    case.refresh_from_db()
    assert case.offered_instead
    assert ("Offered to the person instead" in shown, case.offered_instead in unescape(shown)) == (True, True)
    assert case.offered_instead in letter_of(case, "objection_answered").body
