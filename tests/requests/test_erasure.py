"""An erasure from the form to the verified end, in a real CRM that is shared with other operators."""

import pytest
from django.utils import timezone

from consent.models import CurrentConsent
from consent.services import publish_wording, record_consent
from demo.crm.offixpro.known import AMA_MENSAH, KOFI_BOATENG
from privacy.datamap.models import Source
from privacy.errands.services import add_manual_source
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from privacy.officers.models import Officer
from privacy.register.models import LawfulBasis, Purpose
from privacy.register.selectors import local_date
from privacy.subjects.identifiers import IdentifierKind
from privacy.subjects.models import Subject
from requests import services
from requests.models import AccessPackage, Approval, RecipientNotice, SubjectRequest
from requests.problems import problem_words
from requests.services.execution import erasure_run_ended
from requests.services.found import find_data
from requests.services.planning import keep_plan, replan
from retention.enums import HoldKind, RunState
from retention.holding import in_force
from retention.models import Hold, Run
from retention.services import cancel_run, pause_run, place_hold, resume_run
from tests.holding import after_grace, let_go
from tests.officer.conftest import sign_in
from tests.portal.conftest import text_of
from tests.requests.conftest import approved_case, confirmed, letter_kinds, letter_of, planned_case, run_jobs
from tests.requests.disclosing import disclosed
from tests.secrecy import check_readable_nowhere
from tests.sources import change, content, known, rows

__all__ = ["sign_in"]

HER_NUMBERS = "SELECT customer_id FROM crm.customer WHERE email = %s AND operated_by = 'offixpro'"
NOT_HERS = "operated_by <> 'offixpro'"


@pytest.fixture
def second(make_officer) -> Officer:
    return make_officer()


def end_runs(case: SubjectRequest) -> SubjectRequest:
    for _slice in range(50):
        if not run_jobs("retention.run"):
            break
    case.refresh_from_db()
    return case


def ama(crm: str) -> int:
    """Rows of the CRM that still name her."""
    query = "SELECT count(*) FROM crm.customer WHERE email = %s AND operated_by = 'offixpro'"
    return rows(crm, query, AMA_MENSAH.email)[0][0]


def test_from_the_form_to_the_completed_erasure(offixpro, crm, officer, second):
    kofi = rows(crm, "SELECT * FROM crm.employee WHERE email = %s", KOFI_BOATENG.email)
    elsewhere = content(crm, "crm", {"customer": NOT_HERS, "ticket": NOT_HERS, "crm_user": NOT_HERS})
    case = planned_case(officer, email=AMA_MENSAH.email)
    assert (case.state, case.identity_level, case.problem) == ("deciding", "officer", "")
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    assert ama(crm) == 1
    services.approve_erasure(case=case, officer=second, plan_hash=case.plan_hash)
    end_runs(case)
    assert (case.state, case.problem, ama(crm)) == ("completed", "", 0)
    after = content(crm, "crm", {"customer": NOT_HERS, "ticket": NOT_HERS, "crm_user": NOT_HERS})
    assert {table: after[table] for table in ("customer", "ticket", "crm_user", "employee")} == {
        table: elsewhere[table] for table in ("customer", "ticket", "crm_user", "employee")
    }
    assert rows(crm, "SELECT * FROM crm.employee WHERE email = %s", KOFI_BOATENG.email) == kofi
    assert Hold.objects.get(case_id=case.pk).released_at is not None
    assert letter_kinds(case) == ["confirm", "acknowledged", "erased"]


def test_the_letter_says_what_was_done_what_is_kept_and_what_becomes_of_backups(offixpro, crm, officer, second):
    case = end_runs(approved_case(officer, second, email=AMA_MENSAH.email))
    letter = letter_of(case, "erased").body
    done = {line["table"]: line for line in case.plan["summary"]}
    events = (
        f"{done['crm.login_event']['dataset']}: personal details removed or replaced in {AMA_MENSAH.logins} records"
    )
    assert events in letter
    assert f"{done['crm.marketing_preference']['dataset']}: 3 records deleted" in letter
    kept = done["crm.invoice_line"]
    assert f"{kept['dataset']}: {kept['rows']} records ({kept['reason']})" in letter
    assert "Backups:" in letter
    assert "Data Protection Commission of Ghana" in letter


