from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from privacy.datamap.models import Field
from privacy.jobs.models import Job
from privacy.ledger.actors import Actor
from privacy.ledger.models import LedgerEntry
from privacy.ledger.services import record
from privacy.letters.models import Letter
from privacy.register.models import OrganisationProfile
from requests.enums import RequestState as S
from requests.models import AccessPackage, SubjectRequest
from requests.services import assign
from retention.models import Run, RunStep
from tests.officer.everything import one_of_everything
from tests.officer.making import PLAN, make_case, make_letter
from tests.requests.deciding import mapped


def page(case: SubjectRequest, act: str = "change") -> str:
    return f"/officer/requests/subjectrequest/{case.pk}/{act}/"


def tab(case: SubjectRequest, code: str) -> str:
    return f"{page(case)}?tab={code}"


def text(response) -> str:
    return response.content.decode()


def stage(case: SubjectRequest) -> S:
    case.refresh_from_db()
    return S(case.state)


def test_each_tab_shows_its_part_of_the_case_below_the_next_step(officer_client, officer):
    case = make_case(state=S.DECIDING, due_in=3)
    make_letter(case)
    record(action="subject_request.planned", actor=Actor.officer(officer), target=case)
    for code, words in {
        "case": ["due in 3 days", "Act 843 s. 35", "Received on Sunday 1 November 2026.", "Please delete everything."],
        "identity": ["controls the e-mail address", "ama@example.com"],
        "data": ["replace by an address nobody has", "tax law, six years", "a" * 64],
        "letters": ["We have received your request"],
        "disclosures": ["No disclosure of this person"],
        "files": ["No files yet."],
        "timeline": ["Data found and plan made"],
        "approvals": ["Nothing has been decided yet"],
    }.items():
        shown = text(officer_client.get(tab(case, code)))
        for each in (*words, "Look at what was found, then grant or refuse.", page(case, "decide")):
            assert each in shown, (code, each)


@pytest.mark.parametrize("kind", ["access", "rectification", "erasure"])
def test_a_case_that_a_law_wants_acknowledged_says_by_when_and_whether_it_was(officer_client, kind):
    OrganisationProfile.objects.update(laws=["US-CA"], country="US")
    case, wants = make_case(kind=kind), "The law wants it acknowledged by"
    by = date.fromisoformat(case.deadlines[0]["acknowledge_by"])
    shown = text(officer_client.get(page(case)))
    assert (f"{wants} {date_format(by, 'l j F Y')}." in shown, "not acknowledged" in shown) == (True, True)
    make_letter(case)
    shown = text(officer_client.get(page(case)))
    assert ("acknowledged on" in shown, "not acknowledged" in shown, ", late" in shown) == (True, False, False)
    case.deadlines[0]["acknowledge_by"] = str(case.received_on - timedelta(days=1))
    case.save()
    assert ", late" in text(officer_client.get(page(case)))
    assert wants not in text(officer_client.get(page(make_case(kind="question"))))


def test_there_is_no_tab_of_another_name(officer_client):
    assert officer_client.get(tab(make_case(), "secrets")).status_code == 404


def test_opening_a_case_file_is_recorded_once_an_hour_for_each_officer(officer, make_officer, sign_in):
    case = make_case()
    other = make_officer()
    for reader in (officer, officer, other):
        assert sign_in(reader).get(page(case)).status_code == 200
    viewed = LedgerEntry.objects.filter(action="subject_request.viewed", object_id=str(case.pk))
    assert sorted(viewed.values_list("actor_id", flat=True)) == sorted([str(officer.pk), str(other.pk)])


def test_opening_a_case_file_after_an_hour_is_recorded_again(officer_client, officer, monkeypatch):
    case = make_case()
    officer_client.get(page(case))
    in_an_hour = timezone.now() + timedelta(minutes=61)
    monkeypatch.setattr("requests.admin.viewing.timezone.now", lambda: in_an_hour)
    officer_client.get(page(case))
    assert LedgerEntry.objects.filter(action="subject_request.viewed", actor_id=str(officer.pk)).count() == 2


def test_the_queue_alone_records_no_view(officer_client):
    make_case()
    officer_client.get("/officer/requests/subjectrequest/")
    assert not LedgerEntry.objects.filter(action="subject_request.viewed").exists()


def test_looking_at_a_confirmation_page_changes_nothing(officer_client):
    case = make_case(state=S.RECEIVED)
    shown = officer_client.get(page(case, "confirm-identity"))
    assert "You vouch that the person who asks" in text(shown)
    assert stage(case) == S.RECEIVED


