"""The portal's own rows are deleted by the same engine: after the period, verified, and never of an open case."""

import datetime as dt
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from consent.models import ConsentRecord, CurrentConsent, Decision, Evidence, Method
from consent.services import publish_wording, record_consent
from privacy.datamap.models import Source, SourceKind
from privacy.errands.files import folder as folder_of_errands
from privacy.errands.models import Errand, ErrandFile
from privacy.errands.services import add_manual_source
from privacy.jobs.models import Job, Schedule
from privacy.jobs.registry import JobHandle
from privacy.jobs.runner import run_job
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.ledger.sealing import seal_all
from privacy.ledger.verification import verify_organisation
from privacy.letters.models import Letter
from privacy.officers.models import Officer
from privacy.register.disclosures.recording import void_disclosure
from privacy.register.models import (
    Disclosure,
    DisclosureNote,
    LawfulBasis,
    Purpose,
    Recipient,
    VoidedDisclosure,
)
from privacy.register.own_data import own_data as declared
from privacy.subjects.models import LinkPurpose, MailLink, Subject
from requests.fulfilment.storage import file_name_for, folder
from requests.models import AccessPackage, Approval, CaseOfficerPermission, SubjectRequest
from requests.own_data.files import LEFT_OVER_JOB, delete_left_over_files
from requests.own_data.jobs import OWN_DATA_JOB, own_data
from requests.own_data.tables import APPS
from requests.own_data.templates import TEMPLATES
from retention.enums import HoldKind, RunState
from retention.models import Certificate, Rule, Run
from retention.preview import preview_rule
from retention.rules_due import start_due_runs
from retention.services import place_hold, save_rule, start_rule_run
from retention.why.answers import Cause
from retention.why.asking import explain_row
from retention.why.deciding import decide
from tests.holding import let_go
from tests.requests.own_data.conftest import (
    LONG_AGO,
    case_of,
    grow_old,
    letter_to,
    person,
    rule_over,
    store_package,
    task_of,
)
from tests.sources import work

DAY = dt.timedelta(days=1)


def _followed(model) -> Run:
    run = start_rule_run(rule=rule_over(model), actor=SYSTEM)
    work(run.pk)
    run.refresh_from_db()
    return run


def _rows(run: Run) -> dict[str, int]:
    return {step.dataset_key.partition(".")[2]: step.rows for step in run.steps.all() if step.rows}


def _run_left_over_job(run: Run) -> None:
    run_job(job_id=Job.objects.get(kind=LEFT_OVER_JOB, slot=str(run.pk)).pk)


def test_an_organisation_is_made_with_the_job_that_gives_it_its_rules(committed):
    schedule = Schedule.objects.get(schema_name=committed.schema_name, kind=OWN_DATA_JOB)
    assert schedule.enabled
    assert Rule.objects.count() == 0


def test_every_template_becomes_a_rule_that_is_followed_every_day(portal, committed):
    rules = Rule.objects.order_by("pk")
    assert [rule.name for rule in rules] == [str(each.name) for each in TEMPLATES]
    assert {(rule.is_active, rule.action, rule.dataset.source) for rule in rules} == {(True, "delete", portal)}
    assert Schedule.objects.filter(schema_name=committed.schema_name, kind="retention.rules_due").count() == 1


STAYS = {
    "subjects.LinkEnquiry": "goes by a job as soon as it was answered",
    "portal.AttemptCount": "goes by a job when its window is over",
    "errands.ManualWork": "the organisation's own settings",
    "register.OrganisationProfile": "the organisation's own particulars, and who its officer is",
    "register.HolidayOverlay": "the organisation's own calendar; names the officer who added a day",
    "register.DisclosureUpload": "goes by a job after a day, or when it is decided about",
    "letters.LetterTemplate": "the organisation's own words; names the officer who wrote them",
    "consent.ConsentRecord": "sealed; names the person by a number only (docs/retention.md)",
    "cookies.CookieChoice": "sealed; knows a browser by the digest of a number that only its own cookie has",
    "announcements.AnnouncedDataset": "a key of a row in a source while its table is read; then empty",
    "announcements.NoticeAcceptance": "that a person accepted a notice; names them as their consents do",
    "announcements.NoticeTold": "that a person was told; names them by a number or a keyed index only",
    "consent.CurrentConsent": "the same, for the decision in force",
    "consent.OptOutNotice": "shows that the person was told before their silence counted; names them by a number only",
}