def test_our_own_records_forget_the_name_and_keep_the_case_file(offixpro, crm, officer, second):
    case = approved_case(officer, second, email=AMA_MENSAH.email, details="I move house.")
    assert (case.name, case.details, case.subject.name) == ("Ama Mensah", "I move house.", "Ama Mensah")
    end_runs(case)
    subject = Subject.objects.get(pk=case.subject_id)
    assert (case.name, case.details, subject.name, case.frozen_keys) == (None, None, None, None)
    assert subject.identifiers.get(kind=IdentifierKind.EMAIL).value == AMA_MENSAH.email
    assert Letter.objects.filter(case_id=case.pk).count() == 3


def test_neither_the_ledger_nor_any_table_says_readably_who_was_erased(offixpro, crm, officer, second):
    case = approved_case(officer, second, email=AMA_MENSAH.email, details="I move house.")
    personal = (AMA_MENSAH.email, AMA_MENSAH.phone, "Mensah", "I move house.")
    check_readable_nowhere(*personal)
    assert end_runs(case).state == "completed"
    check_readable_nowhere(*personal)
    assert LedgerEntry.objects.filter(action="subject_request.erased", object_id=str(case.pk)).count() == 1
    assert AMA_MENSAH.email in letter_of(case, "erased").address


def test_somebody_of_whom_nothing_is_held_is_told_so(offixpro, crm, officer, second):
    before = content(crm, "crm")
    case = end_runs(approved_case(officer, second, email="nobody@example.com"))
    assert (case.state, case.identity_level) == ("completed", "officer")
    assert "found none under what we know you by" in letter_of(case, "erased").body
    assert content(crm, "crm") == before


def test_data_that_changed_after_approval_voids_it_and_is_planned_anew(offixpro, crm, officer, second):
    case = approved_case(officer, second, email=AMA_MENSAH.email)
    approved = case.plan_hash
    added = change(
        crm,
        """INSERT INTO crm.login_event
           SELECT gen_random_uuid(), e.operated_by, e.user_id, e.occurred_at, e.ip_address, e.user_agent, e.device_type,
                  e.operating_system, e.succeeded
             FROM crm.login_event e JOIN crm.crm_user u USING (user_id) JOIN crm.customer c USING (customer_id)
            WHERE c.email = %s AND c.operated_by = 'offixpro' LIMIT 1""",
        AMA_MENSAH.email,
    )
    assert added == 1
    run_jobs("retention.run")
    case.refresh_from_db()
    assert (case.state, case.problem, case.plan, case.decided_by) == ("planning", "plan_changed", None, None)
    assert Approval.objects.filter(case=case).count() == 0
    assert ama(crm) == 1
    run_jobs("requests.plan")
    case.refresh_from_db()
    assert (case.state, case.problem) == ("deciding", "plan_changed")
    assert case.plan_hash != approved
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    services.approve_erasure(case=case, officer=second, plan_hash=case.plan_hash)
    assert (end_runs(case).state, case.problem, ama(crm)) == ("completed", "", 0)


def test_the_cases_own_hold_does_not_stop_it_but_another_open_case_and_a_legal_hold_do(offixpro, crm, officer, second):
    case = approved_case(officer, second, email=AMA_MENSAH.email)
    other = confirmed(kind="access", email=AMA_MENSAH.email)
    legal = place_hold(kind=HoldKind.LEGAL, matter="Court", subject=case.subject, actor=SYSTEM)
    for release in (
        lambda: services.withdraw_request(case=other, actor=SYSTEM),
        lambda: after_grace(Hold.objects.get(case_id=other.pk)),  # a day after its end
        lambda: let_go(legal),
    ):
        run_jobs("retention.run")
        case.refresh_from_db()
        assert (case.state, Run.objects.get(case_id=case.pk).problem, ama(crm)) == ("executing", "held", 1)
        release()
    assert (end_runs(case).state, ama(crm)) == ("completed", 0)


