"""The main job as people do it: a customer, two officers, an auditor, and the organisation's own web site."""

import json
import re
import zipfile

import httpx
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from playwright.sync_api import expect

from demo.furnishing import new_api_key
from privacy.ledger.models import LedgerEntry
from privacy.tenants.context import owner_context
from retention.models import Run
from tests.browser.people import ask, do_next_step, open_case, open_link, reload_until, sign_in
from tests.stack import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.processes]

AMA = "ama.mensah@example.com"
SEAMUS = "seamus.obrien@example.org"
OURS = "operated_by = 'offixpro'"


def test_a_customer_gets_a_copy_of_their_data(desk, stack, new_visitor, tmp_path):
    customer, officer = new_visitor(accept_downloads=True), new_visitor()
    home = stack.address(desk.host)
    reference = ask(customer, home, "access", "Ama Mensah", AMA)
    open_link(customer, stack.link_in_mail(AMA, "/requests/confirm/"))
    expect(customer.get_by_role("heading", name="Your request is confirmed")).to_be_visible()
    expect(customer.get_by_text(reference).first).to_be_visible()

    sign_in(officer, stack.address(desk.host, "/officer/"), desk.officers[0])
    open_case(officer, stack.address(desk.host, "/officer/requests/subjectrequest/"), reference)
    do_next_step(officer, "Confirm identity", "Confirm identity")
    reload_until(officer, "To be decided")
    do_next_step(officer, "Decide", "^Grant$")
    reload_until(officer, "Completed")

    open_link(customer, stack.link_in_mail(AMA, "/requests/download/"))
    with customer.expect_download() as download:
        customer.get_by_role("button", name=re.compile("download", re.IGNORECASE)).click()
    package = tmp_path / "package.zip"
    download.value.save_as(package)
    with zipfile.ZipFile(package) as archive:
        names = archive.namelist()
        everything = b"".join(archive.read(name) for name in names)
        assert {name.rpartition(".")[2] for name in names} >= {"html", "json", "csv"}
        for name in names:
            if name.endswith(".json"):
                json.loads(archive.read(name))
    assert AMA.encode() in everything
    assert b"Cloud hosting provider" in everything  # recipients
    assert b"Newsletter" in everything  # purposes
    assert b"ama.mensah.tema@example.org" not in everything  # her namesake
    open_with_somebody_elses_browser = new_visitor()
    open_with_somebody_elses_browser.goto(stack.address(desk.host, "/requests/download/"))
    expect(open_with_somebody_elses_browser.get_by_role("button", name=re.compile("^download", re.I))).to_have_count(0)


def test_a_customer_has_their_data_erased_by_two_officers(desk, stack, new_visitor):
    customer, first, second = new_visitor(), new_visitor(), new_visitor()
    reference = ask(customer, stack.address(desk.host), "erasure", "Séamus O'Brien", SEAMUS)
    open_link(customer, stack.link_in_mail(SEAMUS, "/requests/confirm/"))
    others = desk.rows(f"SELECT md5(string_agg(c::text, '' ORDER BY c)) FROM crm.customer c WHERE NOT {OURS}")
    agent = desk.rows("SELECT * FROM crm.employee WHERE full_name = 'Kofi Boateng'")
    assert desk.rows(f"SELECT count(*) FROM crm.customer WHERE {OURS} AND email = %s", SEAMUS) == [(1,)]

    queue = stack.address(desk.host, "/officer/requests/subjectrequest/")
    sign_in(first, queue, desk.officers[0])
    open_case(first, queue, reference)
    do_next_step(first, "Confirm identity", "Confirm identity")
    reload_until(first, "To be decided")
    do_next_step(first, "Decide", "^Grant$")
    expect(first.get_by_text("Awaiting second approval").first).to_be_visible()
    sign_in(second, queue, desk.officers[1])
    open_case(second, queue, reference)
    do_next_step(second, "Approve", "Approve and erase")
    reload_until(second, "Completed")

    assert desk.rows(f"SELECT count(*) FROM crm.customer WHERE {OURS} AND email = %s", SEAMUS) == [(0,)]
    assert desk.rows("SELECT * FROM crm.employee WHERE full_name = 'Kofi Boateng'") == agent
    assert desk.rows(f"SELECT md5(string_agg(c::text, '' ORDER BY c)) FROM crm.customer c WHERE NOT {OURS}") == others
    wait_for(lambda: any("Your data is deleted" in mail for mail in stack.mails_to(SEAMUS)), "the confirmation")
    run = Run.objects.get(kind="erasure")
    assert set(run.steps.values_list("survivors", flat=True)) <= {0, None}
    assert run.frozen_keys is None