def test_every_table_with_what_people_sent_us_ends_by_a_rule_or_says_why_not():
    """Whatever is stored for a request some day, a copy of an identity document say, has to have its rule first."""
    ruled = {model for each in TEMPLATES for model in (each.model, *each.along)}
    holding = {model for model, fields in own_data_of_apps().items() if any(fields.values())}
    assert {model._meta.label for model in holding - ruled} == set(STAYS)


def own_data_of_apps():
    return {model: fields for model, fields in declared().items() if model._meta.app_label in APPS}


def test_a_second_time_changes_no_rule_that_officers_have_changed(portal):
    rule = rule_over(Letter)
    rule.name, rule.amount, rule.is_active = "Letters", 1, False
    save_rule(rule=rule, actor=SYSTEM)
    before = list(Rule.objects.order_by("pk").values())
    own_data(JobHandle(1, "daily", 1, "me"))
    assert list(Rule.objects.order_by("pk").values()) == before


def test_a_closed_case_goes_with_all_that_hangs_from_it_and_its_files(portal):
    officer = Officer.objects.get()
    cellar = add_manual_source(name="Cellar", owner=officer, instructions="Look.", days=7, actor=SYSTEM)
    old = [case_of(person(name)) for name in ("ama", "kofi", "esi")]
    young = case_of(person("yaw"), closed=LONG_AGO / 2)
    proofs = [task_of(case, cellar) for case in (old[0], young)]
    for proof in proofs:
        grow_old(folder_of_errands() / f"{proof.pk}.sealed")
    people = set(Subject.objects.values_list("pk", flat=True))
    run = _followed(SubjectRequest)
    assert (run.state, run.problem) == (RunState.COMPLETED, "")
    assert _rows(run) == {
        "requests_subjectrequest": 3, "requests_approval": 3, "requests_accesspackage": 3,
        "requests_caseofficerpermission": 3, "errands_errand": 1, "errands_errandfile": 1,
    }  # fmt: skip
    for model in (SubjectRequest, Approval, AccessPackage, CaseOfficerPermission, Errand, ErrandFile):
        assert model.objects.count() == 1, model
    assert SubjectRequest.objects.get() == young
    assert set(Subject.objects.values_list("pk", flat=True)) == people
    assert len(list(folder().iterdir())) == 4
    _run_left_over_job(run)
    assert [path.name for path in folder().iterdir()] == [file_name_for(young.pk)]
    assert [path.name for path in folder_of_errands().iterdir()] == [f"{proofs[1].pk}.sealed"]


def test_an_open_case_is_never_old_enough(portal):
    open_case, closed = case_of(person("ama"), closed=None), case_of(person("kofi"))
    SubjectRequest.objects.filter(pk=open_case.pk).update(received_at=timezone.now() - 2 * LONG_AGO)
    assert _rows(_followed(SubjectRequest))["requests_subjectrequest"] == 1
    assert SubjectRequest.objects.get() == open_case
    assert closed.pk != open_case.pk


def test_letters_go_after_three_years_and_those_of_an_open_case_stay_without_any_hold(portal):
    ama = person("ama")
    open_case, closed = case_of(ama, closed=None), case_of(ama, closed=DAY)
    kept = [letter_to(ama, case=open_case), letter_to(ama, age=2 * 365 * DAY)]
    gone = [letter_to(ama, case=closed), letter_to(ama), letter_to(None)]
    preview = preview_rule(rule_over(Letter))
    assert ([(step.rows, step.protected) for step in preview.steps], preview.minimums) == (
        [(len(gone), 1)], ["Its case is still open."],
    )  # fmt: skip
    run = _followed(Letter)
    assert (run.state, _rows(run)) == (RunState.COMPLETED, {"letters_letter": len(gone)})
    assert set(Letter.objects.all()) == set(kept)
    SubjectRequest.objects.filter(pk=open_case.pk).update(state="completed", closed_at=timezone.now())
    assert _rows(_followed(Letter)) == {"letters_letter": 1}
    assert set(Letter.objects.all()) == {kept[1]}


def test_the_period_ends_with_its_last_day(portal):
    rule = rule_over(Letter)
    rule.amount, rule.unit = 30, "days"
    save_rule(rule=rule, actor=SYSTEM)
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)  # the organisation is on UTC
    ages = {days: letter_to(None) for days in (29, 30, 31)}
    for days, letter in ages.items():
        Letter.objects.filter(pk=letter.pk).update(created_at=midnight - days * DAY + dt.timedelta(hours=12))
    _followed(Letter)
    assert set(Letter.objects.all()) == {ages[29], ages[30]}