def test_an_unreachable_source_leaves_the_case_planning_with_words_until_it_is_back(offixpro, crm, officer):
    case = confirmed(email=AMA_MENSAH.email)
    services.confirm_identity(case=case, officer=officer)
    address = offixpro.address
    offixpro.address = address.replace("/src_", "/gone_src_")
    offixpro.save(update_fields=["address"])
    run_jobs("requests.plan")
    case.refresh_from_db()
    assert (case.state, case.problem) == ("planning", "source_unreachable")
    offixpro.address = address
    offixpro.save(update_fields=["address"])
    run_jobs("requests.plan")
    case.refresh_from_db()
    assert (case.state, case.problem) == ("deciding", "")


def test_a_case_withdrawn_while_its_data_is_looked_for_stays_withdrawn(offixpro, officer):
    case = confirmed(email=AMA_MENSAH.email)
    services.confirm_identity(case=case, officer=officer)
    services.withdraw_request(case=case, actor=SYSTEM)
    run_jobs("requests.plan")
    keep_plan(case=case, found=find_data(case))
    case.refresh_from_db()
    assert (case.state, case.plan, case.frozen_keys) == ("withdrawn", None, None)


def test_without_a_source_nothing_is_planned_and_the_officer_is_told(alpha, officer):
    case = planned_case(officer)
    assert (case.state, case.problem) == ("planning", "data_map_unready")


def test_consents_end_with_the_data_they_were_about_and_the_letter_names_them(offixpro, crm, officer, second):
    subject = known(AMA_MENSAH.email)
    rests = {"lawful_basis": LawfulBasis.CONSENT, "withdrawal_consequences": "No more of it."}
    news, sms, calls = (Purpose.objects.create(code=code, title=code, **rests) for code in ("news", "sms", "calls"))
    for purpose in (news, sms, calls):
        publish_wording(purpose=purpose, language="en", text=f"I agree to {purpose.code}.", actor=SYSTEM)
    for purpose, decision in ((news, "given"), (sms, "refused"), (calls, "given")):
        record_consent(subject=subject, purpose=purpose, decision=decision, method="electronic", actor=SYSTEM)
    case = end_runs(approved_case(officer, second, email=AMA_MENSAH.email))
    stands = dict(CurrentConsent.objects.filter(subject=subject).values_list("purpose__code", "decision"))
    assert stands == {"news": "withdrawn", "sms": "refused", "calls": "withdrawn"}
    assert "your consents end as well: news, calls." in letter_of(case, "erased").body
    assert letter_kinds(case) == ["confirm", "acknowledged", "erased"]


def _package(officer: Officer) -> AccessPackage:
    access = planned_case(officer, kind="access", email=AMA_MENSAH.email)
    services.grant(case=access, officer=officer, plan_hash=access.plan_hash)
    run_jobs("requests.build_package")
    access.refresh_from_db()
    assert access.package.is_available
    return access.package


def test_whoever_decides_and_approves_sees_which_source_is_switched_off_and_so_left_out(
    offixpro, crm, officer, second, sign_in
):
    case = planned_case(officer, email=AMA_MENSAH.email)
    page, left_out = f"/officer/requests/subjectrequest/{case.pk}/change/?tab=data", "Not looked in: "
    assert left_out not in text_of(sign_in(officer).get(page))
    for name in ("Old shop", "Archive", "Club"):
        add_manual_source(name=name, owner=officer, instructions="Look for it", days=7, actor=SYSTEM)
    Source.objects.filter(name__in=["Old shop", "Archive"]).update(is_active=False)
    assert left_out + "Archive, Old shop" in text_of(sign_in(officer).get(page))
    replan(case=case, officer=officer)
    run_jobs("requests.plan")
    case.refresh_from_db()
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    assert left_out + "Archive, Old shop" in text_of(
        sign_in(second).get(page.replace("change/?tab=data", "approve-erasure/"))
    )
    services.approve_erasure(case=case, officer=second, plan_hash=case.plan_hash)
    SubjectRequest.objects.filter(pk=case.pk).update(state="executing")
    Source.objects.update(is_active=True)
    done = text_of(sign_in(officer).get(page))
    assert left_out + "Archive, Old shop" in done
    assert "It was switched off when this plan was made" in done


