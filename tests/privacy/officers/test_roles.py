"""What each role may do, and that nothing but the role and grants on single objects gives rights."""

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError

from privacy.officers.models import Officer, Role
from privacy.officers.roles import ROLE_PERMISSIONS
from tests.conftest import PASSWORD

CHANGING = ("add_", "change_", "delete_", "handle_", "approve_", "assign_", "start_")


def test_every_role_has_its_rights():
    assert set(ROLE_PERMISSIONS) == set(Role)


def test_every_right_named_by_a_role_is_one_of_a_model_or_of_a_service(alpha):
    """A misspelt right would be held by nobody."""
    known = {
        f"{model._meta.app_label}.{code}"
        for model in apps.get_models()
        for code in [
            *(f"{action}_{model._meta.model_name}" for action in ("add", "change", "delete", "view")),
            *(code for code, _ in model._meta.permissions),
        ]
    }
    named = set().union(*ROLE_PERMISSIONS.values())
    assert named - known == set()
    assert "requests.handle_subjectrequest" in known & named


def test_an_auditor_reads_and_changes_nothing(make_officer):
    auditor = make_officer(Role.AUDITOR)
    assert auditor.has_perm("requests.view_all_subjectrequests")
    assert auditor.has_perm("ledger.view_ledgerentry")
    assert [code for code in auditor.get_all_permissions() if code.partition(".")[2].startswith(CHANGING)] == []
    assert [code for code in make_officer().get_all_permissions() if code.partition(".")[2].startswith(CHANGING)] != []


def test_a_case_handler_sees_no_case_by_role(make_officer):
    handler = make_officer(Role.CASE_HANDLER)
    assert handler.get_all_permissions() == {
        "requests.view_subjectrequest", "requests.view_identity_document", "letters.send_letter",
    }  # fmt: skip
    assert not handler.has_perm("requests.view_all_subjectrequests")


def test_nobody_deletes_through_a_role():
    assert {code for codes in ROLE_PERMISSIONS.values() for code in codes if ".delete_" in code} == set()


def test_an_officer_who_was_switched_off_may_nothing(make_officer):
    officer = make_officer(is_active=False)
    assert officer.get_all_permissions() == set()
    assert authenticate(username=officer.email, password=PASSWORD) is None
    assert make_officer().get_all_permissions() != set()


def test_groups_and_single_permissions_give_nothing(make_officer):
    handler = make_officer(Role.CASE_HANDLER)
    right = Permission.objects.get(codename="handle_subjectrequest")
    group = Group.objects.create(name="everybody")
    group.permissions.add(right)
    handler.groups.add(group)
    handler.user_permissions.add(right)
    assert not Officer.objects.get(pk=handler.pk).has_perm("requests.handle_subjectrequest")
    assert make_officer().has_perm("requests.handle_subjectrequest")


def test_nobody_is_above_the_roles(make_officer):
    assert "is_superuser" not in {field.name for field in Officer._meta.get_fields()}
    handler = make_officer(Role.CASE_HANDLER)
    assert handler.is_superuser is False
    assert not handler.has_perm("officers.change_officer")


def test_a_role_that_is_none_is_refused(alpha):
    with pytest.raises(ValidationError):
        Officer.objects.create_user(email="x@example.com", full_name="X", role="root", password=PASSWORD)


@pytest.mark.parametrize("typed", ["Esi.Owusu@Example.COM", "esi.owusu@example.com"])
def test_an_officer_signs_in_whatever_the_case_of_the_address(alpha, typed):
    Officer.objects.create(email="ESI.owusu@example.com", full_name="Esi Owusu", role=Role.AUDITOR)
    officer = Officer.objects.get(email="esi.owusu@example.com")
    officer.set_password(PASSWORD)
    officer.save()
    assert authenticate(username=typed, password=PASSWORD) == officer
    assert authenticate(username=typed, password=PASSWORD.upper()) is None


def test_passwords_are_kept_as_slow_hashes():
    from config.settings import base

    assert base.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"
