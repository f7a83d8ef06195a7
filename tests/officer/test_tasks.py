"""Tasks and sources that are no database, on the officers' site."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from privacy.datamap.models import Source
from privacy.errands.files import folder
from privacy.errands.models import Errand, ErrandFile
from privacy.errands.services import add_manual_source
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.officers.models import Role
from requests.enums import RequestState
from requests.services import assign
from retention.enums import HoldKind
from retention.services import place_hold
from tests.officer.making import make_case

PDF = b"%PDF-1.7 shredded"


@pytest.fixture(autouse=True)
def clean_folder(alpha):
    yield
    for path in folder().iterdir():
        path.unlink()


@pytest.fixture
def task(alpha, officer) -> Errand:
    """A copy that officer has to look for; the folder is in the cellar."""
    source = add_manual_source(name="Cellar", owner=officer, instructions="Shelf by name.", days=7, actor=SYSTEM)
    case = make_case(kind="access", state=RequestState.EXECUTING, decided_by=officer)
    return Errand.objects.create(
        source=source, case_id=case.pk, work="access", subject=case.subject, ask_hash="c" * 64, owner=officer,
        instructions="Shelf by name.", due_on=timezone.now().date(),
    )  # fmt: skip


def page(task: Errand) -> str:
    return reverse("officer:errands_errand_change", args=[task.pk])


def overdue(task: Errand) -> None:
    Errand.objects.filter(pk=task.pk).update(due_on="2026-01-05")


def test_whoever_may_handle_the_case_sees_whom_the_task_is_about(task, officer_client):
    shown = officer_client.get(page(task)).content.decode()
    assert "ama@example.com" in shown
    assert "Shelf by name." in shown
    assert LedgerEntry.objects.filter(action="subject_request.viewed").count() == 1


def test_an_auditor_sees_the_task_and_not_the_person(task, auditor, sign_in):
    shown = sign_in(auditor).get(page(task)).content.decode()
    assert "Shelf by name." in shown
    assert "ama@example.com" not in shown
    assert "Declare" not in shown


def test_a_case_handler_sees_tasks_of_their_own_cases_only(task, officer, handler, sign_in):
    client = sign_in(handler)
    assert client.get(page(task)).status_code == 404
    assert "Cellar" not in client.get(reverse("officer:errands_errand_changelist")).content.decode()
    from requests.services.tasks import case_of

    assign(case=case_of(task), officer=officer, assignee=handler)
    assert "ama@example.com" in client.get(page(task)).content.decode()
    assert client.post(reverse("officer:errands_errand_take_over", args=[task.pk])).status_code == 302
    task.refresh_from_db()
    assert task.owner == handler


def test_a_task_is_declared_with_files_and_comment(task, officer_client):
    files = [SimpleUploadedFile("one.pdf", PDF), SimpleUploadedFile("two.txt", b"Notes")]
    response = officer_client.post(page(task), {"state": "done", "files": files, "comment": "Shelf 3"})
    assert response.status_code == 302
    task.refresh_from_db()
    assert (task.state, task.comment) == ("done", "Shelf 3")
    assert sorted(each.name for each in ErrandFile.objects.filter(is_kept=True)) == ["one.pdf", "two.txt"]
    file = next(each for each in ErrandFile.objects.all() if each.name == "one.pdf")
    fetched = officer_client.get(reverse("officer:errands_errand_file", args=[file.pk]))
    assert b"".join(fetched.streaming_content) == PDF
    assert fetched["Content-Type"] == "application/octet-stream"
    assert LedgerEntry.objects.filter(action="errand.file_read").count() == 1


def test_files_are_read_by_those_who_may_handle_the_case_only(task, officer_client, auditor, sign_in):
    officer_client.post(page(task), {"state": "done", "files": [SimpleUploadedFile("one.pdf", PDF)]})
    address = reverse("officer:errands_errand_file", args=[ErrandFile.objects.get().pk])
    assert sign_in(auditor).get(address).status_code == 404
    assert officer_client.get(address).status_code == 200


def test_what_is_missing_is_said_on_the_page(task, officer_client, settings):
    assert "Add the files" in officer_client.post(page(task), {"state": "done"}).content.decode()
    assert "This field is required" in officer_client.post(page(task), {}).content.decode()
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    large = {"state": "done", "files": [SimpleUploadedFile("one.pdf", PDF + b"x" * 2000)]}
    assert "too large" in officer_client.post(page(task), large).content.decode()
    task.refresh_from_db()
    assert (task.state, ErrandFile.objects.count()) == ("open", 0)


def test_who_declares_a_task_that_is_done_already_gets_their_words_and_names_of_files_back(
    task, officer_client, make_officer, sign_in
):
    second = sign_in(make_officer(Role.PRIVACY_OFFICER))
    first = {"state": "nothing", "comment": "All shelves"}
    assert officer_client.post(page(task), first).status_code == 302
    files = [SimpleUploadedFile("cellar.pdf", PDF), SimpleUploadedFile("attic.pdf", PDF)]
    response = second.post(page(task), {"state": "impossible", "comment": "The cellar is flooded", "files": files})
    shown = response.content.decode()
    assert response.status_code == 409
    assert "closed already" in shown
    assert [words for words in ("The cellar is flooded", "cellar.pdf\nattic.pdf", "impossible") if words in shown] == [
        "The cellar is flooded", "cellar.pdf\nattic.pdf", "impossible",
    ]  # fmt: skip
    task.refresh_from_db()
    assert (task.state, task.comment, ErrandFile.objects.count()) == ("nothing", "All shelves", 0)


def test_a_declaration_that_is_pressed_twice_is_told_as_made_and_not_as_too_late(task, officer_client):
    def press(**other: str):
        sent = {"state": "done", "comment": "Shelf 3", "files": [SimpleUploadedFile("one.pdf", PDF)]}
        return officer_client.post(page(task), sent | other)

    case_page = reverse("officer:requests_subjectrequest_change", args=[task.case_id])
    assert [(each.status_code, each["Location"]) for each in (press(), press())] == [(302, case_page)] * 2
    assert "You had sent this page already." in officer_client.get(case_page).content.decode()
    assert (press(comment="Shelf 4").status_code, press(state="nothing").status_code) == (409, 409)
    assert ErrandFile.objects.count() == 1


def test_a_wrong_declaration_of_a_task_that_is_done_already_loses_no_words_either(task, officer_client):
    assert officer_client.post(page(task), {"state": "nothing", "comment": "All shelves"}).status_code == 302
    response = officer_client.post(page(task), {"comment": "The cellar is flooded"})
    assert (response.status_code, "The cellar is flooded" in response.content.decode()) == (409, True)


def test_a_task_under_a_hold_gives_the_words_back(task, officer_client):
    Errand.objects.filter(pk=task.pk).update(work="erasure", run_id=uuid.uuid4())
    place_hold(kind=HoldKind.LEGAL, matter="Court", subject=task.subject, actor=SYSTEM)
    response = officer_client.post(page(task), {"state": "nothing", "comment": "All shelves"})
    shown = response.content.decode()
    assert (response.status_code, "under a hold" in shown, "All shelves" in shown) == (409, True, True)


def test_an_upload_never_waits_on_disk(settings):
    assert settings.FILE_UPLOAD_HANDLERS == ["django.core.files.uploadhandler.MemoryFileUploadHandler"]


def test_a_hold_is_said_on_the_page_of_an_erasure(task, officer_client):
    import uuid

    Errand.objects.filter(pk=task.pk).update(work="erasure", run_id=uuid.uuid4())
    assert "Do nothing now" not in officer_client.get(page(task)).content.decode()
    place_hold(kind=HoldKind.LEGAL, matter="Court", subject=task.subject, actor=SYSTEM)
    shown = officer_client.get(page(task)).content.decode()
    assert "Do nothing now" in shown
    assert "Declare what came of it" not in shown


def test_the_case_page_shows_its_tasks(task, officer_client):
    case_page = reverse("officer:requests_subjectrequest_change", args=[task.case_id])
    shown = officer_client.get(case_page).content.decode()
    assert f'href="{page(task)}">Cellar</a>' in shown
    assert "waits for a person" in shown


def test_overdue_tasks_are_on_the_dashboard_and_in_their_list(task, officer_client):
    assert "Overdue tasks" not in officer_client.get("/officer/").content.decode()
    overdue(task)
    assert "Overdue tasks" in officer_client.get("/officer/").content.decode()
    for show, number in (("overdue", 1), ("mine", 1), ("closed", 0), ("all", 1)):
        listed = officer_client.get(reverse("officer:errands_errand_changelist"), {"show": show}).content.decode()
        assert listed.count(page(task)) == number, show


def test_a_place_where_a_person_works_is_added_and_changed(officer, officer_client):
    address = reverse("officer:datamap_source_add_manual")
    given = {"name": "Cellar", "owner": officer.pk, "instructions": "Look.", "days": "5"}
    assert officer_client.get(address).status_code == 200
    assert officer_client.post(address, given).status_code == 302
    source = Source.objects.get(name="Cellar")
    assert (source.kind, source.manual_work.days) == ("manual", 5)
    assert "another source has this name" in officer_client.post(address, given).content.decode().lower()
    change = reverse("officer:datamap_source_change_particulars", args=[source.pk])
    assert "Look." in officer_client.get(change).content.decode()
    officer_client.post(change, given | {"instructions": "Look twice."})
    source.manual_work.refresh_from_db()
    assert source.manual_work.instructions == "Look twice."
    assert officer_client.get(reverse("officer:datamap_source_change", args=[source.pk])).status_code == 200


def test_only_who_may_add_sources_adds_one(auditor, sign_in):
    client = sign_in(auditor)
    assert client.get(reverse("officer:datamap_source_add_manual")).status_code == 403
    assert client.post(reverse("officer:datamap_source_add_processor"), {}).status_code == 403
