"""The page of findings: what, where, why, what to do; dismissing, taking out of the map, erasing again."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.models import Finding, Source
from privacy.jobs.models import Job
from retention.enums import RunState
from retention.erased.returned import look_for_erased
from retention.models import Run
from tests.retention.erased.conftest import approved, crm, erase, offixpro
from tests.sources import change, work

__all__ = ["approved", "crm", "offixpro"]
PAGE = "/officer/datamap/finding/"
OURS = "SELECT min(contact_id) FROM crm.contact WHERE operated_by = 'offixpro'"


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def finding(alpha) -> Finding:
    source = Source.objects.create(name="Shop", address="postgresql://nobody@127.0.0.1:1/nothing")
    now = timezone.now()
    return Finding.objects.create(
        source=source, code="triggers", place="public.client", names=["keeps"], first_seen_at=now, last_seen_at=now
    )


def test_a_finding_says_what_where_why_and_what_to_do(finding, officer_client):
    for address in (PAGE, f"{PAGE}{finding.pk}/change/"):
        shown = text(officer_client.get(address))
        for words in ("Triggers", "public.client", "keeps", "bring it back", "Have somebody read them"):
            assert words in shown, (address, words)


def test_open_findings_are_counted_in_the_sidebar_and_on_the_dashboard(finding, officer_client):
    shown = text(officer_client.get("/officer/"))
    assert "1 open" in shown
    assert "<b>1</b>Findings" in " ".join(shown.split())
    Finding.objects.update(resolved_at=timezone.now())
    assert "<b>0</b>Findings" in " ".join(text(officer_client.get("/officer/")).split())


def test_a_finding_is_dismissed_with_a_reason_and_opened_again(finding, officer_client):
    refused = officer_client.post(f"{PAGE}{finding.pk}/dismiss/", {"reason": " "})
    assert "This field is required" in text(refused)
    assert officer_client.post(f"{PAGE}{finding.pk}/dismiss/", {"reason": "Only a log"}).status_code == 302
    assert "public.client" not in text(officer_client.get(PAGE))
    assert "“Only a log”" in text(officer_client.get(f"{PAGE}?show=dismissed"))
    officer_client.post(f"{PAGE}{finding.pk}/reopen/")
    assert "public.client" in text(officer_client.get(PAGE))


def test_an_auditor_reads_and_cannot_dismiss(finding, auditor, sign_in):
    client = sign_in(auditor)
    assert "public.client" in text(client.get(PAGE))
    assert "Dismiss it" not in text(client.get(f"{PAGE}{finding.pk}/change/"))
    for act in ("dismiss", "reopen", "forget"):
        assert client.post(f"{PAGE}{finding.pk}/{act}/", {"reason": "Because"}).status_code == 404
    assert client.post(f"{PAGE}look/").status_code == 404


def test_looking_again_reads_the_map_at_once_and_queues_the_sources(finding, officer_client):
    assert officer_client.post(f"{PAGE}look/").status_code == 302
    assert Finding.objects.filter(code="source_not_seen", resolved_at=None).count() == 1
    assert Job.objects.filter(kind="datamap.look_at_source").count() == 1


def test_two_officers_erase_again_from_the_finding(offixpro, crm, officer_client, make_officer, sign_in):
    erase()
    change(crm, f"UPDATE crm.contact SET email = %s WHERE contact_id = ({OURS})", AMA_MENSAH.email)
    look_for_erased(source=offixpro)
    finding = Finding.objects.get(code="erased_came_back")
    again = f"/officer/retention/run/again/{offixpro.pk}/"
    assert again in text(officer_client.get(f"{PAGE}{finding.pk}/change/"))
    planned = officer_client.get(again)
    assert "Ask for approval" in text(planned)
    plan_hash = planned.context["plan_hash"]
    assert officer_client.post(again, {"plan_hash": "0" * 64}).status_code == 200
    assert not Run.objects.filter(kind="replay").exists()
    page = officer_client.post(again, {"plan_hash": plan_hash})["Location"]
    run = Run.objects.get(kind="replay")
    assert page == f"/officer/retention/run/{run.pk}/change/"
    assert "Approve and erase" not in text(officer_client.get(page))
    own = officer_client.post(f"/officer/retention/run/{run.pk}/approve-again/", follow=True)
    assert "You planned this yourself" in text(own)
    second = sign_in(make_officer())
    assert "Approve and erase" in text(second.get(page))
    assert "The erasure begins" in text(second.post(f"/officer/retention/run/{run.pk}/approve-again/", follow=True))
    work(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.COMPLETED
    assert "Nothing of erased people" in text(officer_client.get(again))


def test_the_page_of_a_source_says_that_the_last_look_failed_and_what_to_do(finding, officer_client):
    page = f"/officer/datamap/source/{finding.source_id}/change/"
    assert "nobody foresaw" not in text(officer_client.get(page))
    Source.objects.filter(pk=finding.source_id).update(look_failed_at=datetime(2026, 11, 29, 14, 5, tzinfo=UTC))
    shown = text(officer_client.get(page))
    assert "The source could not be read on 29 Nov 2026, 14:05 because of an error nobody foresaw." in shown
    assert "Press “Discover tables”; if that fails too, tell the operator." in shown
    assert "problem" in text(officer_client.get("/officer/datamap/source/"))
