"""What is to be checked in the record is named, with where to put it right; what is complete is not."""

import pytest

from privacy.register.activities.checking import remarks
from privacy.register.activities.models import ProcessingWithoutConsent
from privacy.register.models import OrganisationProfile
from tests.privacy.register.activities.conftest import DAY, make_purpose, make_recipient, today


def found() -> list[tuple[str, str]]:
    return [(each.code, each.about) for each in remarks()]


def test_an_activity_of_which_everything_is_said_leaves_nothing_to_check(make_activity):
    make_activity(recipients=[make_recipient("Host")])
    assert found() == []


def test_whatever_is_missing_or_does_not_fit_is_named(make_activity):
    sale = make_purpose("sale", is_prohibited=True)
    counting = make_purpose("counting", "legitimate_interests")
    make_activity("A", purposes=[])
    make_activity("B", purposes=[sale, counting, make_purpose("baseless", "")])
    make_activity("C", special_categories=["health"], retention="", security="", review_on=today())
    assert sorted(found()) == [
        *(("no_basis", "B"), ("no_condition", "C"), ("no_interests", "B"), ("no_purpose", "A")),
        *(("no_retention", "C"), ("no_security", "C"), ("prohibited", "B"), ("review_due", "C")),
    ]


@pytest.mark.parametrize(
    ("home", "country", "safeguard", "codes"),
    [
        ("GH", "US", "", ["no_safeguard"]),
        ("GH", "US", "none_needed", ["no_safeguard"]),
        ("GH", "US", "standard_clauses", []),
        ("GH", "GH", "", []),
        ("FR", "DE", "none_needed", []),
        ("GH", "DE", "none_needed", ["no_safeguard"]),
    ],
)
def test_a_transfer_needs_a_safeguard_unless_the_data_stays(make_activity, home, country, safeguard, codes):
    OrganisationProfile.objects.update(country=home)
    make_activity(recipients=[make_recipient("Host", country, safeguard)])
    assert [code for code, _about in found()] == codes


def test_purposes_and_recipients_that_no_active_activity_names_are_named(make_activity):
    make_purpose("sale", is_prohibited=True)
    make_recipient("Gone", inactive_since=today())
    make_activity("Old", recipients=[make_recipient("Host")], ended_on=today())
    assert found() == [("purpose_alone", "For-Old"), ("recipient_alone", "Host")]


def test_a_purpose_says_which_data_it_needs_and_how_long_it_is_kept(make_activity):
    purposes = [make_purpose("full"), make_purpose("data", data_categories=[]), make_purpose("time", retention="")]
    make_activity(purposes=purposes)
    assert found() == [("purpose_bare", "Data"), ("purpose_bare", "Time")]


def test_processing_without_consent_is_named_while_it_waits_and_when_its_review_is_due(officer):
    row = ProcessingWithoutConsent.objects.create(
        ground="debt", authority="File 7", what="Asking a registry", about_whom="debtors", categories=["contact"],
        begins_on=today() - 9 * DAY, review_on=today(), entered_by=officer,
    )  # fmt: skip
    assert [code for code, _about in found()] == ["awaiting"]
    ProcessingWithoutConsent.objects.update(standing="approved", decided_at=row.entered_at)
    assert [code for code, _about in found()] == ["consent_review_due"]
    ProcessingWithoutConsent.objects.update(review_on=today() + DAY)
    assert found() == []


def test_the_number_of_questions_does_not_grow(make_activity, django_assert_max_num_queries):
    for number in range(12):
        make_activity(f"A{number}", recipients=[make_recipient(f"R{number}", "US")])
    with django_assert_max_num_queries(9):
        assert len(remarks()) == 12
