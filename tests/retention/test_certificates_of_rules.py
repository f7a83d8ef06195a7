"""What the certificate of a rule's run says of the rule, and of the second officer who approved the run."""

from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from demo.crm.offixpro.known import ESI_QUAYE
from privacy.ledger.actors import SYSTEM
from privacy.ledger.signing import sign
from privacy.officers.models import Officer, Role
from privacy.register.models import OrganisationProfile
from retention.certificate.document import KIND, as_file, check_file
from retention.certificate.moments import as_text
from retention.certificate.pdf import as_pdf
from retention.enums import RunState
from retention.models import Run
from retention.services import save_rule, start_rule_run
from tests.retention.test_rule_runs import NOON, _rule
from tests.sources import approve, change, work


@pytest.fixture
def approved_run(offixpro) -> Run:
    """The first run of a rule, approved by a second officer and completed."""
    run = start_rule_run(rule=_rule("contact"), actor=SYSTEM, now=NOON)
    approve(run.pk)
    work(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.COMPLETED
    return run


def _words_on(pdf: bytes) -> str:
    """The words on the paper, as a reader's program takes them."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_the_certificate_says_in_which_role_a_second_officer_approved_it_when_and_why(approved_run):
    said = check_file(approved_run.certificate.document)["run"]
    assert said["ordered_by"] == "the portal by itself, following its schedule"
    assert said["approval"] == {
        "role": "Privacy Officer",
        "at": as_text(approved_run.approved_at),
        "plan_hash": approved_run.plan_hash,
        "reason": "first",
        "reason_words": "It is the first run of this version of the rule.",
    }


def test_whoever_approved_it_is_not_named(approved_run):
    written = as_file(approved_run.certificate.document).decode()
    second = approved_run.approved_by
    assert [each for each in (second.full_name, second.email) if each in written] == []
    assert str(Role.PRIVACY_OFFICER.label) in written  # so what is there is found


def test_the_role_of_that_day_stays_when_the_officer_has_another(approved_run):
    Officer.objects.filter(pk=approved_run.approved_by_id).update(role=Role.AUDITOR)
    assert check_file(approved_run.certificate.document)["run"]["approval"]["role"] == "Privacy Officer"


def test_a_run_is_certified_with_the_reason_that_its_rule_had_when_it_was_planned(offixpro, crm):
    """Another reason is no new version, so what was approved stays approved; it must not be put under older work."""
    rule = _rule("contact")
    run = start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
    approve(run.pk)
    change(crm, "DELETE FROM crm.contact WHERE email = %s", ESI_QUAYE.email)  # so it is counted anew
    rule.refresh_from_db()
    rule.legal_reason = "A law that came later."
    save_rule(rule=rule, actor=SYSTEM)
    work(run.pk)
    work(run.pk)  # the new counts wait for the second officer again
    run.refresh_from_db()
    later = start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
    work(later.pk)
    reasons = [check_file(each.certificate.document)["rule"]["legal_reason"] for each in (run, later)]
    assert (run.state, reasons) == (RunState.COMPLETED, ["The policy promises thirty days.", "A law that came later."])
    assert run.rule_version == later.rule_version


def test_a_run_that_needed_nobody_else_says_so(approved_run):
    OrganisationProfile.objects.update(large_run_percent=100, large_run_rows=1_000_000)
    later = start_rule_run(rule=approved_run.rule, actor=SYSTEM, now=timezone.now())
    assert (later.state, later.approval_reason) == (RunState.PENDING, "")
    work(later.pk)
    assert check_file(later.certificate.document)["run"]["approval"] is None


def test_the_paper_says_it_and_an_older_certificate_is_still_good_paper(approved_run):
    document = approved_run.certificate.document
    older = check_file(document)
    del older["run"]["approval"]
    signed_then = sign(older, kind=KIND)
    assert check_file(signed_then) == older
    now, then = (_words_on(as_pdf(each)) for each in (document, signed_then))
    reason = "Why a second look It is the first run of this version of the rule."
    assert ("Approved by Privacy Officer, as the second officer, on " in now, reason in now) == (True, True)
    assert ("Approved by" in then, "Why a second look" in then, "Ordered by" in then) == (False, False, True)