def test_confirming_the_identity_queues_the_search(officer_client):
    case = make_case(state=S.RECEIVED)
    response = officer_client.post(page(case, "confirm-identity"), follow=True)
    assert "The data is being looked for." in text(response)
    assert stage(case) == S.PLANNING
    assert Job.objects.filter(kind="requests.plan", slot__startswith=str(case.pk)).count() == 1


def test_rejecting_the_identity_closes_the_case_and_writes_to_the_person(officer_client):
    case = make_case(state=S.RECEIVED)
    officer_client.post(page(case, "reject-identity"))
    assert stage(case) == S.IDENTITY_REJECTED
    assert Letter.objects.filter(case_id=case.pk).count() == 1


def test_an_act_that_comes_too_late_is_refused_in_words(officer_client):
    case = make_case(state=S.DECIDING)
    response = officer_client.post(page(case, "confirm-identity"), follow=True)
    assert "cannot be done while the case is at the stage" in text(response)
    assert stage(case) == S.DECIDING
    looked = officer_client.get(page(case, "confirm-identity"), follow=True)
    assert "The case has moved on" in text(looked)


def test_granting_an_erasure_sends_it_to_a_second_officer(officer, officer_client):
    case = make_case(state=S.DECIDING)
    shown = text(officer_client.get(page(case, "decide")))
    assert f'name="plan_hash" value="{PLAN["hash"]}"' in shown
    response = officer_client.post(page(case, "grant"), {"plan_hash": PLAN["hash"]}, follow=True)
    assert stage(case) == S.AWAITING_APPROVAL
    assert case.decided_by == officer
    assert "A second officer has to approve" in text(response)


@pytest.mark.parametrize("sent", [{"plan_hash": "b" * 64}, {}])
def test_a_grant_of_another_plan_than_the_one_on_the_screen_is_refused(officer_client, sent):
    case = make_case(state=S.DECIDING)
    response = officer_client.post(page(case, "grant"), sent, follow=True)
    assert "The plan has changed since you opened the page." in text(response)
    assert stage(case) == S.DECIDING


def test_whoever_handed_the_second_officer_a_password_does_not_approve_as_them(
    officer, officer_client, make_officer, sign_in
):
    second = make_officer()
    case = make_case(state=S.AWAITING_APPROVAL, decided_by=officer)
    officer_client.post(f"/officer/officers/officer/{second.pk}/new-password/")
    second.refresh_from_db()
    assert "Approve and erase" not in text(sign_in(second).get(page(case, "approve-erasure")))
    response = sign_in(second).post(page(case, "approve-erasure"), {"plan_hash": PLAN["hash"]}, follow=True)
    assert "One of you has a temporary password that the other has seen" in text(response)
    second.set_password("four quiet herons by a river")  # as the first officer could have done too
    second.save()
    response = sign_in(second).post(page(case, "approve-erasure"), {"plan_hash": PLAN["hash"]}, follow=True)
    assert "Since the case was received" in text(response)
    assert stage(case) == S.AWAITING_APPROVAL


def test_whoever_decided_an_erasure_cannot_approve_it(officer, officer_client):
    case = make_case(state=S.AWAITING_APPROVAL, decided_by=officer)
    shown = text(officer_client.get(page(case, "approve-erasure")))
    assert "You decided this case, so another officer has to approve it." in shown
    assert "Approve and erase" not in shown
    response = officer_client.post(page(case, "approve-erasure"), {"plan_hash": PLAN["hash"]}, follow=True)
    assert "another officer has to approve it" in text(response)
    assert stage(case) == S.AWAITING_APPROVAL


def test_an_approval_names_the_plan_that_was_on_the_screen(make_officer, officer_client):
    case = make_case(state=S.AWAITING_APPROVAL, decided_by=make_officer())
    shown = text(officer_client.get(page(case, "approve-erasure")))
    assert f'name="plan_hash" value="{PLAN["hash"]}"' in shown
    assert "Approve and erase: 5 rows" in shown
    response = officer_client.post(page(case, "approve-erasure"), {"plan_hash": "b" * 64}, follow=True)
    assert "The plan has changed since you opened the page." in text(response)
    assert stage(case) == S.AWAITING_APPROVAL


