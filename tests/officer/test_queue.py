import re
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from privacy.errands.models import Errand
from privacy.ledger.models import LedgerEntry
from privacy.officers.access import grant
from privacy.officers.models import Role
from privacy.register.selectors import local_date
from privacy.subjects.services import find_or_add_subject
from requests.admin.counts import CaseCounts, count_cases
from requests.enums import RequestState as S
from requests.models import SubjectRequest
from retention.models import Hold
from tests.officer.everything import one_of_everything
from tests.officer.making import make_case

QUEUE = "/officer/requests/subjectrequest/"


def references(response) -> list[str]:
    """The cases on a page of the queue, in its order."""
    return [case.reference for case in response.context["cl"].result_list]


def test_the_queue_shows_open_and_confirmed_cases_by_due_date(officer_client):
    later = make_case(due_in=20)
    overdue = make_case(email="kofi@example.com", due_in=-3)
    soon = make_case(email="esi@example.com", due_in=5, state=S.DECIDING)
    make_case(email="new@example.com", state=S.UNCONFIRMED)
    make_case(email="done@example.com", state=S.COMPLETED)
    response = officer_client.get(QUEUE)
    assert references(response) == [overdue.reference, soon.reference, later.reference]
    text = response.content.decode()
    for words in ("3 days overdue", "due in 5 days", "due in 20 days"):
        assert words in text


def test_each_view_of_the_queue_shows_its_cases(officer, make_officer, officer_client):
    mine = make_case(email="a@example.com", assignee=officer, due_in=30)
    overdue = make_case(email="b@example.com", assignee=make_officer(), due_in=-1)
    soon = make_case(email="c@example.com", due_in=0)
    approval = make_case(email="d@example.com", state=S.AWAITING_APPROVAL, assignee=officer, due_in=40)
    problem = make_case(email="e@example.com", problem="source_unreachable", due_in=50)
    waiting = make_case(email="h@example.com", waiting_for="clarification", assignee=officer, due_in=60)
    unconfirmed = make_case(email="f@example.com", state=S.UNCONFIRMED)
    closed = make_case(email="g@example.com", state=S.REFUSED)
    expected = {
        "": {mine, overdue, soon, approval, problem, waiting},
        "mine": {mine, approval, waiting},
        "unassigned": {soon, problem},
        "overdue": {overdue},
        "soon": {soon},
        "waiting": {waiting},
        "approval": {approval},
        "problem": {problem},
        "unconfirmed": {unconfirmed},
        "closed": {closed},
        "all": {mine, overdue, soon, approval, problem, waiting, unconfirmed, closed},
    }
    for view, cases in expected.items():
        shown = references(officer_client.get(QUEUE, {"show": view} if view else {}))
        assert sorted(shown) == sorted(case.reference for case in cases), view
    counts = CaseCounts(open=6, mine=3, unassigned=2, overdue=1, soon=1, waiting=1, approval=1, problem=1)
    assert count_cases(officer) == counts


def test_the_urgent_erasure_of_a_minor_stands_where_its_target_puts_it_and_is_due_soon(officer, officer_client):
    today = local_date(timezone.now())
    ordinary = make_case(email="kofi@example.com", due_in=3)
    access = make_case(email="esi@example.com", due_in=20, is_minor=True, kind="access")
    urgent = make_case(due_in=20, is_minor=True)
    SubjectRequest.objects.filter(pk__in=[access.pk, urgent.pk]).update(target_on=today)
    overdue = make_case(email="efua@example.com", due_in=-1)
    response = officer_client.get(QUEUE)
    assert references(response) == [each.reference for each in (overdue, urgent, ordinary, access)]
    content = response.content.decode()
    assert ("due in 20 days<" in content, f">target {today:%-d %b}<" in content) == (True, True)
    soon = references(officer_client.get(QUEUE, {"show": "soon"}))
    assert soon == [urgent.reference, ordinary.reference]
    assert count_cases(officer).soon == 2


@pytest.mark.parametrize(("kind", "typed"), [("phone", "+233 56 032 0128"), ("customer_id", " K 7 ")])
def test_a_person_is_found_by_phone_or_customer_number_that_never_gets_into_an_address(officer_client, kind, typed):
    case = make_case()
    SubjectRequest.objects.filter(pk=case.pk).update(subject=find_or_add_subject(kind=kind, value=typed))
    case.refresh_from_db()
    make_case(email="kofi@example.com")
    response = officer_client.post(f"{QUEUE}find-person/", {"kind": kind, "value": typed})
    assert response["Location"] == f"{QUEUE}?show=all&person={case.subject_id}"
    assert references(officer_client.get(response["Location"])) == [case.reference]
    other = officer_client.post(f"{QUEUE}find-person/", {"kind": "passport", "value": typed}, follow=True)
    assert "This kind of identifier is not known." in other.content.decode()


