"""The calls about runs of retention and their certificates: listed, read, checked; nobody is in them."""

import json

import pytest
import yaml
from django.db import connection
from django.test.utils import CaptureQueriesContext

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.ledger.actors import SYSTEM
from privacy.officers.models import Scope
from privacy.subjects.models import Subject
from privacy.tenants.context import organisation_context
from retention.certificate.document import check_file
from retention.enums import RunState
from retention.models import Run
from retention.services import save_rule, start_rule_run
from tests.config_api.conftest import Caller, make_key
from tests.retention.test_certificates import attached_to
from tests.retention.test_rule_runs import NOON, _rule
from tests.sources import crm, known, offixpro, work

__all__ = ["crm", "offixpro"]


@pytest.fixture
def reader(alpha):
    return Caller(make_key(Scope.RETENTION_READ))


@pytest.fixture
def completed(offixpro, told_nobody) -> Run:
    """The first run of a rule, approved and completed."""
    run = start_rule_run(rule=_rule("contact"), actor=SYSTEM, now=NOON)
    work(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.COMPLETED
    return run


@pytest.fixture
def told_nobody(monkeypatch):
    """What others do with an ended run is theirs to test."""
    monkeypatch.setattr("retention.completion._listeners", {})


def _certificate(run: Run) -> str:
    return f"retention/runs/{run.pk}/certificate/"


def test_a_run_is_told_with_its_rule_its_approval_and_every_table(completed, reader):
    (told,) = reader.get("retention/runs/").json()["results"]
    (step,) = completed.steps.all()
    assert told == {
        "id": str(completed.pk),
        "kind": "retention",
        "state": "completed",
        "problem": None,
        "source": "OffixPro CRM",
        "rule": {"name": "contact of cancelled subscriptions", "version": completed.rule_version},
        "cutoff": completed.cutoff.isoformat(),
        "plan_hash": completed.plan_hash,
        "started_by": "system",
        "approval": {"reason": "first", "approved_at": completed.approved_at.isoformat()},
        "created_at": completed.created_at.isoformat(),
        "started_at": completed.started_at.isoformat(),
        "completed_at": completed.completed_at.isoformat(),
        "tables": [
            {
                "name": step.dataset_label,
                "table": "crm.contact",
                "level": 0,
                "action": "mask",
                "state": "done",
                "result": step.result,
                "rows_planned": step.expected,
                "rows": step.rows,
                "rows_left": 0,
                "rows_under_hold": 0,
                "rows_waiting_for_notice": None,
                "rows_kept_by_law": 0,
                "rows_newer_than_request": 0,
                "digest": step.digest,
            }
        ],
        "certificate": f"/api/v1/{_certificate(completed)}",
    }
    assert step.rows > 0


def test_a_run_that_waits_says_why_and_has_no_certificate(offixpro, reader):
    run = start_rule_run(rule=_rule("contact"), actor=SYSTEM, now=NOON)
    (told,) = reader.get("retention/runs/").json()["results"]
    assert (told["state"], told["approval"], told["certificate"]) == (
        "awaiting", {"reason": "first", "approved_at": None}, None,
    )  # fmt: skip
    answer = reader.get(_certificate(run))
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_the_answer_with_the_certificate_is_the_file_that_can_be_checked(completed, reader):
    answer = reader.get(_certificate(completed))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert check_file(answer.content.decode()) == check_file(completed.certificate.document)
    assert answer.json()["jws"] == completed.certificate.document


@pytest.mark.parametrize(("path", "accept"), [("?format=pdf", "*/*"), ("", "application/pdf")])
def test_whoever_asks_for_paper_gets_the_pdf_with_the_signed_file_in_it(completed, reader, path, accept):
    headers = {"host": "alpha.localhost", "authorization": f"Api-Key {reader.key}", "accept": accept}
    answer = reader.client.get(f"/api/v1/{_certificate(completed)}{path}", headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    name = f"certificate-{completed.certificate.pk}"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}.pdf"'
    (inside,) = attached_to(answer.content).values()
    assert json.loads(inside)["jws"] == completed.certificate.document


def test_whoever_asks_for_paper_that_is_not_there_is_told_so_in_json(offixpro, reader):
    run = start_rule_run(rule=_rule("contact"), actor=SYSTEM, now=NOON)
    answer = reader.get(f"{_certificate(run)}?format=pdf")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["title"] == "Not found"


def test_nobody_is_in_any_answer(completed, reader, officer):
    Run.objects.update(subject=known(AMA_MENSAH.email), case_id="0b1a7c1e-0000-4000-8000-000000000000")
    second = completed.approved_by
    secrets = [AMA_MENSAH.email, "0b1a7c1e", str(Subject.objects.get().pk), second.email, second.full_name]
    for path in ("retention/runs/", _certificate(completed)):
        text = reader.get(path).content.decode()
        assert [each for each in secrets if each in text] == []
        assert str(completed.pk) in text  # so what is there is found


@pytest.fixture
def three(offixpro) -> list[Run]:
    """Runs of one rule: completed, stopped, and one that waits; the oldest first."""
    rule = _rule("contact")
    made = []
    for state in (RunState.COMPLETED, RunState.STOPPED, None):
        run = start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
        if state:
            ended = run.created_at if state == RunState.COMPLETED else None
            Run.objects.filter(pk=run.pk).update(state=state, completed_at=ended)
        made.append(run)
    return made


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("", [2, 1, 0]), ("?ordering=created_at", [0, 1, 2]), ("?state=completed", [0]), ("?kind=erasure", []),
        ("?state=completed,awaiting&kind=retention", [2, 0]),
    ],
)  # fmt: skip
def test_runs_are_listed_by_what_is_asked_for(three, reader, query, places):
    answer = reader.get(f"retention/runs/{query}")
    expected = [str(three[place].pk) for place in places]
    assert (answer.status_code, [run["id"] for run in answer.json()["results"]]) == (200, expected)