@pytest.mark.long
@pytest.mark.parametrize("kind", [HoldKind.LEGAL, HoldKind.OPEN_REQUEST])
def test_rows_of_a_person_under_a_hold_stay_until_it_is_released(portal, kind):
    ama, kofi = person("ama"), person("kofi")
    cases, letters = [case_of(each) for each in (ama, kofi)], [letter_to(each) for each in (ama, kofi)]
    hold = place_hold(kind=kind, matter="A claim", subject=ama, actor=SYSTEM, case_id=uuid4())
    preview = preview_rule(rule_over(Letter))
    assert [(step.rows, step.held) for step in preview.steps] == [(1, 1)]
    assert [(each.hold, each.rows) for each in preview.holds] == [(hold, 1)]
    source, answers = Source.objects.get(kind=SourceKind.PORTAL), []
    for letter in letters:
        dataset = source.datasets.get(table_name=Letter._meta.db_table)
        answers.append(explain_row(dataset=dataset, key=(str(letter.pk),)))
    assert [list(each.held_by) for each in answers] == [[hold], []]
    assert decide(answers[0]).cause is (Cause.LEGAL_HOLD if kind == HoldKind.LEGAL else Cause.REQUEST)
    runs = [_followed(SubjectRequest), _followed(Letter)]
    assert [run.state for run in runs] == [RunState.COMPLETED] * 2
    assert (SubjectRequest.objects.get(), Letter.objects.get()) == (cases[0], letters[0])
    assert (Approval.objects.get().case, AccessPackage.objects.get().case) == (cases[0], cases[0])
    let_go(hold)
    _followed(SubjectRequest)
    _followed(Letter)
    assert (SubjectRequest.objects.count(), Letter.objects.count()) == (0, 0)


def test_a_hold_that_comes_between_two_windows_spares_what_is_left(portal, monkeypatch):
    people = [person(name) for name in ("ama", "kofi", "esi", "yaw", "efua")]
    letters = [letter_to(each) for each in people]
    from retention.world import PortalWorld

    asked, original = [], PortalWorld.ask

    def ask(self, step):
        asked.append(step)
        if len(asked) == 2:
            left = Letter.objects.filter(pk__in=[each.pk for each in letters]).order_by("pk").last()
            place_hold(kind=HoldKind.LEGAL, matter="A claim", subject=left.subject, actor=SYSTEM)
        return original(self, step)

    monkeypatch.setattr(PortalWorld, "ask", ask)
    run = _followed(Letter)
    assert (run.state, _rows(run)) == (RunState.COMPLETED, {"letters_letter": 4})
    assert Letter.objects.count() == 1


def test_links_and_visits_go_when_they_open_nothing_any_more(portal):
    ama, now = person("ama"), timezone.now()
    open_case = case_of(ama, closed=None)
    for expires, target in ((now - 40 * DAY, None), (now - 20 * DAY, None), (now - 40 * DAY, open_case.pk)):
        MailLink.objects.create(
            purpose=LinkPurpose.TRACK, subject=ama, target_id=target, token_digest=uuid4().bytes * 2,
            expires_at=expires, uses_left=1,
        )  # fmt: skip
    for key, ends in (("old", now - 3 * DAY), ("new", now + DAY)):
        Session.objects.create(session_key=key, session_data="x", expire_date=ends)
    assert (_rows(_followed(MailLink)), _rows(_followed(Session))) == ({"subjects_maillink": 1}, {"django_session": 1})
    assert MailLink.objects.filter(target_id=open_case.pk).exists()
    assert [session.session_key for session in Session.objects.all()] == ["new"]


def test_evidence_goes_three_years_after_the_consent_ended_and_the_sealed_records_stay(portal):
    purpose = Purpose.objects.create(
        code="news",
        title="News",
        description="News",
        lawful_basis=LawfulBasis.CONSENT,
        order=1,
        withdrawal_consequences="No more news.",
    )
    publish_wording(purpose=purpose, language="en", text="May we write to you?", actor=SYSTEM)
    people = {name: person(name) for name in ("given", "ended", "ended_lately", "held")}

    def decide(name, decision):
        record_consent(
            subject=people[name], purpose=purpose, decision=decision, method=Method.ELECTRONIC,
            actor=SYSTEM, evidence={"scan": name},
        )  # fmt: skip

    for name in people:
        decide(name, Decision.GIVEN)
    for name in ("ended", "ended_lately", "held"):
        decide(name, Decision.WITHDRAWN)
    seal_all()
    records = set(ConsentRecord.objects.values_list("pk", flat=True))
    older = CurrentConsent.objects.exclude(subject=people["ended_lately"])
    older.update(since=timezone.now() - LONG_AGO)
    place_hold(kind=HoldKind.LEGAL, matter="A claim", subject=people["held"], actor=SYSTEM)
    run = _followed(Evidence)
    assert (run.state, _rows(run)) == (RunState.COMPLETED, {"consent_evidence": 2})
    left = [each.content["scan"] for each in Evidence.objects.order_by("pk")]
    assert sorted(left) == ["ended_lately", "ended_lately", "given", "held", "held"]
    assert set(ConsentRecord.objects.values_list("pk", flat=True)) == records
    verdict = verify_organisation()
    assert (verdict.breaches, verdict.rows >= len(records)) == ((), True)