def test_due_within_five_days_ends_after_the_fifth(officer_client):
    make_case(email="six@example.com", due_in=6)
    five = make_case(email="five@example.com", due_in=5)
    assert references(officer_client.get(QUEUE, {"show": "soon"})) == [five.reference]


def test_the_queue_needs_as_many_queries_for_thirty_cases_as_for_one(officer, officer_client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert officer_client.get(QUEUE).status_code == 200
        return len(captured)

    make_case(assignee=officer)
    officer_client.get(QUEUE)
    with_one = queries()
    for number in range(29):
        case = make_case(email=f"person{number}@example.com", assignee=officer, due_in=number)
        Hold.objects.create(matter="Dispute", subject=case.subject)
    assert len(references(officer_client.get(QUEUE))) == 30
    assert queries() == with_one


def test_addresses_are_masked_in_the_queue_and_on_the_dashboard(officer_client):
    case = make_case(email="ama.mensah@example.com")
    for page in (QUEUE, "/officer/"):
        text = officer_client.get(page).content.decode().replace("<wbr>", "")
        assert case.reference in text
        assert "a•••••@example.com" in text
        assert "ama.mensah" not in text


def test_a_reference_is_found_however_it_is_typed(officer_client):
    case = make_case()
    make_case(email="kofi@example.com")
    typed = case.reference.lower().replace("-", " ")
    assert references(officer_client.get(QUEUE, {"q": typed})) == [case.reference]
    assert references(officer_client.get(QUEUE, {"q": case.reference[:7]})) == [case.reference]


def test_a_person_is_found_by_the_exact_address_which_never_reaches_an_address_bar(officer_client):
    case = make_case(email="ama@example.com", state=S.REFUSED)
    make_case(email="amanda@example.com")
    response = officer_client.post(f"{QUEUE}find-person/", {"kind": "email", "value": " AMA@example.com "})
    assert "ama" not in response["Location"]
    assert references(officer_client.get(response["Location"])) == [case.reference]
    nobody = officer_client.post(f"{QUEUE}find-person/", {"kind": "email", "value": "nobody@example.com"}, follow=True)
    assert "no case under this identifier" in nobody.content.decode()
    nonsense = officer_client.post(f"{QUEUE}find-person/", {"kind": "email", "value": "nonsense"}, follow=True)
    assert "name@example.com" in nonsense.content.decode()


def test_an_address_in_the_search_box_is_not_looked_up(officer_client):
    make_case(email="ama@example.com")
    response = officer_client.get(QUEUE, {"q": "ama@example.com"})
    assert references(response) == []
    assert "Find a person" in response.content.decode()


def test_a_case_handler_does_not_find_people_of_other_cases(handler, sign_in):
    make_case(email="ama@example.com")
    response = sign_in(handler).post(f"{QUEUE}find-person/", {"kind": "email", "value": "ama@example.com"}, follow=True)
    assert "no case under this identifier" in response.content.decode()


def test_assigning_says_how_many_of_the_chosen_cases_it_assigned(officer_client, handler):
    cases = [make_case(email=f"{number}@example.com") for number in range(3)]
    closed = make_case(email="closed@example.com", state=S.REFUSED)
    chosen = {"action": "assign_selected", "_selected_action": [str(case.pk) for case in (*cases, closed)]}
    asked = officer_client.post(f"{QUEUE}?show=all", chosen).content.decode()
    assert "4 cases are chosen" in asked
    assert "only 3 of 4 qualify" in asked
    done = officer_client.post(f"{QUEUE}?show=all", chosen | {"go": "1", "assignee": handler.pk}, follow=True)
    assert "Assigned: 3 of 4 cases." in done.content.decode()
    assert "1: It is closed." in done.content.decode()
    for case in cases:
        case.refresh_from_db()
        assert case.assignee == handler
    assert LedgerEntry.objects.filter(action="subject_request.assigned").count() == 3


def test_case_handlers_are_not_offered_to_assign(handler, sign_in, make_officer):
    case = make_case(assignee=handler)
    grant(handler, "view_subjectrequest", case)
    client = sign_in(handler)
    assert "assign_selected" not in client.get(QUEUE).content.decode()
    client.post(QUEUE, {"action": "assign_selected", "_selected_action": [str(case.pk)], "go": "1", "assignee": ""})
    case.refresh_from_db()
    assert case.assignee == handler


def test_auditors_are_not_offered_as_assignees(officer_client, officer, auditor, handler):
    case = make_case()
    page = officer_client.get(f"{QUEUE}{case.pk}/change/")
    card = next(each for each in page.context["asides"] if each["code"] == "assignee")
    offered = {each.pk for each in card["context"]["form"].fields["assignee"].queryset}
    assert {officer.pk, handler.pk} <= offered
    assert auditor.pk not in offered
    assert auditor.role == Role.AUDITOR


def test_the_dashboard_says_of_a_case_what_the_queue_says(officer_client):
    case = make_case(due_in=20, is_minor=True)
    SubjectRequest.objects.filter(pk=case.pk).update(target_on=local_date(timezone.now()))
    (row,) = officer_client.get("/officer/").context["dashboard"].next_due
    page = officer_client.get(QUEUE).content.decode()
    assert (str(row.flags) in page, str(row.due) in page) == (True, True)
    assert "minor: urgent" in row.flags
    assert ">target " in row.due


def test_the_dashboard_shows_the_numbers_in_a_constant_number_of_queries(officer, officer_client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            response = officer_client.get("/officer/")
        assert response.context["dashboard"].figures[0].number == count_cases(officer).open
        return len(captured)

    make_case(due_in=-2)
    officer_client.get("/officer/")
    with_one = queries()
    for number in range(12):
        make_case(email=f"{number}@example.com", due_in=number)
    assert queries() == with_one


@pytest.mark.parametrize("page", [QUEUE, "/officer/"])
def test_the_sidebar_says_what_is_overdue(officer_client, page):
    assert "overdue" not in officer_client.get("/officer/retention/rule/").content.decode()
    make_case(due_in=-2)
    assert "1 overdue" in officer_client.get(page).content.decode()


def shown(response) -> str:
    return response.content.decode()


def test_a_row_says_in_words_what_is_unusual_about_its_case(officer_client):
    quiet = make_case(email="quiet@example.com")
    assert 'class="pd-flags"' not in shown(officer_client.get(QUEUE))
    case = make_case(
        problem="source_unreachable", waiting_for="clarification fee", stands_until=date.max, is_minor=True
    )
    make_case(email="young@example.com", kind="access", is_minor=True)
    make_case(email="two@example.com", state=S.AWAITING_APPROVAL)
    make_case(email="angry@example.com", kind="complaint", about_case_id=quiet.pk)
    Hold.objects.create(matter="Dispute", subject=case.subject)
    page = shown(officer_client.get(QUEUE))
    for words in (
        "problem",
        "minor: urgent",
        "minor",
        "legal hold",
        "fee pending",
        "two officers",
        "complaint",
        "complained of",
    ):
        assert f">{words}</span>" in page, words
    assert 'pd-badge--paused" title' in page
    assert "waiting for the person" in page


def test_a_row_says_how_many_of_its_tasks_are_done(officer_client):
    rows = one_of_everything("onyx")
    source = next(row for model, row in rows.items() if model.__name__ == "Source")
    Errand.objects.all().delete()
    case = make_case()
    for number, state in enumerate(["open", "impossible", "done", "nothing", "cancelled"]):
        closed_at = None if state == "open" else timezone.now()
        Errand.objects.create(
            source=source, case_id=case.pk, work="erasure", run_id=uuid4(), subject=case.subject, ask_hash="c" * 64,
            due_on=case.due_on, state=state, closed_at=closed_at, instructions=str(number),
        )  # fmt: skip
    assert "2 of 4" in shown(officer_client.get(QUEUE))


@pytest.mark.parametrize(
    ("wanted", "other", "parameters"),
    [
        ({"kind": "access"}, {"kind": "erasure"}, {"kind__exact": "access"}),
        ({"state": S.DECIDING}, {"state": S.RECEIVED}, {"stage": "deciding"}),
        ({"state": S.REFUSED}, {"state": S.RECEIVED}, {"stage": "refused"}),
        ({"channel": "letter"}, {"channel": "portal"}, {"channel__exact": "letter"}),
        (
            {"received": date(2026, 5, 4)},
            {"received": date(2026, 5, 6)},
            {"received_on_from": "2026-05-03", "received_on_to": "2026-05-05"},
        ),
        ({"laws": ["GH"]}, {"laws": ["CA"]}, {"law": "GH"}),
    ],
)
def test_each_filter_leaves_what_was_asked_for(officer_client, wanted, other, parameters):
    def make(email: str, what: dict):
        given = dict(what)
        received, laws = given.pop("received", None), given.pop("laws", None)
        case = make_case(email=email, **given)
        changes = {"received_on": received} if received else {}
        if laws:
            changes["deadlines"] = [case.deadlines[0] | {"law": law} for law in laws]
        if changes:
            type(case).objects.filter(pk=case.pk).update(**changes)
        return case

    found, left = make("a@example.com", wanted), make("b@example.com", other)
    assert references(officer_client.get(QUEUE, parameters)) == [found.reference]
    assert sorted(references(officer_client.get(QUEUE, {"show": "all"}))) == sorted([found.reference, left.reference])


def test_a_reference_is_found_among_closed_cases_as_well(officer_client):
    case = make_case(state=S.REFUSED)
    assert references(officer_client.get(QUEUE)) == []
    assert references(officer_client.get(QUEUE, {"q": case.reference})) == [case.reference]


def test_the_list_is_as_long_as_the_number_above_it_says_and_is_not_counted_twice(officer_client):
    for number in range(3):
        make_case(email=f"{number}@example.com", due_in=number)
    make_case(email="late@example.com", due_in=-2)
    with CaptureQueriesContext(connection) as captured:
        response = officer_client.get(QUEUE, {"show": "soon"})
    assert response.context["cl"].result_count == len(references(response)) == 3
    counted = [each["sql"] for each in captured if 'FROM "requests_subjectrequest"' in each["sql"]]
    counted = [sql for sql in counted if sql.startswith("SELECT COUNT(") and 'FROM "errands_errand"' not in sql]
    assert ["FILTER" in sql for sql in counted] == [True]
    with CaptureQueriesContext(connection) as captured:
        officer_client.get(QUEUE, {"show": "soon", "kind__exact": "erasure"})
    plain = 'SELECT COUNT(*) AS "__count" FROM "requests_subjectrequest"'
    assert len([each for each in captured if each["sql"].startswith(plain)]) == 1


@pytest.mark.parametrize("parameters", [{}, {"show": "all", "kind__exact": "erasure"}, {"law": "GH", "o": "-3"}])
def test_the_rows_are_drawn_as_the_theme_draws_them(officer, officer_client, parameters):
    make_case(assignee=officer, problem="source_unreachable", due_in=-2)
    make_case(email="b@example.com", waiting_for="fee")
    response = officer_client.get(QUEUE, parameters)
    drawn = drawn_by_the_theme(response)
    assert drawn.count("data-row") == 2
    assert without_spaces(drawn) in without_spaces(shown(response))


def test_the_rows_of_who_may_choose_none_are_drawn_as_the_theme_draws_them(auditor, sign_in):
    make_case()
    response = sign_in(auditor).get(QUEUE)
    drawn = drawn_by_the_theme(response)
    assert drawn.count("data-row") == 1
    assert without_spaces(drawn) in without_spaces(shown(response))


def drawn_by_the_theme(response) -> str:
    cl = response.context["cl"]
    given = Context({"cl": cl, "opts": cl.opts, "request": response.wsgi_request})
    return Template("{% load unfold_list %}{% unfold_result_list cl %}").render(given)


def without_spaces(markup: str) -> str:
    """Markup without what stands between its tags for the eye of its author only."""
    return re.sub(r">\s+<", "><", re.sub(r"\s+", " ", markup)).strip()


@pytest.mark.parametrize(
    "parameters",
    [
        {"law": "GH"},
        {"show": "all"},
        {"show": "soon", "kind__exact": "erasure"},
        {"q": "PR"},
        {"show": "all", "o": "9"},
    ],
)
def test_a_filter_needs_as_many_queries_for_fifty_cases_as_for_one(officer, officer_client, parameters):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert officer_client.get(QUEUE, parameters).status_code == 200
        return len(captured)

    make_case(assignee=officer, due_in=1)
    officer_client.get(QUEUE)
    with_one = queries()
    for number in range(54):
        make_case(email=f"person{number}@example.com", assignee=officer, due_in=1)
    assert len(references(officer_client.get(QUEUE, parameters))) == 50
    assert queries() == with_one


def test_the_pages_of_a_list_hold_each_case_once_and_in_its_order(officer_client):
    cases = [make_case(email=f"{number}@example.com", due_in=number // 2) for number in range(53)]
    found = [*references(officer_client.get(QUEUE)), *references(officer_client.get(QUEUE, {"p": "2"}))]
    expected = sorted(cases, key=lambda case: (case.work_by, case.received_at))
    assert found == [case.reference for case in expected]


def test_the_laws_of_a_case_follow_its_clocks(officer_client):
    case = make_case()
    assert SubjectRequest.objects.filter(pk=case.pk, law_codes=[each["law"] for each in case.deadlines]).exists()
    case.deadlines = [case.deadlines[0] | {"law": "CA-FED"}, case.deadlines[0] | {"law": "GH"}]
    case.save(update_fields=["deadlines"])
    case.refresh_from_db()
    assert case.law_codes == ["CA-FED", "GH"]