def test_an_officer_starts_a_retention_run_another_approves_it_and_it_is_watched(desk, stack, new_visitor):
    officer, second = new_visitor(), new_visitor()
    sign_in(officer, stack.address(desk.host, "/officer/retention/rule/"), desk.officers[0])
    officer.get_by_role("link", name=re.compile("Contacts of cancelled")).click()
    officer.get_by_role("link", name=re.compile("Look and start")).click()
    officer.get_by_role("button", name=re.compile("Ask for approval: [\\d,]+ rows?")).click()
    expect(officer.get_by_role("heading", name="Waits for a second officer")).to_be_visible()
    sign_in(second, officer.url, desk.officers[1])
    second.get_by_role("button", name=re.compile("Approve: [\\d,]+ rows?")).click()
    reload_until(officer, "completed and verified")
    left = (
        "SELECT count(*) FROM crm.contact WHERE operated_by = 'offixpro' AND email = 'esi.quaye@kakumfarmsltd.example'"
    )
    assert desk.rows(left) == [(0,)]


def test_a_customer_withdraws_a_consent_after_reading_the_consequences(desk, stack, new_visitor):
    customer = new_visitor()
    customer.goto(stack.address(desk.host, "/preferences/"))
    customer.get_by_role("textbox").fill(AMA)
    customer.get_by_role("button", name=re.compile("link", re.IGNORECASE)).click()
    open_link(customer, stack.link_in_mail(AMA, "/preferences/"))
    customer.get_by_text("The words you agreed to").click()
    expect(customer.get_by_text("Yes, send me the OffixPro newsletter by e-mail.")).to_be_visible()
    customer.get_by_role("link", name=re.compile("Withdraw ?: Newsletter")).click()
    expect(customer.get_by_text("You will no longer hear from us about new features")).to_be_visible()
    customer.get_by_role("button", name="Withdraw my consent").click()
    expect(customer.get_by_text("You have not agreed")).to_be_visible()

    api = stack.address("127.0.0.1", "/api/v1/consents/lookup/")
    headers = {"Host": f"{desk.host}:{stack.port}", "Authorization": f"Api-Key {new_api_key()}"}
    answer = httpx.post(api, headers=headers, json={"subject": {"email": AMA}})
    assert answer.status_code == 200, answer.text
    states = {each["purpose"]: each["decision"] for each in answer.json()["consents"]}
    assert states["newsletter"] == "withdrawn"


def test_an_auditor_reads_the_ledger_and_an_altered_row_is_named(desk, stack, new_visitor, capsys):
    ask(new_visitor(), stack.address(desk.host), "access", "Ama Mensah", AMA)
    auditor = new_visitor()
    sign_in(auditor, stack.address(desk.host, "/officer/ledger/ledgerentry/"), "auditor@offixpro.example")
    expect(auditor.get_by_text("Request sent").first).to_be_visible()
    call_command("verify_ledger", organisation=desk.sample.slug)
    entry = LedgerEntry.objects.get(action="subject_request.submitted")
    with owner_context(desk.organisation), connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_ledgerentry SET actor_id = 'somebody else' WHERE id = %s", [entry.pk])
    with pytest.raises(CommandError):
        call_command("verify_ledger", organisation=desk.sample.slug)
    assert f"row {entry.pk}: its content was altered" in capsys.readouterr().err