def test_a_run_is_certified_and_the_ledger_stands(portal):
    letter_to(person("ama"))
    before = set(LedgerEntry.objects.values_list("pk", flat=True))
    run = _followed(Letter)
    assert Certificate.objects.filter(run=run).count() == 1
    assert before < set(LedgerEntry.objects.values_list("pk", flat=True))
    assert verify_organisation().breaches == ()


def test_the_daily_job_starts_runs_over_the_portals_own_tables(portal):
    letter_to(person("ama"))
    assert start_due_runs(JobHandle(1, "daily", 1, "me")) is True
    assert [run.rule for run in Run.objects.all()] == [rule_over(Letter)]
    assert not Rule.objects.exclude(problem="").exists()


def test_only_files_whose_rows_are_gone_and_that_are_settled_are_deleted(portal):
    case = case_of(person("ama"))
    gone = folder() / file_name_for(uuid4())
    fresh = folder() / file_name_for(uuid4())
    stranger = folder() / "notes.txt"
    for path in (gone, fresh, stranger):
        path.write_bytes(b"x")
    grow_old(gone)
    grow_old(stranger)
    store_package(case)
    assert delete_left_over_files() == 1
    assert {path.name for path in folder().iterdir()} == {file_name_for(case.pk), fresh.name, stranger.name}
    assert delete_left_over_files() == 0


def test_a_file_that_cannot_be_deleted_now_is_tried_again(portal, monkeypatch):
    case_of(person("ama"))
    run = _followed(SubjectRequest)
    (path,) = folder().iterdir()

    def refuse(self, **_):
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr(type(path), "unlink", refuse)
        _run_left_over_job(run)
    job = Job.objects.get(kind=LEFT_OVER_JOB, slot=str(run.pk))
    assert (job.state, path.exists()) == ("pending", True)
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
    _run_left_over_job(run)
    assert not path.exists()


def _disclosed(subject: Subject, *, age: dt.timedelta) -> Disclosure:
    """An entry of the log with a note and a counter-entry."""
    purpose, _new = Purpose.objects.get_or_create(
        code="hosting", defaults={"title": "Hosting", "description": "Hosting.", "lawful_basis": LawfulBasis.CONTRACT}
    )
    recipient, _new = Recipient.objects.get_or_create(name="Cloud Ltd", defaults={"role": "hosts", "country": "IE"})
    row = Disclosure.objects.create(
        subject=subject, recipient=recipient, purpose=purpose, lawful_basis="contract", categories=["contact"],
        disclosed_on=(timezone.now() - age).date(), means="system", way="hand", actor_kind="system",
        entered_at=timezone.now(),
    )  # fmt: skip
    DisclosureNote.objects.create(disclosure=row, text="Words")
    void_disclosure(disclosure=row, reason="twice", actor=SYSTEM)
    return row


def test_disclosures_go_after_three_years_with_all_that_hangs_from_them_although_none_can_be_changed(portal):
    ama, kofi = person("ama"), person("kofi")
    for _number in range(3):
        _disclosed(ama, age=LONG_AGO)
    held, young = _disclosed(kofi, age=LONG_AGO), _disclosed(ama, age=2 * 365 * DAY)
    place_hold(kind=HoldKind.LEGAL, matter="A claim", subject=kofi, actor=SYSTEM)
    run = _followed(Disclosure)
    assert (run.state, run.problem, _rows(run)) == (
        RunState.COMPLETED, "",
        {"register_disclosure": 3, "register_disclosurenote": 3, "register_voideddisclosure": 3},
    )  # fmt: skip
    assert set(Disclosure.objects.all()) == {held, young}
    assert DisclosureNote.objects.count() == VoidedDisclosure.objects.count() == 2
