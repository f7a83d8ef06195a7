"""Where every law of a case forbids to ask who asks (CCPA regulations s. 7026(d)), nobody does, and work goes on."""

import pytest

from requests import services
from requests.clocks import identity_may_be_asked
from requests.enums import RequestState as S
from requests.errors import QuestionRefused
from requests.models import SubjectRequest
from requests.selectors import next_step
from tests.requests.conftest import confirmed, letter_kinds, letter_of
from tests.requests.deciding import under

ASKED = "An officer makes sure that it is you"
NOT_ASKED = "without asking who you are, so we do not ask"


@pytest.mark.parametrize(
    ("laws", "kind", "is_asked"),
    [
        (["US-CA"], "objection", False),
        (["US-CA"], "restriction", False),
        (["US-CA", "CA-FED"], "objection", True),  # one law lets us ask
        (["US-CA"], "access", True),
        (["GH"], "objection", True),
    ],
)
def test_who_asks_is_asked_unless_every_law_of_the_case_forbids_it(officer, laws, kind, is_asked):
    under(*laws, country="US")
    case = confirmed(kind=kind)
    assert (case.state, identity_may_be_asked(case.deadlines)) == ("received" if is_asked else "deciding", is_asked)
    step = next_step(case, officer)
    assert (step.code == "confirm_identity", step.code == "decide_purposes") == (is_asked, not is_asked)
    letter = " ".join(letter_of(case, "acknowledged").body.split())
    assert (ASKED in letter, NOT_ASKED in letter) == (is_asked, not is_asked)


def test_asking_who_they_are_is_refused_with_the_reason_and_writes_to_nobody(officer):
    under("US-CA", country="US")
    case = confirmed(kind="objection")
    with pytest.raises(QuestionRefused, match=r"The law forbids to ask who makes this request .*7026"):
        services.ask_identity(case=case, officer=officer, ways=["Passport"])
    assert letter_kinds(case) == ["confirm", "acknowledged"]
    access = confirmed(kind="access")
    services.ask_identity(case=access, officer=officer, ways=["Passport"])
    assert letter_kinds(access) == ["confirm", "acknowledged", "identity_needed"]


def test_a_case_that_waited_for_its_identity_before_goes_on_without_the_claim_that_it_was_confirmed(
    officer, officer_client
):
    under("US-CA", country="US")
    case = confirmed(kind="objection")
    SubjectRequest.objects.filter(pk=case.pk).update(state=S.RECEIVED)
    case.refresh_from_db()
    assert str(next_step(case, officer).label) == "Go on without asking who they are"
    acts = officer_client.get(f"/officer/requests/subjectrequest/{case.pk}/change/").content.decode()
    assert ("/ask-identity/" in acts, "/confirm-identity/" in acts) == (False, True)
    level = case.identity_level
    case = services.confirm_identity(case=case, officer=officer)
    assert (case.state, case.identity_level) == ("deciding", level)
    page = officer_client.get(f"/officer/requests/subjectrequest/{case.pk}/change/?tab=timeline").content.decode()
    assert ("Nobody is asked who they are" in page, "Identity confirmed" in page) == (True, False)


def test_somebody_who_asks_for_another_shows_by_what_right_and_nothing_more(officer):
    under("US-CA", country="US")
    case = confirmed(
        kind="objection",
        representative={"name": "Kofi Mensah", "email": "kofi@example.com", "authority": "written"},
    )
    assert (case.state, next_step(case, officer).code) == ("received", "accept_authority")
    services.accept_authority(case=case, officer=officer, evidence="A mandate that the person has signed.")
    case.refresh_from_db()
    assert (case.state, next_step(case, officer).code) == ("deciding", "decide_purposes")
