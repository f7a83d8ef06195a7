"""`manage.py create_organisation`: everything is right or nothing is there."""

import re

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from privacy.jobs.models import Schedule
from privacy.ledger.models import LedgerEntry
from privacy.officers.models import Officer, Role
from privacy.register.selectors import profile
from privacy.tenants.context import enter_organisation, public_context
from privacy.tenants.models import Organisation

GOOD = {
    "name": "Gamma Ltd",
    "slug": "gamma",
    "domain": "gamma.localhost",
    "country": "gh",
    "laws": ["GH"],
    "officer_email": "Officer@Gamma.example.com",
}


def create(**wrong) -> None:
    given = GOOD | wrong
    laws = [f"--law={code}" for code in given.pop("laws")]
    options = [f"--{name.replace('_', '-')}={value}" for name, value in given.items()]
    call_command("create_organisation", *options, *laws)


def test_a_new_organisation_is_ready_to_be_used(alpha, capsys):
    create()
    out = capsys.readouterr().out
    password = re.search(r"with the password (\S+) ", out).group(1)
    with enter_organisation("gamma"):
        officer = Officer.objects.get()
        assert (officer.email, officer.role) == ("officer@gamma.example.com", Role.PRIVACY_OFFICER)
        assert authenticate(username="officer@gamma.example.com", password=password) == officer
        assert (profile().legal_name, profile().country, profile().laws) == ("Gamma Ltd", "GH", ["GH"])
        entry = LedgerEntry.objects.get()
        assert (entry.action, entry.actor_kind, entry.data) == ("organisation.created", "operator", {"laws": ["GH"]})
        assert Schedule.objects.filter(kind="ledger.seal").count() == 1
    assert Client(headers={"host": "gamma.localhost"}).get("/").status_code == 200


def test_several_laws_are_kept_in_the_order_they_were_given(alpha):
    create(laws=["GH", "CA-BC", "CA-FED"])
    with enter_organisation("gamma"):
        assert profile().laws == ["GH", "CA-BC", "CA-FED"]


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        ({"laws": ["GH", "XX", "YY"]}, "no law has the code XX, YY; known are .*GH"),
        ({"officer_email": "not an address"}, "write it like name@example.com"),
        ({"country": "Ghana"}, "two letters"),
        ({"country": ""}, "two letters"),
        ({"slug": "Gamma Ltd"}, "cannot be used"),
        ({"slug": "alpha"}, "exists already"),
        ({"domain": "alpha.localhost"}, "belongs to another"),
        ({"domain": "https://gamma.localhost/"}, "without https://"),
        ({"name": "  "}, "a name"),
    ],
)
def test_unusable_particulars_are_refused_with_advice_and_leave_nothing(alpha, wrong, advice):
    with public_context():
        before = Organisation.objects.count()
    with pytest.raises(CommandError, match=advice):
        create(**wrong)
    with public_context():
        assert Organisation.objects.count() == before


def test_the_address_of_the_officer_is_not_repeated_in_the_refusal(alpha):
    with pytest.raises(CommandError) as caught:
        create(officer_email="ama mensah")
    assert "mensah" not in str(caught.value)
