"""A period that no law gives is never told as law."""

from datetime import date, timedelta

import pytest

from privacy.law.catalogue import jurisdictions
from privacy.law.enums import Confidence, ExtensionGround
from privacy.letters.models import Letter
from privacy.register.models import OrganisationProfile
from requests.admin.case_page import CONFIDENCE_WORDS, clocks
from requests.clocks import clocks_at_receipt
from requests.models import SubjectRequest
from requests.offers import offered_groups
from requests.services.deadlines import look_at_case
from requests.services.extending import extend_deadline
from tests.requests.conftest import confirmed, letter_of

DAY = date(2026, 3, 2)


def of_ghana(kind: str) -> SubjectRequest:
    OrganisationProfile.objects.update(laws=["GH"], country="GH", promise_days=None)
    found = clocks_at_receipt(kind=kind, received_on=DAY)
    return SubjectRequest(kind=kind, received_on=DAY, due_on=found.due_on, deadlines=found.deadlines)


def test_no_citation_names_an_act_as_a_whole():
    named = [rule.citation for one in jurisdictions() for rule in one.rules]
    assert [citation for citation in named if "whole" in citation] == []
    assert "Act 843 s. 39(2)" in named


def test_the_arithmetic_says_first_that_the_period_is_one_by_analogy(alpha):
    (complaint,), (objection,) = clocks(of_ghana("complaint")), clocks(of_ghana("objection"))
    assert complaint.sentences[0] == (
        "No period for this kind of request is known in Act 843; that of its nearest rule is used, by analogy."
    )
    assert objection.sentences[0].startswith("Received on")


def test_the_page_of_a_case_says_how_well_a_figure_is_known_and_who_checked_it(alpha):
    (complaint,), (objection,) = clocks(of_ghana("complaint")), clocks(of_ghana("objection"))
    assert str(complaint.known) == "used by analogy, for the law gives no period for this kind"
    assert str(objection.known) == "from guidance or commentary"
    assert complaint.note == "No period for complaints is known; the 21 days of s. 39(2) are used."
    assert (complaint.verified, complaint.source.startswith("Public mapping")) == ("not checked by counsel yet", True)


def test_the_portal_offers_a_period_by_analogy_as_such(alpha):
    of_ghana("complaint")
    offers = {offer.kind: offer.citations for group in offered_groups(DAY) for offer in group.offers}
    assert offers["complaint"] == ("by analogy with Act 843",)
    assert offers["objection"] == ("Act 843 s. 39(2)",)


def test_letters_cite_a_period_by_analogy_as_the_page_of_the_case_does(alpha):
    OrganisationProfile.objects.update(laws=["GH"], country="GH", promise_days=None)
    for kind, law in (("question", "by analogy with Act 843"), ("objection", "Act 843 s. 39(2)")):
        case = confirmed(kind=kind, email=f"{kind}@example.com")
        assert f"at the latest ({law})." in letter_of(case, "acknowledged").body
    french = confirmed(kind="question", email="fr@example.com", language="fr")
    assert "(par analogie avec loi 843)" in letter_of(french, "acknowledged").body


@pytest.mark.parametrize(
    ("kind", "law"), [("objection", "by analogy with PIPEDA Schedule 1, 4.3.8"), ("access", "PIPEDA s. 8(3)")]
)
def test_the_letter_of_an_extension_says_no_law_where_there_is_only_an_analogy(alpha, officer, kind, law):
    OrganisationProfile.objects.update(laws=["CA-FED"], country="CA", promise_days=None)
    case = confirmed(kind=kind)
    under = case.deadlines[0]["rule_id"]
    extend_deadline(
        case=case, officer=officer, under=under, reasons="We ask others.", ground=ExtensionGround.CONSULTATIONS
    )
    body = letter_of(case, "extended").body
    assert (f"More time can be taken once ({law})" in body, "The law (" in body) == (True, False)


def test_the_reminder_of_the_last_day_calls_nothing_law(alpha, officer):
    OrganisationProfile.objects.update(laws=["GH"], country="GH", promise_days=None)
    case = confirmed(kind="question")
    look_at_case(case_id=case.pk, today=case.due_on - timedelta(days=1))
    said = Letter.objects.filter(kind="case_due").latest("created_at").body
    assert ("the last day for our answer" in said, "law" in said) == (True, False)


def test_every_confidence_has_words():
    assert set(CONFIDENCE_WORDS) == set(Confidence)
