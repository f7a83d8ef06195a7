"""Asking for a tracking link, and the case as its person sees it."""

import pytest

from privacy.letters.models import Letter
from privacy.subjects.models import LinkPurpose
from requests.enums import RequestState
from requests.models import SubjectRequest
from requests.views import following
from tests.portal.conftest import AMA, enter, statements, submit, text_of


def _confirmed(visitor) -> SubjectRequest:
    case = submit()
    enter(visitor, case, LinkPurpose.CONFIRM)
    case.refresh_from_db()
    return case


def test_asking_for_a_link_answers_the_same_for_known_and_unknown_by_the_same_work(visitor):
    case = submit()
    typed = [
        {"reference": case.reference, "email": AMA},
        {"reference": case.reference, "email": "stranger@example.com"},
        {"reference": "PR-0000-0000", "email": AMA},
    ]
    visitor.post("/requests/track/", typed[0])
    seen = [statements(lambda data=data: visitor.post("/requests/track/", data)) for data in typed]
    assert [answer.url for _sql, answer in seen] == ["/requests/track/sent/"] * 3
    assert seen[1][0] == seen[0][0]
    assert seen[2][0] == seen[0][0]
    assert Letter.objects.exclude(kind="case_confirm").count() == 0


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"reference": "", "email": AMA}, "Enter the reference of your request."),
        ({"reference": "PR-1234-5678", "email": AMA}, "Check the reference: it looks like PR-7F3K-92QD"),
        ({"reference": "PR-0000-0000", "email": ""}, "Enter your e-mail address."),
        ({"reference": "PR-0000-0000", "email": "ama"}, "Enter an e-mail address in the form name@example.com."),
        ({"reference": "PR-0000-0000", "email": AMA, "website": "x"}, "It is there to stop programs."),
    ],
)
def test_what_is_typed_wrong_is_explained(visitor, data, message):
    text = text_of(visitor.post("/requests/track/", data))
    assert "<title>Error: " in text
    assert message in text


def test_asking_too_often_is_refused(visitor, monkeypatch):
    monkeypatch.setattr(following, "FROM_ONE_MACHINE", 1)
    data = {"reference": "PR-0000-0000", "email": AMA}
    assert [visitor.post("/requests/track/", data).status_code for _time in range(2)] == [302, 429]


def test_the_status_page_says_where_the_case_stands_and_why_by_then(visitor):
    case = _confirmed(visitor)
    enter(visitor, case)
    text = text_of(visitor.get("/requests/status/"))
    for shown in (
        case.reference,
        "Received. We are making sure that it is you.",
        "Act 843 s. 35",
        "gives 40 calendar days",
    ):
        assert shown in text
    assert text.index("You sent your request.") < text.index("You confirmed that it is you; we started.")


def test_an_officers_problem_and_name_are_not_shown_to_the_person(visitor, officer):
    case = _confirmed(visitor)
    SubjectRequest.objects.update(problem="source_unreachable", assignee=officer)
    enter(visitor, case)
    text = text_of(visitor.get("/requests/status/"))
    assert case.reference in text
    assert officer.full_name not in text
    assert "source" not in text


def test_withdrawing_says_first_what_it_means(visitor):
    case = _confirmed(visitor)
    enter(visitor, case)
    assert "We stop working on it and close it." in text_of(visitor.get("/requests/status/withdraw/"))
    case.refresh_from_db()
    assert case.state == RequestState.RECEIVED
    assert "Your request is withdrawn" in text_of(visitor.post("/requests/status/withdraw/"))
    case.refresh_from_db()
    assert case.state == RequestState.WITHDRAWN


def test_a_closed_case_cannot_be_withdrawn_again(visitor):
    case = _confirmed(visitor)
    enter(visitor, case)
    visitor.post("/requests/status/withdraw/")
    assert "Withdraw my request" not in text_of(visitor.get("/requests/status/"))
    assert visitor.get("/requests/status/withdraw/").url == "/requests/status/"
    assert visitor.post("/requests/status/withdraw/").url == "/requests/status/"
