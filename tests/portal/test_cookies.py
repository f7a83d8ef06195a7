"""The portal obeys what it tells others: it sets cookies that its forms and signing in need, and no other."""

from privacy.subjects.models import LinkPurpose
from tests.conftest import PASSWORD
from tests.portal.conftest import AMA, ask, enter, enter_preferences, submit
from tests.portal.test_security import PAGES, PERSONAL_PAGES

NECESSARY = {
    "sessionid": "the visit that a mailed link began, the answers to a form, or who is signed in",
    "csrftoken": "that a form came from this browser",
}


def test_a_customer_who_goes_through_everything_gets_necessary_cookies_only(visitor, hurry):
    for path in PAGES:
        visitor.get(path)
    ask(visitor)
    visitor.post("/requests/new/check/", {})
    case = submit(email=AMA)
    visitor.post("/requests/track/", {"reference": case.reference, "email": AMA})
    visitor.post("/preferences/", {"email": AMA})
    enter(visitor, case, LinkPurpose.CONFIRM)
    enter(visitor, case)
    for path in PERSONAL_PAGES:
        visitor.get(path)
    enter_preferences(visitor, case.subject)
    visitor.get("/preferences/")
    visitor.post("/leave/")
    visitor.get("/left/")
    assert set(visitor.cookies) == set(NECESSARY)


def test_an_officer_gets_necessary_cookies_only(visitor, officer):
    visitor.get("/officer/login/")
    form = {"username": officer.email, "password": PASSWORD, "next": "/officer/"}
    assert visitor.post("/officer/login/", form).status_code == 302
    for path in ("/officer/", "/officer/requests/subjectrequest/", "/officer/cookies/cookiesite/add/"):
        assert visitor.get(path).status_code == 200
    assert set(visitor.cookies) == set(NECESSARY)
