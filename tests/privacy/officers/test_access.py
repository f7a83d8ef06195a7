"""Need-to-know: single cases through grants, all of them through the role."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from privacy.officers.access import grant, may, restrict, revoke
from privacy.officers.models import Role
from privacy.subjects.services import find_or_add_subject
from requests.models import SubjectRequest

ACTION, ALL = "view_subjectrequest", "requests.view_all_subjectrequests"
DAY = date(2026, 11, 1)


@pytest.fixture
def cases(alpha):
    subject = find_or_add_subject(kind="email", value="ama@example.com")
    return [
        SubjectRequest.objects.create(
            reference=f"PR-{number}", kind="access", subject=subject, received_at=timezone.now(), received_on=DAY,
            due_on=DAY, target_on=DAY, deadlines=[],
        )
        for number in range(3)
    ]  # fmt: skip


def seen(officer) -> list[str]:
    cases = restrict(SubjectRequest.objects.order_by("reference"), officer, ACTION, all_of_them=ALL)
    return [case.reference for case in cases]


def test_who_may_see_all_sees_all(cases, make_officer):
    for role in (Role.PRIVACY_OFFICER, Role.AUDITOR):
        assert seen(make_officer(role)) == ["PR-0", "PR-1", "PR-2"]


def test_a_case_handler_sees_what_was_granted_and_no_more(cases, make_officer):
    handler, other = make_officer(Role.CASE_HANDLER), make_officer(Role.CASE_HANDLER)
    assert seen(handler) == []
    grant(handler, ACTION, cases[1])
    assert (seen(handler), seen(other)) == (["PR-1"], [])
    assert [may(handler, ACTION, case, all_of_them=ALL) for case in cases] == [False, True, False]


def test_what_was_revoked_is_seen_no_more(cases, make_officer):
    handler = make_officer(Role.CASE_HANDLER)
    for case in cases:
        grant(handler, ACTION, case)
    revoke(handler, ACTION, cases[0])
    assert seen(handler) == ["PR-1", "PR-2"]
    assert not may(handler, ACTION, cases[0], all_of_them=ALL)


def test_a_grant_for_one_act_is_none_for_another(cases, make_officer):
    handler = make_officer(Role.CASE_HANDLER)
    grant(handler, ACTION, cases[0])
    assert not may(handler, "handle_subjectrequest", cases[0], all_of_them="requests.handle_subjectrequest")


def test_a_grant_twice_is_taken_back_once(cases, make_officer):
    handler = make_officer(Role.CASE_HANDLER)
    grant(handler, ACTION, cases[0])
    grant(handler, ACTION, cases[0])
    revoke(handler, ACTION, cases[0])
    assert seen(handler) == []


@pytest.mark.parametrize(("role", "acts"), [(Role.PRIVACY_OFFICER, True), (Role.AUDITOR, False)])
def test_a_grant_counts_only_for_roles_that_handle_cases(cases, make_officer, role, acts):
    officer = make_officer(Role.CASE_HANDLER)
    for action in (ACTION, "handle_subjectrequest"):
        grant(officer, action, cases[0])
    assert may(officer, "handle_subjectrequest", cases[0], all_of_them="requests.handle_subjectrequest")
    officer.role = role
    officer.save()
    officer = type(officer).objects.get(pk=officer.pk)
    assert may(officer, "handle_subjectrequest", cases[0], all_of_them="requests.nobody_does_this") is acts
    assert seen(officer) == ["PR-0", "PR-1", "PR-2"]


def test_an_officer_who_was_switched_off_sees_nothing_whatever_was_granted(cases, make_officer):
    handler = make_officer(Role.CASE_HANDLER)
    grant(handler, ACTION, cases[0])
    handler.is_active = False
    assert seen(handler) == []
    assert seen(make_officer(is_active=False)) == []


@pytest.mark.parametrize("nobody", [None, AnonymousUser(), "officer", 1])
def test_who_is_no_officer_sees_nothing(cases, nobody):
    assert seen(nobody) == []
    assert not may(nobody, ACTION, cases[0], all_of_them=ALL)