def test_who_got_their_copy_just_now_is_erased_without_waiting_for_its_lock(offixpro, crm, officer, second, sign_in):
    access = _package(officer).case
    lock = Hold.objects.get(case_id=access.pk)
    assert lock.spared_until > timezone.now()
    case = planned_case(officer, email=AMA_MENSAH.email)
    assert {line["held"] for line in case.plan["summary"]} == {0}
    page = text_of(sign_in(second).get(f"/officer/requests/subjectrequest/{case.pk}/change/?tab=data"))
    assert f"{access.reference}</a>, since" in page
    assert "gives way to this erasure" in page
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    services.approve_erasure(case=case, officer=second, plan_hash=case.plan_hash)
    assert list(in_force().values_list("case_id", flat=True)) == [case.pk]
    assert (end_runs(case).state, case.problem, ama(crm)) == ("completed", "", 0)
    assert not Letter.objects.filter(kind="case_held").exists()


def test_a_copy_that_was_fetched_is_deleted_with_the_data(offixpro, crm, officer, second):
    package = _package(officer)
    AccessPackage.objects.filter(pk=package.pk).update(downloads_left=package.downloads_left - 1)
    case = end_runs(approved_case(officer, second, email=AMA_MENSAH.email))
    package.refresh_from_db()
    assert (package.deleted_at is not None, package.is_available) == (True, False)
    assert "still waiting" not in letter_of(case, "erased").body
    assert known(AMA_MENSAH.email).pk == case.subject_id


def test_a_copy_that_was_not_fetched_yet_waits_for_the_person_and_the_letter_says_so(offixpro, crm, officer, second):
    package = _package(officer)
    case = end_runs(approved_case(officer, second, email=AMA_MENSAH.email))
    package.refresh_from_db()
    assert (case.state, package.is_available) == ("completed", True)
    assert f"until {local_date(package.expires_at):%A %-d %B %Y}" in letter_of(case, "erased").body


def test_a_plan_that_stopped_once_can_be_approved_again_when_the_data_is_as_it_was(offixpro, crm, officer, second):
    case = approved_case(officer, second, email=AMA_MENSAH.email)
    approved = case.plan_hash
    stopped = Run.objects.get(case_id=case.pk)
    hidden = "UPDATE crm.ticket SET operated_by = %s WHERE operated_by = %s AND customer_id = ANY(%s)"
    hers = [number for (number,) in rows(crm, HER_NUMBERS, AMA_MENSAH.email)]
    assert change(crm, hidden, "sankofa_cloud", "offixpro", hers) == AMA_MENSAH.tickets
    run_jobs("retention.run")
    case.refresh_from_db()
    assert (case.state, case.problem) == ("planning", "plan_changed")
    assert change(crm, hidden, "offixpro", "sankofa_cloud", hers) == AMA_MENSAH.tickets
    run_jobs("requests.plan")
    case.refresh_from_db()
    assert (case.state, case.plan_hash) == ("deciding", approved)
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    case = services.approve_erasure(case=case, officer=second, plan_hash=approved)
    stopped.refresh_from_db()
    erasure_run_ended(stopped)  # told again, late: it was about the earlier approval
    case.refresh_from_db()
    assert case.state == "executing"
    assert (end_runs(case).state, ama(crm)) == ("completed", 0)


