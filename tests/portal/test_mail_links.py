"""Links sent by mail."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from privacy.subjects.links import new_link
from privacy.subjects.models import LinkPurpose, MailLink
from privacy.subjects.services import find_or_add_subject
from privacy.tenants.context import organisation_context
from requests.models import SubjectRequest
from tests.portal.conftest import enter, link_to, statements, submit, text_of

PLACES = {
    LinkPurpose.CONFIRM: "/requests/confirm/{}/",
    LinkPurpose.TRACK: "/requests/track/{}/",
    LinkPurpose.DOWNLOAD: "/requests/download/{}/",
    LinkPurpose.PREFERENCES: "/preferences/{}/",
}
EVERY = list(PLACES)
UNKNOWN = "A" * 43


def _token(purpose: LinkPurpose) -> str:
    return link_to(submit(), purpose)


@pytest.mark.parametrize("purpose", EVERY)
def test_opening_a_link_looks_nothing_up_and_uses_nothing(visitor, purpose):
    token = _token(purpose)
    link = MailLink.objects.latest("created_at")
    with CaptureQueriesContext(connection) as sent:
        response = visitor.get(PLACES[purpose].format(token))
    assert [query["sql"] for query in sent.captured_queries if MailLink._meta.db_table in query["sql"]] == []
    link.refresh_from_db()
    assert link.uses_left > 0
    assert text_of(response) == text_of(visitor.get(PLACES[purpose].format(UNKNOWN)))
    assert token not in text_of(response)


@pytest.mark.parametrize("purpose", EVERY)
def test_a_good_link_lets_the_person_in(visitor, purpose):
    response = visitor.post(PLACES[purpose].format(_token(purpose)))
    assert response.status_code == 302
    assert visitor.get(response.url).status_code == 200


def _expired(purpose: LinkPurpose) -> str:
    token = _token(purpose)
    MailLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    return token


def _used_up(purpose: LinkPurpose) -> str:
    token = _token(purpose)
    MailLink.objects.update(uses_left=0)
    return token


@pytest.mark.parametrize("make", [_expired, _used_up])
@pytest.mark.parametrize("purpose", EVERY)
def test_every_bad_link_gets_the_same_page_by_the_same_work(visitor, purpose, make):
    place = PLACES[purpose]
    bad = make(purpose)
    visitor.get(place.format(UNKNOWN))  # what is done once per process is done
    of_unknown, unknown = statements(lambda: visitor.post(place.format(UNKNOWN)))
    of_bad, answer = statements(lambda: visitor.post(place.format(bad)))
    assert of_bad == of_unknown
    assert (answer.status_code, text_of(answer)) == (unknown.status_code, text_of(unknown))
    assert answer.status_code == 404
    assert "This link does not work any more" in text_of(answer)
    assert "Ask for a new link" in text_of(answer)


@pytest.mark.parametrize("purpose", EVERY)
def test_a_link_of_another_organisation_opens_nothing(visitor, beta, purpose):
    with organisation_context(beta):
        case = submit()
        token = link_to(case, purpose)
    assert visitor.post(PLACES[purpose].format(token)).status_code == 404
    with organisation_context(beta):
        assert visitor.post(PLACES[purpose].format(token), headers={"host": "beta.localhost"}).status_code == 302


@pytest.mark.parametrize("purpose", EVERY)
@pytest.mark.parametrize("other", EVERY)
def test_a_link_works_for_its_own_purpose_only(visitor, purpose, other):
    response = visitor.post(PLACES[other].format(_token(purpose)))
    assert response.status_code == (302 if purpose == other else 404)


PAGES = {
    "/requests/confirmed/": {LinkPurpose.CONFIRM},
    "/requests/status/": {LinkPurpose.TRACK},
    "/requests/status/withdraw/": {LinkPurpose.TRACK},
    "/requests/download/": {LinkPurpose.TRACK, LinkPurpose.DOWNLOAD},
    "/preferences/history/": {LinkPurpose.PREFERENCES},
}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("purpose", EVERY)
def test_a_visit_opens_the_pages_of_its_own_purpose_only(visitor, path, purpose):
    visitor.post(PLACES[purpose].format(_token(purpose)))
    assert visitor.get(path).status_code == (200 if purpose in PAGES[path] else 302)


@pytest.mark.parametrize("path", PAGES)
def test_without_a_visit_one_is_led_to_where_links_are_asked_for(visitor, path):
    response = visitor.get(path, follow=True)
    assert response.redirect_chain[0][0] in ("/requests/track/", "/preferences/")
    assert "opens only with a link from our mail" in text_of(response)


def test_confirming_opens_the_case_and_says_what_is_next(visitor):
    case = submit()
    response = visitor.post(f"/requests/confirm/{link_to(case, LinkPurpose.CONFIRM)}/", follow=True)
    assert response.redirect_chain == [("/requests/confirmed/", 302)]
    case.refresh_from_db()
    assert case.state == "received"
    assert case.reference in text_of(response)
    assert "What happens next" in text_of(response)


def test_a_second_click_shows_the_same_case(visitor):
    token = link_to(submit(), LinkPurpose.CONFIRM)
    pages = [text_of(visitor.post(f"/requests/confirm/{token}/", follow=True)) for _click in range(2)]
    assert pages[0] == pages[1]
    assert SubjectRequest.objects.get().state == "received"


def test_a_visit_shows_the_case_of_its_link_and_no_other(visitor):
    mine, other = submit(), submit(email="kofi@example.com")
    enter(visitor, mine)
    text = text_of(visitor.get("/requests/status/"))
    assert mine.reference in text
    assert other.reference not in text


def test_a_visit_ends_when_the_person_is_not_known_any_more(visitor):
    subject = find_or_add_subject(kind="email", value="gone@example.com")
    token = new_link(purpose=LinkPurpose.PREFERENCES, subject=subject)
    visitor.post(f"/preferences/{token}/")
    assert visitor.get("/preferences/history/").status_code == 200
    subject.delete()
    assert visitor.get("/preferences/history/").status_code == 302