@pytest.mark.parametrize(
    ("rows", "held", "button"),
    [
        (5, 0, "Approve and erase: 5 rows"),
        (4, 1, "Approve and erase: 4 rows"),
        (1, 4, "Approve and erase: 1 row"),
        (0, 5000, "Approve, and erase 5,000 rows once their hold ends"),
        (0, 1, "Approve, and erase 1 row once its hold ends"),
        (0, 0, "Approve: nothing was found to erase"),
    ],
)
def test_the_button_says_what_approving_does_when_rows_are_held(make_officer, officer_client, rows, held, button):
    (line, _other) = PLAN["summary"]
    plan = PLAN | {"summary": [line | {"rows": rows, "held": held}]}
    case = make_case(state=S.AWAITING_APPROVAL, decided_by=make_officer(), plan=plan)
    assert f">{button}</button>" in text(officer_client.get(page(case, "approve-erasure")))


@pytest.mark.parametrize(
    ("kind", "words", "rows"),
    [
        ("access", "all of it goes into the access package", "9"),
        ("portability", "what came from them goes into the file", "9"),
        ("rectification", "What is wrong is corrected in these places", "9"),
        ("erasure", "This, and nothing else, is done when the erasure is approved.", "2"),
    ],
)
def test_rows_under_a_hold_are_left_alone_by_erasures_only(officer_client, kind, words, rows):
    (line, _other) = PLAN["summary"]
    case = make_case(kind=kind, state=S.DECIDING, plan=PLAN | {"summary": [line | {"held": 4, "protected": 3}]})
    shown = officer_client.get(tab(case, "data"))
    assert words in text(shown)
    assert f'<td class="pd-number" data-label="Rows">{rows}<' in text(shown)
    of_holds = ("4 rows are under a hold", "4 held", "3 kept by law")
    assert [each in text(shown) for each in of_holds] == [kind == "erasure"] * 3


def test_rows_that_came_after_the_request_are_told_apart(officer_client):
    (line, other) = PLAN["summary"]
    told = {"summary": [line | {"newer": 2, "newer_lost": 2}, other | {"dateless": True}]}
    case = make_case(kind="erasure", state=S.DECIDING, plan=PLAN | told)
    shown = text(officer_client.get(tab(case, "data")))
    assert f"2 from after {case.received_on:%-d %b %Y}" in shown
    assert (
        f"2 rows came after {case.received_on:%-d %B %Y}, when the request was received, or belong to some that did:"
        " the request is not about them, and they are left."
    ) in shown
    assert "2 newer rows of this table are reached only through rows that are erased here" in shown
    assert "so rows that came after the request are not told apart" in shown


def test_a_second_officer_can_send_an_erasure_back(make_officer, officer_client):
    case = make_case(state=S.AWAITING_APPROVAL, decided_by=make_officer())
    officer_client.post(page(case, "return-to-decision"))
    assert stage(case) == S.DECIDING


def test_a_refusal_needs_a_ground_and_reasons(officer_client):
    case = make_case(state=S.DECIDING)
    empty = text(officer_client.post(page(case, "refuse"), {"ground": "", "text": ""}))
    for words in ("Choose a ground.", "Write down the reasons: the person is told them in the letter."):
        assert empty.count(words) == 2  # at the top, and beside the field
    invented = officer_client.post(page(case, "refuse"), {"ground": "XX.because", "text": "No."})
    assert "Select a valid choice" in text(invented)
    assert stage(case) == S.DECIDING


def test_a_refusal_closes_the_case_with_a_letter(officer_client):
    case = make_case(state=S.DECIDING)
    offered = text(officer_client.get(page(case, "decide")))
    assert "GH.retention_required" in offered
    given = {"ground": "GH.retention_required", "text": "The tax office wants the records until 2030."}
    response = officer_client.post(page(case, "refuse"), given, follow=True)
    assert stage(case) == S.REFUSED
    assert "The tax office wants the records until 2030." in text(response)
    assert "The tax office wants the records until 2030." in Letter.objects.get(case_id=case.pk).body


def test_acts_are_posts(officer_client):
    case = make_case(state=S.DECIDING)
    for act in ("grant", "refuse", "assign"):
        assert officer_client.get(page(case, act)).status_code == 405
    assert stage(case) == S.DECIDING


def test_acts_without_a_csrf_token_are_refused(officer):
    client = Client(headers={"host": "alpha.localhost"}, enforce_csrf_checks=True)
    client.force_login(officer, backend="privacy.officers.backends.OfficerBackend")
    case = make_case(state=S.DECIDING)
    assert client.post(page(case, "grant")).status_code == 403
    assert stage(case) == S.DECIDING