def test_a_run_that_needs_attention_says_so_on_the_case_until_it_goes_on(offixpro, crm, officer, second):
    case = approved_case(officer, second, email=AMA_MENSAH.email)
    run = Run.objects.get(case_id=case.pk)
    run.state, run.problem = RunState.ATTENTION, "survivors"  # as retention leaves it when rows came back
    run.save()
    for _told_again in range(2):
        erasure_run_ended(run)
    case.refresh_from_db()
    assert (case.state, case.problem) == ("executing", "survivors")
    assert "Rows remain" in problem_words(case.problem).happening
    assert LedgerEntry.objects.filter(action="subject_request.problem", object_id=str(case.pk)).count() == 1
    resume_run(run=run, actor=SYSTEM)
    assert (end_runs(case).state, case.problem, ama(crm)) == ("completed", "", 0)


def test_the_run_of_somebody_elses_case_completes_nothing(offixpro, crm, officer, second):
    case = approved_case(officer, second, email=AMA_MENSAH.email)
    other = approved_case(officer, second, email="nobody@example.com")
    run = Run.objects.get(case_id=other.pk)
    run.state = RunState.COMPLETED
    run.case_id = case.pk
    erasure_run_ended(run)
    case.refresh_from_db()
    assert case.state == "executing"


def test_a_cancelled_run_voids_the_approval_and_the_case_is_planned_and_decided_anew(offixpro, crm, officer, second):
    case = approved_case(officer, second, email=AMA_MENSAH.email)
    (run,) = Run.objects.filter(case_id=case.pk)
    pause_run(run=run, actor=SYSTEM)
    end_runs(case)
    assert (case.state, ama(crm)) == ("executing", 1)
    cancel_run(run=run, actor=SYSTEM)
    run_jobs("retention.settle")
    case.refresh_from_db()
    assert (case.state, case.problem, case.approvals.count()) == ("planning", "erasure_cancelled", 0)
    run_jobs("requests.plan")
    case.refresh_from_db()
    assert (case.state, case.problem, case.frozen_keys is not None) == ("deciding", "erasure_cancelled", True)
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    services.approve_erasure(case=case, officer=second, plan_hash=case.plan_hash)
    end_runs(case)
    assert (case.state, case.problem, ama(crm)) == ("completed", "", 0)


def test_those_who_got_the_data_are_told_that_it_is_erased_before_its_name_is_forgotten(offixpro, crm, officer, second):
    case = approved_case(officer, second, email=AMA_MENSAH.email)
    disclosed(case.subject)
    case = end_runs(case)
    notice = RecipientNotice.objects.get(case=case)
    assert (case.state, notice.change, notice.recipient.name) == ("completed", "erased", "Sahara Couriers")
    assert AMA_MENSAH.email in notice.letter.body
    assert letter_kinds(case)[-2:] == ["recipient_notice", "erased"]


def test_an_erasure_that_waits_for_another_case_says_so_on_its_case_and_to_its_officers_once(
    offixpro, crm, officer, second, sign_in
):
    case = approved_case(officer, second, email=AMA_MENSAH.email)
    other = confirmed(kind="access", email=AMA_MENSAH.email)
    for _look in range(2):
        run_jobs("retention.run")
    case.refresh_from_db()
    assert (case.state, case.problem, ama(crm)) == ("executing", "held", 1)
    told = Letter.objects.filter(kind="case_held")
    assert sorted(each.address for each in told) == sorted(Officer.objects.values_list("email", flat=True))
    assert case.reference in told[0].body
    assert LedgerEntry.objects.filter(action="subject_request.problem", object_id=str(case.pk)).count() == 1
    page = text_of(sign_in(second).get(f"/officer/requests/subjectrequest/{case.pk}/change/?tab=data"))
    assert "The approved erasure waits for a hold." in page
    assert f"{other.reference}</a>, since" in page
    assert "this case, since" in page
    services.withdraw_request(case=other, actor=SYSTEM)
    after_grace(Hold.objects.get(case_id=other.pk))
    assert (end_runs(case).state, case.problem, ama(crm)) == ("completed", "", 0)
