"""A source in which a person does the work: nothing is erased, or copied, on nobody's word."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.errands.files import folder, read_file
from privacy.errands.models import Errand, ErrandFile, ErrandState
from privacy.errands.services import add_manual_source, change_manual_source
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from privacy.officers.models import Role
from requests import services
from requests.errors import NotAllowed, TaskHeld, TaskRefused
from requests.fulfilment.access_package import open_package
from requests.fulfilment.deleting import delete_package
from requests.models import AccessPackage
from requests.services.execution import current_runs
from requests.services.tasks import declare_task, reopen_task, take_task_over
from retention.enums import HoldKind, RunState
from retention.models import ErasedIdentifier, Run
from retention.services import place_hold
from tests.holding import let_go
from tests.requests.conftest import AMA, approved_case, letter_of, planned_case, run_jobs
from tests.requests.test_erasure import ama, end_runs, second

__all__ = ["second"]

PDF = b"%PDF-1.7 shredded"


def proof(name="proof.pdf", content=PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def archive(alpha, officer):
    """The cellar, where a person looks."""
    return add_manual_source(
        name="Paper archive", owner=officer, instructions="Look under the name, shred the folder.", days=7, actor=SYSTEM
    )


def started(officer, second, **more):
    """An approved erasure whose runs have had their first slice."""
    case = approved_case(officer, second, **more)
    run_jobs("retention.run")
    return case


def test_the_plan_says_who_is_asked_for_what_and_asks_nobody_yet(archive, officer):
    case = planned_case(officer)
    assert [(line["source"], line["action"], line["rows"]) for line in case.plan["summary"]] == [
        ("Paper archive", "ask", 0)
    ]
    assert case.plan["summary"][0]["dataset"] == "Look under the name, shred the folder."
    assert (Run.objects.count(), Errand.objects.count()) == (0, 0)


def test_an_approved_erasure_opens_one_task_and_waits(archive, officer, second):
    case = started(officer, second)
    run_jobs("retention.run")
    run, errand = Run.objects.get(), Errand.objects.get()
    assert (run.state, run.problem) == (RunState.RUNNING, "waits_for_person")
    assert (errand.run_id, errand.owner, errand.state) == (run.pk, officer, "open")
    case.refresh_from_db()
    assert (case.state, case.problem) == ("executing", "")


def test_a_task_done_with_its_proof_completes_run_and_case(archive, officer, second):
    case = started(officer, second)
    declare_task(errand=Errand.objects.get(), officer=second, state=ErrandState.DONE, uploads=[proof()])
    case = end_runs(case)
    assert case.state == "completed"
    errand, file = Errand.objects.get(), ErrandFile.objects.get()
    assert (errand.state, errand.closed_by, file.is_kept) == ("done", second, True)
    assert b"".join(read_file(file)) == PDF
    assert PDF not in (folder() / f"{file.pk}.sealed").read_bytes()
    completed = LedgerEntry.objects.get(action="run.completed")
    assert completed.data["evidence"] == "declared_with_proof"
    assert LedgerEntry.objects.get(action="errand.done").data["files"] == [file.digest]
    assert "Paper archive: deleted by our staff" in letter_of(case, "erased").body
    assert ErasedIdentifier.objects.count() == 1


def test_nothing_is_declared_done_without_a_proof(archive, officer, second):
    started(officer, second)
    errand = Errand.objects.get()
    with pytest.raises(TaskRefused, match="Add a proof"):
        declare_task(errand=errand, officer=officer, state=ErrandState.DONE, comment="Believe me.")
    with pytest.raises(TaskRefused, match="where you looked"):
        declare_task(errand=errand, officer=officer, state=ErrandState.NOTHING_FOUND)
    with pytest.raises(TaskRefused, match="why it cannot"):
        declare_task(errand=errand, officer=officer, state=ErrandState.IMPOSSIBLE)
    run_jobs("retention.run")
    assert Run.objects.get().state == RunState.RUNNING
    assert ErrandFile.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [("proof.exe", b"MZ"), ("proof.pdf", b"no pdf"), ("proof.txt", b"a\0b"), ("proof.pdf", b"")],
)
def test_a_file_that_is_not_what_it_says_is_refused(archive, officer, second, name, content):
    started(officer, second)
    with pytest.raises(TaskRefused):
        declare_task(
            errand=Errand.objects.get(), officer=officer, state=ErrandState.DONE, uploads=[proof(name, content)]
        )
    assert (Errand.objects.get().state, ErrandFile.objects.count(), list(folder().iterdir())) == ("open", 0, [])


def test_the_second_declaration_is_refused_and_leaves_no_file(archive, officer, second):
    case = started(officer, second)
    errand = Errand.objects.get()
    declare_task(errand=errand, officer=officer, state=ErrandState.DONE, uploads=[proof()])
    with pytest.raises(TaskRefused, match="closed already"):
        declare_task(errand=errand, officer=second, state=ErrandState.DONE, uploads=[proof("other.pdf")])
    assert ErrandFile.objects.count() == len(list(folder().iterdir())) == 1
    assert end_runs(case).state == "completed"


def test_what_cannot_be_done_stops_the_case_until_it_is_opened_again(
    archive, officer, second, django_capture_on_commit_callbacks
):
    case = started(officer, second)
    declare_task(errand=Errand.objects.get(), officer=officer, state=ErrandState.IMPOSSIBLE, comment="Key is lost.")
    case = end_runs(case)
    assert (Run.objects.get().state, case.state, case.problem) == (RunState.ATTENTION, "executing", "task_impossible")
    reopen_task(errand=Errand.objects.get(), officer=officer)
    assert (Run.objects.get().state, Errand.objects.get().comment) == (RunState.RUNNING, None)
    declare_task(errand=Errand.objects.get(), officer=officer, state=ErrandState.NOTHING_FOUND, comment="Shelves A-Z")
    assert end_runs(case).state == "completed"
    assert LedgerEntry.objects.get(action="run.completed").data["evidence"] == "declared_nothing_found"


def test_a_hold_stops_the_task_as_well(archive, officer, second):
    case = approved_case(officer, second)
    hold = place_hold(kind=HoldKind.LEGAL, matter="Court", subject=case.subject, actor=SYSTEM)
    run_jobs("retention.run")
    assert (Run.objects.get().problem, Errand.objects.count()) == ("held", 0)
    let_go(hold)
    run_jobs("retention.run")
    later = place_hold(kind=HoldKind.LEGAL, matter="Court", subject=case.subject, actor=SYSTEM)
    with pytest.raises(TaskHeld):
        declare_task(errand=Errand.objects.get(), officer=officer, state=ErrandState.DONE, uploads=[proof()])
    let_go(later)
    declare_task(errand=Errand.objects.get(), officer=officer, state=ErrandState.DONE, uploads=[proof()])
    assert end_runs(case).state == "completed"


def test_instructions_changed_after_the_approval_make_it_void(archive, officer, second):
    case = approved_case(officer, second)
    change_manual_source(source=archive, owner=second, instructions="Burn it all.", days=7, actor=SYSTEM)
    case = end_runs(case)
    assert (case.state, case.problem, Errand.objects.count()) == ("planning", "map_changed", 0)
    run_jobs("requests.plan")
    case.refresh_from_db()
    assert case.plan["summary"][0]["dataset"] == "Burn it all."


def test_another_owner_or_date_leaves_the_approval_as_it_is(archive, officer, second):
    case = approved_case(officer, second)
    instructions = archive.manual_work.instructions
    change_manual_source(source=archive, owner=second, instructions=instructions, days=3, actor=SYSTEM)
    end_runs(case)
    assert Errand.objects.get().owner == second


def test_a_void_approval_closes_the_task(archive, offixpro, officer, second):
    case = started(officer, second, email=AMA_MENSAH.email)
    errand = Errand.objects.get()
    assert errand.state == "open"
    add_manual_source(name="Attic", owner=officer, instructions="Look.", days=7, actor=SYSTEM)
    declare_task(errand=errand, officer=officer, state=ErrandState.DONE, uploads=[proof()])
    case = end_runs(case)
    assert (case.state, case.problem) == ("planning", "source_connected")
    run_jobs("requests.plan")
    case.refresh_from_db()
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    services.approve_erasure(case=case, officer=second, plan_hash=case.plan_hash)
    run_jobs("retention.run")
    assert list(Errand.objects.order_by("source__name").values_list("source__name", "state")) == [
        ("Attic", "open"),
        ("Paper archive", "done"),
    ]
    services.execution.stop_erasure_runs(case_id=case.pk, actor=SYSTEM)
    assert Errand.objects.get(source__name="Attic").state == "cancelled"
    assert Errand.objects.get(source__name="Paper archive").state == "done"


def test_a_database_and_a_person_under_one_approval(archive, offixpro, crm, officer, second):
    case = started(officer, second, email=AMA_MENSAH.email)
    case = end_runs(case)
    assert (ama(crm), case.state) == (0, "executing")
    declare_task(errand=Errand.objects.get(), officer=officer, state=ErrandState.DONE, uploads=[proof()])
    assert end_runs(case).state == "completed"
    assert current_runs(case).count() == 0  # the keys are gone


def test_only_who_may_handle_the_case_does_its_tasks(archive, officer, second, make_officer):
    case = started(officer, second)
    handler, errand = make_officer(Role.CASE_HANDLER), Errand.objects.get()
    for act in (take_task_over, reopen_task):
        with pytest.raises(NotAllowed):
            act(errand=errand, officer=handler)
    services.assign(case=case, officer=officer, assignee=handler)
    take_task_over(errand=errand, officer=handler)
    assert Errand.objects.get().owner == handler
    declare_task(errand=errand, officer=handler, state=ErrandState.DONE, uploads=[proof()])
    with pytest.raises(TaskRefused):
        take_task_over(errand=errand, officer=second)


def test_the_owner_of_an_overdue_task_is_reminded_once(archive, officer, second):
    started(officer, second)
    assert run_jobs("errands.remind") == 1
    letter = Letter.objects.get(kind="task_overdue")
    assert (letter.address, letter.subject, letter.case_id) == (officer.email, None, None)
    assert f"/officer/errands/errand/{Errand.objects.get().pk}/change/" in letter.body
    assert AMA not in letter.body
    from privacy.errands.reminding import remind_owner

    remind_owner(errand_id=str(Errand.objects.get().pk))
    assert Letter.objects.filter(kind="task_overdue").count() == 1


def test_nobody_is_reminded_of_a_task_that_was_done(archive, officer, second):
    started(officer, second)
    declare_task(errand=Errand.objects.get(), officer=officer, state=ErrandState.DONE, uploads=[proof()])
    run_jobs("errands.remind")
    assert Letter.objects.filter(kind="task_overdue").count() == 0


def test_the_ledger_knows_nothing_of_the_person(archive, officer, second):
    case = started(officer, second)
    declare_task(
        errand=Errand.objects.get(), officer=officer, state=ErrandState.DONE, comment="Ama Mensah's folder",
        uploads=[proof("ama mensah.pdf")],
    )  # fmt: skip
    case = end_runs(case)
    written = " ".join(f"{entry.action} {entry.data}" for entry in LedgerEntry.objects.all())
    assert "errand.done" in written
    assert [word for word in (AMA, "Ama", "mensah", "folder") if word in written] == []
    assert "folder" in Errand.objects.get().comment


@pytest.fixture
def copy_case(archive, officer):
    """A granted access request whose package waits for the archive."""
    case = planned_case(officer, kind="access")
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    run_jobs("requests.build_package")
    case.refresh_from_db()
    return case


def members(case) -> dict[str, bytes]:
    content = b"".join(open_package(AccessPackage.objects.get(case=case)))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_a_package_waits_for_the_copies_and_holds_them(copy_case, archive, officer):
    errand = Errand.objects.get()
    assert (errand.work, errand.state, copy_case.state, copy_case.problem) == ("access", "open", "executing", "")
    uploads = [proof("Letter 1.pdf"), proof("../../notes.txt", b"He called twice.")]
    declare_task(errand=errand, officer=officer, state=ErrandState.DONE, uploads=uploads)
    run_jobs("requests.build_package")
    copy_case.refresh_from_db()
    assert copy_case.state == "completed"
    found = members(copy_case)
    folder_name = f"other/paper-archive-{archive.pk}"
    assert found[f"{folder_name}/01-letter-1.pdf"] == PDF
    assert found[f"{folder_name}/02-notes.txt"] == b"He called twice."
    assert f"{folder_name}/01-letter-1.pdf" in found["index.html"].decode()


def test_a_package_without_copies_needs_somebody_to_say_that_there_are_none(copy_case, officer):
    run_jobs("requests.build_package")
    copy_case.refresh_from_db()
    assert copy_case.state == "executing"
    declare_task(errand=Errand.objects.get(), officer=officer, state=ErrandState.NOTHING_FOUND, comment="Whole cellar")
    run_jobs("requests.build_package")
    copy_case.refresh_from_db()
    assert copy_case.state == "completed"
    assert [name for name in members(copy_case) if name.startswith("other/")] == []


def test_a_copy_that_cannot_be_made_is_said_on_the_case(copy_case, officer):
    declare_task(errand=Errand.objects.get(), officer=officer, state=ErrandState.IMPOSSIBLE, comment="Flooded")
    run_jobs("requests.build_package")
    copy_case.refresh_from_db()
    assert (copy_case.state, copy_case.problem) == ("executing", "task_impossible")
    reopen_task(errand=Errand.objects.get(), officer=officer)
    declare_task(errand=Errand.objects.get(), officer=officer, state=ErrandState.DONE, uploads=[proof()])
    assert run_jobs("requests.build_package") == 1
    copy_case.refresh_from_db()
    assert (copy_case.state, copy_case.problem) == ("completed", "")


def test_copies_go_with_the_package(copy_case, officer):
    declare_task(errand=Errand.objects.get(), officer=officer, state=ErrandState.DONE, uploads=[proof()])
    run_jobs("requests.build_package")
    assert len(list(folder().iterdir())) == 1
    delete_package(package=AccessPackage.objects.get(), actor=SYSTEM)
    assert list(folder().iterdir()) == []
    file = ErrandFile.objects.get()
    assert file.deleted_at > timezone.now() - timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clean_folder(alpha):
    yield
    for path in folder().iterdir():
        path.unlink()
