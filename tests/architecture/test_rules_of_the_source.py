"""Rules about the source that are easily forgotten; each search shows on a sample that it finds what it looks for."""

import ast
import inspect
import typing
from collections.abc import Iterator

from config.celery import app
from tests.architecture.source import found_in, modules, places

# attributes and names that hold personal data or secrets
TELLING = {
    "address", "body", "details", "email", "evidence", "full_name", "password", "path", "payload", "phone",
    "recipient", "refusal_text", "secret", "token", "value",
}  # fmt: skip
LOG_METHODS = {"debug", "info", "warning", "error", "critical", "exception", "log"}
PRIMITIVES = {str, int, bool, float, type(None)}


def state_changes(tree: ast.AST) -> Iterator[ast.AST]:
    """`x.state = ...`, `setattr(x, "state", ...)` and `.update(state=...)`."""
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and any(
            isinstance(part, ast.Attribute) and part.attr == "state"
            for target in targets
            for part in ast.walk(target)
            if isinstance(getattr(part, "ctx", None), ast.Store)
        ):
            yield node
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name == "setattr" and len(node.args) > 1 and getattr(node.args[1], "value", None) == "state":
            yield node
        if name in ("update", "update_or_create", "bulk_update") and (
            any(keyword.arg == "state" for keyword in node.keywords)
            or any(isinstance(part, ast.Constant) and part.value == "state" for part in ast.walk(node))
        ):
            yield node


def test_changes_of_state_are_found():
    sample = """
case.state = "x"
case.state, y = 1, 2
case.state += "x"
setattr(case, "state", 1)
cases.update(state="x")
SubjectRequest.objects.bulk_update(cases, ["state"])
if case.state == "x": state = case.state
cases.update(problem="")
cases.filter(state="x")
"""
    assert found_in(state_changes, sample) == 6


def test_the_stage_of_a_case_is_changed_in_one_place():
    """Only these folders can know cases: everything below `requests` must not import it."""
    within = ("requests/", "config/", "demo/")
    assert places(state_changes, within=within, but=("requests/services/moves.py",)) == []
    assert len(places(state_changes, within=("requests/services/moves.py",))) == 1


def shared_contexts(tree: ast.AST) -> Iterator[ast.AST]:
    """`schema_context`, and `with` over an organisation itself: both keep state that threads share."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "schema_context" for alias in node.names):
            yield node
        if isinstance(node, ast.Attribute) and node.attr == "schema_context":
            yield node
        if isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                named = getattr(item.context_expr, "id", getattr(item.context_expr, "attr", ""))
                if named in ("tenant", "organisation", "committed", "alpha", "beta"):
                    yield node


def test_contexts_that_threads_share_are_found():
    sample = """
from django_tenants.utils import schema_context, tenant_context
utils.schema_context("x")
with tenant: pass
with request.tenant: pass
with open("x") as f, organisation: pass
with organisation_context(organisation): pass
"""
    assert found_in(shared_contexts, sample) == 5


def test_no_context_is_used_that_threads_share():
    assert places(shared_contexts) == []
    assert len(modules()) > 100


def contexts_of_django_tenants(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "tenant_context" for alias in node.names):
            yield node


def test_there_is_one_door_into_organisations():
    assert places(contexts_of_django_tenants, but=("privacy/tenants/context.py",)) == []
    assert len(places(contexts_of_django_tenants)) == 1


def telling_logs(tree: ast.AST) -> Iterator[ast.AST]:
    """Calls of a logger with something that names a person, or with a text put together on the spot."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LOG_METHODS):
            continue
        if getattr(node.func.value, "id", getattr(node.func.value, "attr", "")) not in ("logger", "log", "logging"):
            continue
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        names = {getattr(part, "attr", getattr(part, "id", "")) for argument in given for part in ast.walk(argument)}
        if names & TELLING or any(isinstance(argument, ast.JoinedStr) for argument in given):
            yield node


def test_telling_logs_are_found():
    sample = """
logger.info("sent to %s", letter.address)
logger.warning("%s", email)
logger.error(f"failed {error}")
self.logger.exception("x", extra={"who": subject.identifiers.first().value})
logger.info("job %s of %s", job.pk, schema_name)
letters.info(email)
"""
    assert found_in(telling_logs, sample) == 4


def test_nothing_that_names_a_person_is_logged():
    assert places(telling_logs) == []


def prints(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print":
            yield node


def test_nothing_is_printed_where_people_are_served():
    assert found_in(prints, "print(email)") == 1
    assert places(prints, within=("privacy/", "consent/", "requests/", "retention/")) == []


def primitive(annotation: object) -> bool:
    """Whether JSON carries it as it is."""
    arguments = typing.get_args(annotation)
    if arguments:
        return all(primitive(argument) for argument in arguments)
    return annotation in PRIMITIVES or annotation in (list, tuple, dict)


def not_primitive(function: object) -> list[str]:
    hints = typing.get_type_hints(function)
    names = inspect.signature(function).parameters  # type: ignore[arg-type]
    return [name for name in names if name not in hints or not primitive(hints[name])]


def our_tasks() -> dict[str, object]:
    app.loader.import_default_modules()
    import privacy.jobs.tasks  # noqa: F401

    return {name: task.run for name, task in app.tasks.items() if not name.startswith("celery.")}


def test_arguments_that_json_does_not_carry_are_found():
    def task(schema_name: str, jobs: list[tuple[str, int]], case: ast.AST, untold, text: str | None = None) -> None: ...

    assert not_primitive(task) == ["case", "untold"]


def test_tasks_take_primitives():
    assert {"jobs.run", "jobs.dispatch_due"} <= set(our_tasks())
    assert {name: not_primitive(function) for name, function in our_tasks().items() if not_primitive(function)} == {}


def test_the_broker_takes_json_only():
    assert (app.conf.task_serializer, list(app.conf.accept_content)) == ("json", ["json"])