def test_an_assigned_case_handler_can_work_and_an_auditor_is_told_why_not(officer, handler, auditor, sign_in):
    case = make_case(state=S.RECEIVED)
    assign(case=case, officer=officer, assignee=handler)
    told = text(sign_in(auditor).get(page(case)))
    assert "This case is not assigned to you." in told
    assert page(case, "confirm-identity") not in told
    refused = sign_in(auditor).post(page(case, "confirm-identity"), follow=True)
    assert "You may not do this with this case." in text(refused)
    assert stage(case) == S.RECEIVED
    shown = sign_in(auditor).get(page(case, "confirm-identity"), follow=True)
    assert ("You may not do this with this case." in text(shown), "You vouch" in text(shown)) == (True, False)
    assert "You vouch" in text(sign_in(handler).get(page(case, "confirm-identity")))
    sign_in(handler).post(page(case, "confirm-identity"))
    assert stage(case) == S.PLANNING


def test_a_problem_says_what_is_happening_and_what_to_do(officer_client):
    case = make_case(state=S.PLANNING, problem="source_unreachable")
    shown = text(officer_client.get(page(case)))
    assert "A source cannot be reached." in shown
    assert "Nothing is lost meanwhile." in shown
    assert page(case, "replan") in shown


def test_results_show_what_is_planned_done_left_and_verified(officer_client):
    source = one_of_everything("onyx")
    run_source = next(row for row in source.values() if row._meta.label == "datamap.Source")
    case = make_case(email="esi@example.com", state=S.EXECUTING)
    run = Run.objects.create(
        kind="erasure", source=run_source, case_id=case.pk, slot="erase", plan={}, plan_hash="c" * 64, state="running",
        started_at=timezone.now() - timedelta(seconds=10), actor_kind="officer",
    )  # fmt: skip
    for position, (name, rows, left) in enumerate((("Contacts", 1500, None), ("Notes", 2000, 0), ("Calls", 1999, 1))):
        RunStep.objects.create(
            run=run, position=position, dataset_key=f"public.{name}", dataset_label=name, action="mask", expected=2000,
            rows=rows, survivors=left, state="running" if left is None else "done",
        )  # fmt: skip
    response = officer_client.get(page(case, "results"))
    shown = text(response)
    for words in (
        "5,499 of 6,000 rows, 91%",
        "75%",
        "99%",  # done, and a row is left
        f"/officer/retention/run/{run.pk}/change/",
        "unknown",
        "going on now",
        "verified: none left",
        "1 row left",
    ):
        assert words in shown, words
    assert response["X-Live"] == "executing"
    assert "data-live-url" in text(officer_client.get(page(case)))


def test_a_page_without_work_under_way_does_not_ask_again_and_again(officer_client):
    assert "data-live-url" not in text(officer_client.get(page(make_case(state=S.DECIDING))))


def test_the_package_panel_says_how_long_it_can_be_had(officer_client):
    case = make_case(state=S.COMPLETED, kind="access")
    AccessPackage.objects.create(
        case=case, rows=12, size=2048, expires_at=timezone.now() + timedelta(days=14), downloads_left=20
    )
    shown = text(officer_client.get(tab(case, "data")))
    assert "can be downloaded" in shown
    assert "12 rows" in shown


@pytest.mark.parametrize("state", list(S))
def test_a_case_can_be_opened_at_every_stage(officer_client, officer, state):
    case = make_case(state=state, decided_by=officer)
    assert officer_client.get(page(case)).status_code == 200


def test_a_data_map_that_says_too_little_is_named_table_by_table_and_nothing_is_said_to_be_asked(officer_client):
    source = mapped("identity")
    Field.objects.filter(column="identity_0").update(identifier_kind="email")
    case = make_case(state=S.PLANNING)
    SubjectRequest.objects.filter(pk=case.pk).update(problem="data_map_unready")
    shown = unescape(text(officer_client.get(page(case))))
    unconfirmed = f"These datasets were not confirmed yet: {source.name}: {source.datasets.get().key}."
    assert (unconfirmed in shown, "Then find the data again." in shown) == (True, True)
    assert (reverse("officer:datamap_dataset_changelist") in shown, "Every source is asked." in shown) == (True, False)
    source.datasets.update(confirmed_at=timezone.now())
    shown = text(officer_client.get(page(case)))
    assert ("It does by now: find the data again." in shown, "not confirmed yet" in shown) == (True, False)
    SubjectRequest.objects.filter(pk=case.pk).update(problem="")
    assert "Every source is asked." in text(officer_client.get(page(case)))
