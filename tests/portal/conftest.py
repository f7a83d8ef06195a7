"""People on the portal of alpha."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from privacy.subjects.links import new_link
from privacy.subjects.models import LinkPurpose, Subject
from requests import answers
from requests.models import SubjectRequest
from requests.services import submit_request

AMA = "ama.mensah@example.com"
ANSWERS = {
    "kind": {"kind": "access"},
    "behalf": {"behalf": "self"},
    "residence": {"residence": ""},
    "name": {"name": "Ama Mensah"},
    "email": {"email": AMA},
    "scope": {"scope": ""},
    "details": {"details": "Everything, please."},
}
OWN_ANSWERS = {
    "about": {"about": ""},
    "representative": {
        "representative_name": "Kofi Mensah", "representative_email": "kofi@example.com",
        "representative_authority": "guardian",
    },
    "changes": {"places": "1", "what_0": "Address", "old_0": "1 Old Road", "new_0": "2 New Road"},
    "purposes": {"everything": "on"},
    "decision": {"decision": "My plan was refused."},
    "minor": {"is_minor": ""},
    "irreversible": {},
    "wrong": {"details": "Nobody answered me."},
    "question": {"details": "Who receives my data?"},
}  # fmt: skip


@pytest.fixture
def hurry(monkeypatch) -> None:
    """Let the test answer faster than people do."""
    monkeypatch.setattr(answers, "LEAST_TIME", timedelta(0))


def path_of(question: str) -> str:
    return "/requests/new/" if question == "kind" else f"/requests/new/{question}/"


def ask(visitor: Client, *, kind: str = "access", until: str = "", **changes: str):
    """Answer every question that is asked, and stop before the button that sends; the answer to the last page.

    Args:
        until: stop before this question.
        changes: answers by field, in place of the usual ones.
    """
    response = visitor.post(path_of("kind"), {"kind": kind})
    while response.url not in ("/requests/new/check/", path_of(until)):
        question = response.url.removeprefix("/requests/new/").strip("/")
        answer = (ANSWERS | OWN_ANSWERS)[question]
        response = visitor.post(response.url, answer | {name: changes[name] for name in answer if name in changes})
    return response


def submit(email: str = AMA, kind: str = "access") -> SubjectRequest:
    return submit_request(kind=kind, email=email, name="Ama Mensah", details="Everything, please.")


def link_to(case: SubjectRequest, purpose: LinkPurpose) -> str:
    return new_link(purpose=purpose, subject=case.subject, target_id=case.pk)


def enter(visitor: Client, case: SubjectRequest, purpose: LinkPurpose = LinkPurpose.TRACK) -> None:
    """Begin a visit by the link of a mail."""
    place = {LinkPurpose.TRACK: "track", LinkPurpose.DOWNLOAD: "download", LinkPurpose.CONFIRM: "confirm"}[purpose]
    response = visitor.post(f"/requests/{place}/{link_to(case, purpose)}/")
    assert response.status_code == 302, response.content


def enter_preferences(visitor: Client, subject: Subject) -> None:
    token = new_link(purpose=LinkPurpose.PREFERENCES, subject=subject)
    response = visitor.post(f"/preferences/{token}/")
    assert response.status_code == 302, response.content


def text_of(response) -> str:
    """What a page says, without what differs each time."""
    text = response.content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)


def statements(call) -> tuple[list[str], object]:
    """The SQL that a call sends, without its values, and what it answers."""
    with CaptureQueriesContext(connection) as sent:
        answer = call()
    return [_shape(query["sql"]) for query in sent.captured_queries], answer


def _shape(sql: str) -> str:
    sql = re.sub(r"'(?:[^']|'')*'(::\w+)?", "?", sql)
    sql = re.sub(r'SAVEPOINT "\w+"', "SAVEPOINT", sql)
    sql = re.sub(r"\b\d[\d.]*\b", "?", sql)
    return re.sub(r"\s+", " ", sql)


def stored_sessions() -> str:
    """Every session as the database holds it, decoded as far as it can be without keys."""
    return " ".join(str(session.get_decoded()) for session in Session.objects.all())
