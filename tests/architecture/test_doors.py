"""Where the rights of one organisation's role are left behind. Each place was thought about; a new one must be."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import found_in, modules

OWNERS_RIGHTS_IN_AN_ORGANISATION = {
    "privacy/tenants/context.py": "the door itself",
    "privacy/tenants/migrating.py": "changes tables",
    "privacy/tenants/provisioning.py": "makes tables",
}
OWNERS_RIGHTS_IN_PUBLIC = {
    "consent/management/commands/rebuild_consents.py": "looks up the organisation it is about",
    "demo/management/commands/load_demo.py": "makes the operator of the demo",
    "privacy/jobs/runner.py": "claims and releases jobs of every organisation",
    "privacy/jobs/tasks.py": "finds what is due for every organisation",
    "privacy/ledger/management/commands/verify_ledger.py": "lists the organisations to check",
    "consent/management/commands/rotate_receipt_key.py": "looks up the organisation that a command is about",
    "privacy/letters/addresses.py": "looks up the host name of the current organisation",
    "privacy/offboarding/cancelling.py": "changes the state of the organisation itself",
    "privacy/offboarding/destroying.py": "removes the organisation itself",
    "privacy/tenants/context.py": "looks an organisation up before it is entered",
    "privacy/tenants/middleware.py": "readiness needs no organisation",
    "privacy/tenants/migrating.py": "migrates the public schema",
    "privacy/tenants/provisioning.py": "registers and removes organisations",
    "retention/management/choosing.py": "lists the organisations a command is about",
    "retention/world.py": "asks anew whether the organisation is still active",
}

SWITCHES = {
    "privacy/tenants/context.py": "the door itself",
    "privacy/tenants/middleware.py": "chooses by host name, and goes back",
    "privacy/tenants/migrating.py": "goes into the template, and goes back",
    "retention/heartbeat.py": "in a thread that has a connection of its own and ends with it",
}


def calls_of(*names: str):
    def finder(tree: ast.AST) -> Iterator[ast.AST]:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in names:
                yield node

    return finder


@pytest.mark.parametrize(
    ("names", "known"),
    [
        (("owner_context", "as_owner"), OWNERS_RIGHTS_IN_AN_ORGANISATION),
        (("public_context",), OWNERS_RIGHTS_IN_PUBLIC),
    ],
    ids=["owner", "public"],
)
def test_the_owners_rights_are_used_where_it_was_thought_about(names, known):
    assert sorted(path for path, tree in modules().items() if any(calls_of(*names)(tree))) == sorted(known)


def test_uses_of_a_door_are_found():
    sample = "with owner_context(x): ...\nwith connection.as_owner(): ...\nwith organisation_context(x): ..."
    assert found_in(calls_of("owner_context", "as_owner"), sample) == 2


def schema_switches(tree: ast.AST) -> Iterator[ast.AST]:
    return calls_of("set_tenant", "set_schema", "set_schema_to_public")(tree)


def test_nobody_switches_schemas_by_hand():
    """A switch that is not undone leaves the thread in somebody's schema."""
    assert sorted(path for path, tree in modules().items() if any(schema_switches(tree))) == sorted(SWITCHES)
    assert found_in(schema_switches, "connection.set_tenant(x)\nconnection.cursor()") == 1
