"""Links, visits, officers' sessions and keys of one organisation on the host of another."""

import json
import uuid

import pytest
from django.test import Client

from consent.models import ConsentRecord
from privacy.letters.models import Letter
from privacy.officers.models import ApiKey, Role, Scope
from privacy.subjects.enquiries import resolve
from privacy.subjects.links import new_link
from privacy.subjects.models import LinkEnquiry, LinkPurpose, MailLink
from privacy.tenants.context import organisation_context
from requests.models import SubjectRequest
from requests.services import ask_for_tracking_link, submit_request
from tests.config_api.conftest import decision
from tests.conftest import PASSWORD
from tests.consent.conftest import make_register
from tests.isolation.making import AMA, make_case

PLACES = {
    LinkPurpose.CONFIRM: "/requests/confirm/",
    LinkPurpose.TRACK: "/requests/track/",
    LinkPurpose.DOWNLOAD: "/requests/download/",
    LinkPurpose.PREFERENCES: "/preferences/",
}
CASE = uuid.UUID(int=815)


@pytest.fixture
def cases(alpha, beta):
    """The same person with the same case number in both organisations."""
    mine = make_case(pk=CASE, name="Ama of Alpha", reference="PR-AAAA-AAAA")
    with organisation_context(beta):
        theirs = make_case(pk=CASE, name="Ama of Beta", reference="PR-BBBB-BBBB")
    return mine, theirs


def browser(host: str, cookies_of: Client | None = None) -> Client:
    client = Client(headers={"host": host})
    if cookies_of is not None:
        for name, morsel in cookies_of.cookies.items():
            client.cookies[name] = morsel.value
    return client


def plain(response) -> bytes:
    """A page without what differs each time."""
    return response.content.replace(str(response.context and response.context.get("csrf_token", "")).encode(), b"")


@pytest.mark.parametrize("purpose", [LinkPurpose.TRACK, LinkPurpose.DOWNLOAD, LinkPurpose.PREFERENCES])
def test_a_link_of_one_organisation_is_unknown_to_another_and_not_used_up(cases, purpose):
    mine, _theirs = cases
    token = new_link(purpose=purpose, subject=mine.subject, target_id=mine.pk)
    before = MailLink.objects.get().uses_left
    theirs = browser("beta.localhost").post(f"{PLACES[purpose]}{token}/")
    unknown = browser("beta.localhost").post(f"{PLACES[purpose]}{'x' * 43}/")
    assert theirs.status_code == unknown.status_code == 404
    assert plain(theirs) == plain(unknown)
    assert MailLink.objects.get().uses_left == before
    assert browser("alpha.localhost").post(f"{PLACES[purpose]}{token}/").status_code == 302


def test_a_visit_to_one_organisation_is_none_to_another(cases):
    mine, _theirs = cases
    visitor = browser("alpha.localhost")
    visitor.post(f"/requests/track/{new_link(purpose=LinkPurpose.TRACK, subject=mine.subject, target_id=CASE)}/")
    replayed = browser("beta.localhost", cookies_of=visitor).get("/requests/status/")
    assert (replayed.status_code, replayed.headers["Location"]) == (302, "/requests/track/")
    page = browser("alpha.localhost", cookies_of=visitor).get("/requests/status/")
    assert page.status_code == 200
    assert b"PR-AAAA-AAAA" in page.content
    assert b"PR-BBBB-BBBB" not in page.content


def test_an_officer_sees_the_case_of_the_own_organisation_under_the_same_number(cases, officer_client):
    path = f"/officer/requests/subjectrequest/{CASE}/change/"
    page = officer_client.get(path, follow=True)
    assert b"PR-AAAA-AAAA" in page.content
    assert b"PR-BBBB-BBBB" not in page.content
    replayed = browser("beta.localhost", cookies_of=officer_client).get(path)
    assert (replayed.status_code, replayed.headers["Location"].partition("?")[0]) == (302, "/officer/login/")


def test_an_officers_queue_lists_the_own_organisations_cases_only(cases, officer_client):
    page = officer_client.get("/officer/requests/subjectrequest/")
    assert page.status_code == 200
    assert b"PR-AAAA-AAAA" in page.content
    assert b"PR-BBBB-BBBB" not in page.content


def test_an_officer_of_one_organisation_does_not_sign_in_at_another(alpha, make_officer):
    officer = make_officer(Role.PRIVACY_OFFICER)
    form = {"username": officer.email, "password": PASSWORD, "next": "/officer/"}
    assert browser("beta.localhost").post("/officer/login/", form).status_code == 200  # the form again
    assert browser("alpha.localhost").post("/officer/login/", form).status_code == 302


def test_an_enquiry_finds_only_the_own_organisations_people(alpha, beta):
    """The person and the case are known to beta; who asks alpha gets no letter."""
    with organisation_context(beta):
        case = submit_request(kind="access", email=AMA, name="Ama", details="Everything, please.")
        SubjectRequest.objects.filter(pk=case.pk).update(state="received")
    sent = []
    for organisation in (alpha, beta):
        with organisation_context(organisation):
            ask_for_tracking_link(reference=case.reference, email=AMA)
            resolve(enquiry_id=LinkEnquiry.objects.get().pk)
            sent.append(Letter.objects.filter(kind="case_tracking").count())
    assert sent == [0, 1]


def ask_api(host: str, key: str, path: str, body: dict | None = None):
    client, headers = Client(raise_request_exception=False), {"host": host, "authorization": f"Api-Key {key}"}
    if body is None:
        return client.get(f"/api/v1/{path}", headers=headers)
    return client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers)


def key_of(organisation) -> str:
    with organisation_context(organisation):
        return ApiKey.objects.create_key(name="shop", scopes=[Scope.CONSENTS_READ, Scope.CONSENTS_WRITE])[1]


def test_a_key_of_one_organisation_opens_nothing_of_another(alpha, beta):
    lookup = {"subject": {"email": AMA}}
    key = key_of(alpha)
    assert ask_api("alpha.localhost", key, "consents/lookup/", lookup).status_code == 200
    assert ask_api("beta.localhost", key, "consents/lookup/", lookup).status_code == 401


def test_a_receipt_of_one_organisation_is_not_there_for_anothers_key(alpha, beta):
    make_register()
    keys = {organisation.slug: key_of(organisation) for organisation in (alpha, beta)}
    assert ask_api("alpha.localhost", keys["alpha"], "consents/", decision()).status_code == 201
    path = f"consents/{ConsentRecord.objects.get().pk}/receipt/"
    assert ask_api("alpha.localhost", keys["alpha"], path).status_code == 200
    assert ask_api("beta.localhost", keys["beta"], path).status_code == 404
    with organisation_context(beta):
        assert not ConsentRecord.objects.exists()
