from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from privacy.jobs.models import Job
from privacy.jobs.registry import Retry
from privacy.jobs.runner import run_job
from privacy.subjects import enquiries
from privacy.subjects.enquiries import RESOLVE, ask, register_resolver, resolve
from privacy.subjects.models import LinkEnquiry


@pytest.fixture
def asked(monkeypatch):
    """Payloads that reached the resolver of the purpose `test.link`."""
    monkeypatch.setattr(enquiries, "_resolvers", {})
    payloads = []
    register_resolver("test.link", payloads.append)
    return payloads


def test_an_enquiry_reaches_its_resolver_once_and_is_forgotten(alpha, asked):
    ask("test.link", {"email": "ama@example.com"})
    job = Job.objects.get(kind=RESOLVE)
    assert asked == []
    run_job(job_id=job.pk)
    resolve(enquiry_id=job.slot)
    assert asked == [{"email": "ama@example.com"}]
    assert LinkEnquiry.objects.count() == 0


def test_what_was_typed_is_encrypted_and_not_in_the_job(alpha, asked):
    ask("test.link", {"email": "ama@example.com"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM subjects_linkenquiry")
        (stored,) = cursor.fetchone()
    assert b"ama" not in bytes(stored)
    assert Job.objects.get(kind=RESOLVE).slot == str(LinkEnquiry.objects.get().pk)


def test_asking_runs_the_same_statements_whatever_is_typed(alpha, asked):
    statements = []
    for email in ("ama@example.com", "nobody.at.all@example.org"):
        with CaptureQueriesContext(connection) as captured:
            ask("test.link", {"email": email})
        statements.append([query["sql"][:40] for query in captured if "SAVEPOINT" not in query["sql"]])
    assert statements[0] == statements[1]
    assert [statement.split()[0] for statement in statements[0]] == ["INSERT", "INSERT"]


def test_an_enquiry_whose_resolver_must_wait_is_kept(alpha, monkeypatch):
    def not_now(payload):
        raise Retry("source_unreachable")

    monkeypatch.setattr(enquiries, "_resolvers", {"test.link": not_now})
    ask("test.link", {"email": "ama@example.com"})
    with pytest.raises(Retry):
        resolve(enquiry_id=LinkEnquiry.objects.get().pk)
    assert LinkEnquiry.objects.count() == 1


def test_an_enquiry_nobody_could_resolve_is_forgotten_after_a_week(alpha, asked):
    for age in (6, 8):
        ask("test.link", {"age": age})
    for enquiry in LinkEnquiry.objects.all():
        LinkEnquiry.objects.filter(pk=enquiry.pk).update(
            created_at=timezone.now() - timedelta(days=enquiry.payload["age"])
        )
    ask("test.link", {"age": 0})
    resolve(enquiry_id=LinkEnquiry.objects.latest("created_at").pk)
    assert [enquiry.payload for enquiry in LinkEnquiry.objects.all()] == [{"age": 6}]


def test_asking_for_a_purpose_without_resolver_is_an_error(alpha, asked):
    with pytest.raises(LookupError, match="other"):
        ask("other", {})
    assert LinkEnquiry.objects.count() == 0


def test_a_purpose_has_one_resolver(asked):
    register_resolver("test.link", enquiries._resolvers["test.link"])
    with pytest.raises(ValueError, match=r"test\.link"):
        register_resolver("test.link", print)