@pytest.mark.parametrize(
    ("query", "name"), [("state=lost", "state"), ("kind=x", "kind"), ("ordering=id", "ordering"), ("rule=1", "rule")]
)
def test_a_filter_that_is_none_is_said_and_not_overlooked(three, reader, query, name):
    answer = reader.get(f"retention/runs/?{query}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])


def test_pages_follow_each_other_and_leave_nothing_out(three, reader):
    Run.objects.update(created_at=three[0].created_at)
    seen, page = [], reader.get("retention/runs/?page_size=1").json()
    while True:
        seen += [run["id"] for run in page["results"]]
        if page["next"] is None:
            break
        page = reader.get(f"retention/runs/?{page['next'].partition('?')[2]}").json()
    assert (len(seen), set(seen)) == (3, {str(run.pk) for run in three})


def test_three_runs_take_as_many_queries_as_one(three, reader, django_assert_num_queries):
    with CaptureQueriesContext(connection) as one:
        assert len(reader.get("retention/runs/?state=completed").json()["results"]) == 1
    with django_assert_num_queries(len(one)):
        assert len(reader.get("retention/runs/").json()["results"]) == 3


def test_only_a_key_with_the_scope_may_read(completed, reader):
    every_other = [each for each in Scope if each != Scope.RETENTION_READ]
    for path in ("retention/runs/", _certificate(completed)):
        assert Caller(make_key(*every_other)).get(path).status_code == 403
        assert Caller(None).get(path).status_code == 401
        assert reader.get(path).status_code == 200


def test_runs_of_one_organisation_are_not_there_for_anothers_key(completed, reader, beta):
    with organisation_context(beta):
        theirs = Caller(make_key(Scope.RETENTION_READ), host="beta.localhost")
    stolen = Caller(reader.key, host="beta.localhost")
    assert [stolen.get(path).status_code for path in ("retention/runs/", _certificate(completed))] == [401, 401]
    assert theirs.get("retention/runs/").json()["results"] == []
    assert theirs.get(_certificate(completed)).status_code == 404
    assert reader.get(_certificate(completed)).status_code == 200


def test_a_run_keeps_the_name_of_the_version_it_went_by(completed, reader):
    rule = completed.rule
    rule.amount = 60
    save_rule(rule=rule, actor=SYSTEM)
    (told,) = reader.get("retention/runs/").json()["results"]
    assert told["rule"]["version"] == completed.rule_version == rule.version - 1


def test_the_description_has_both_calls_and_every_field_that_is_told(three, reader, visitor):
    description = yaml.safe_load(visitor.get("/api/v1/schema/").content)
    certificate = "/api/v1/retention/runs/{run_id}/certificate/"
    for path in ("/api/v1/retention/runs/", certificate):
        assert description["paths"][path]["get"]["security"] == [{"ApiKey": []}]
    answers = description["paths"][certificate]["get"]["responses"]["200"]["content"]
    assert set(answers) == {"application/json", "application/pdf"}
    shapes = description["components"]["schemas"]
    told = reader.get("retention/runs/").json()["results"][0]
    assert (set(shapes["Run"]["properties"]), set(shapes["RunTable"]["properties"])) == (
        set(told), set(told["tables"][0]),
    )  # fmt: skip
