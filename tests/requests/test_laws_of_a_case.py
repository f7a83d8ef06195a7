"""A case goes by the laws it was opened under, whatever the profile of its organisation says later."""

import pytest

from privacy.ledger.actors import SYSTEM
from requests import services
from requests.deciding.grounds import grounds_of, law_can_silence
from requests.errors import GroundInvalid
from requests.models import NoticeChange, RecipientNotice
from requests.redaction.reasons import reasons
from requests.services.telling_recipients import tell_recipients
from tests.requests.conftest import confirmed, letter_of
from tests.requests.deciding import SECRET, to_decide, under
from tests.requests.disclosing import disclosed


def laws_named(case) -> set[str]:
    return {ground.code.partition(".")[0] for ground in grounds_of(case)}


def test_a_case_is_refused_on_a_ground_of_the_laws_it_was_opened_under_and_its_letter_agrees(officer):
    under("UK", country="GB")
    case = to_decide("identity", kind="erasure")
    under("GH", country="GH")
    assert laws_named(case) == {"UK", "ANY"}
    with pytest.raises(GroundInvalid):
        services.refuse(case=case, officer=officer, ground="GH.retention_required", text="The tax office wants it.")
    services.refuse(case=case, officer=officer, ground="UK.legal_obligation", text="The tax office wants it.")
    letter = letter_of(case, "refused").body
    assert ("UK GDPR art. 17(3)(b)" in letter, "Information Commission" in letter, "Act 843" in letter) == (
        True, True, False,
    )  # fmt: skip
    assert laws_named(to_decide("identity", kind="erasure")) == {"GH", "ANY"}  # which came after the change


def test_whether_a_law_can_silence_us_follows_from_the_laws_of_the_case(alpha):
    under("CA-FED")
    old = to_decide("identity")
    under("GH", country="GH")
    new = to_decide("identity")
    assert (law_can_silence(old), law_can_silence(new)) == (True, False)
    assert [SECRET in {each.code for each in reasons(case)} for case in (old, new)] == [True, False]


@pytest.mark.parametrize(("first", "later", "expected"), [("CA-BC", "GH", 0), ("GH", "CA-BC", 1)])
def test_recipients_are_looked_for_as_far_back_as_the_laws_of_the_case_look(alpha, first, later, expected):
    under(first)
    case = confirmed(kind="rectification")
    under(later)
    disclosed(case.subject, days=500)
    tell_recipients(case=case, change=NoticeChange.ERASED, actor=SYSTEM)
    assert RecipientNotice.objects.count() == expected
