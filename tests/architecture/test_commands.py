"""Every command of ours is tried by a test."""

import ast

from django.core.management import get_commands

from tests.architecture.source import PROJECT

OURS = ("privacy.", "consent", "requests", "retention", "demo")
NEEDS_NO_TEST_OF_ITS_OWN = {
    "migrate_organisations": "another name for `migrate`, and nothing of its own",
    "load_demo": "strings together what tests/demo and tests/journey try; building both databases takes minutes",
}
TRIED_THROUGH = {"migrate": "migrate_everything"}  # the command hands everything to this function


def our_commands() -> set[str]:
    return {name for name, app in get_commands().items() if isinstance(app, str) and app.startswith(OURS)}


def words_of_tests() -> set[str]:
    """Every name and every text that stands by itself in a test."""
    found: set[str] = set()
    for file in (PROJECT / "tests").rglob("*.py"):
        if file.name == "test_commands.py" and file.parent.name == "architecture":
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
            elif isinstance(node, ast.Name):
                found.add(node.id)
    return found


def test_our_commands_are_found():
    assert {"create_organisation", "migrate", "verify_ledger"} <= our_commands()
    assert "runserver" not in our_commands()


def test_every_command_is_tried_by_a_test_or_has_a_reason():
    words = words_of_tests()
    untried = {name for name in our_commands() if TRIED_THROUGH.get(name, name) not in words}
    assert untried - set(NEEDS_NO_TEST_OF_ITS_OWN) == set()
    assert set(NEEDS_NO_TEST_OF_ITS_OWN) - our_commands() == set()


def test_a_command_without_a_test_would_be_found():
    assert "a_command_that_nobody" + "_tries" not in words_of_tests()
    assert "verify_ledger" in words_of_tests()


def test_the_other_name_of_migrate_does_nothing_of_its_own():
    from privacy.tenants.management.commands import migrate, migrate_organisations

    assert issubclass(migrate_organisations.Command, migrate.Command)
    assert set(vars(migrate_organisations.Command)) <= {
        "__module__",
        "__doc__",
        "__qualname__",
        "__firstlineno__",
        "__static_attributes__",
    }
