"""What every source must do, whatever is behind it: a database, a person, or another organisation's system."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.errands.files import folder
from privacy.errands.models import Errand, ErrandState
from privacy.errands.services import add_manual_source
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.officers.models import Officer
from requests.models import SubjectRequest
from requests.services.planning import replan
from requests.services.tasks import declare_task
from retention.certificate.document import check_file
from retention.certificate.pdf import as_pdf
from retention.enums import HoldKind, RunState
from retention.models import ErasedIdentifier, Run
from retention.services import place_hold
from tests.holding import let_go
from tests.privacy.errands.server import Processor
from tests.privacy.errands.test_processor import connected
from tests.requests import shops
from tests.requests.conftest import approved_case, planned_case, run_jobs
from tests.requests.test_erasure import ama, end_runs, second
from tests.secrecy import check_readable_nowhere
from tests.sources import connect_offixpro

__all__ = ["second"]


@dataclass
class Kind:
    """One kind of source. touched: whether anything happened there; finish: what makes its evidence come about."""

    evidence: str
    touched: Callable[[], bool]
    finish: Callable[[], object]


def _shop(product: str, tmp_path, settings) -> AbstractContextManager[shops.Shop]:
    settings.SQLITE_SOURCE_DIRECTORIES = {"alpha": [tmp_path]}
    return shops.in_mariadb() if product == "mariadb" else shops.in_sqlite(tmp_path)


@pytest.fixture(params=["postgresql", "mariadb", "sqlite", "manual", "opendsr"])
def kind(request, alpha, officer, tmp_path, settings) -> Iterator[Kind]:
    """A connected source of each kind, in which Ama may be found."""
    if request.param == "postgresql":
        crm = request.getfixturevalue("crm")
        connect_offixpro(crm)
        yield Kind("counted", lambda: ama(crm) != 1, lambda: None)
    elif request.param in ("mariadb", "sqlite"):
        with _shop(request.param, tmp_path, settings) as shop:
            before = shop.rows_of(shops.AMA)
            yield Kind("counted", lambda: shop.rows_of(shops.AMA) != before, lambda: None)
    elif request.param == "manual":
        yield _manual(officer)
    else:
        processor = Processor(tmp_path, "rsa")
        settings.PROCESSOR_PRIVATE_ADDRESSES_ALLOWED = True
        settings.PROCESSOR_CA_FILE = str(processor.ca_file)
        with processor.running():
            connected(processor)
            finish = lambda: setattr(processor, "status", "completed")  # noqa: E731
            yield Kind("signed_by_processor", lambda: processor.posts > 0, finish)
    for path in folder().iterdir():
        path.unlink()


def _manual(officer: Officer) -> Kind:
    add_manual_source(name="Cellar", owner=officer, instructions="Look.", days=7, actor=SYSTEM)

    def finish() -> None:
        run_jobs("retention.run")
        proof = SimpleUploadedFile("proof.pdf", b"%PDF-1.7 x")
        declare_task(errand=Errand.objects.get(), officer=officer, state=ErrandState.DONE, uploads=[proof])

    return Kind("declared_with_proof", Errand.objects.exists, finish)


def test_a_plan_says_what_will_happen_and_nothing_happens(kind, officer):
    case = planned_case(officer, email=AMA_MENSAH.email)
    assert {line["source"] for line in case.plan["summary"]} != set()
    assert (kind.touched(), Run.objects.count()) == (False, 0)


def test_a_plan_made_again_has_the_same_hash(kind, officer):
    case = planned_case(officer, email=AMA_MENSAH.email)
    first = case.plan_hash
    replan(case=case, officer=officer)
    run_jobs("requests.plan")
    case.refresh_from_db()
    assert case.plan_hash == first
    assert planned_case(officer, email="kofi@example.com").plan_hash != first


def test_nothing_happens_under_a_hold_and_all_of_it_afterwards(kind, officer, second):
    case = approved_case(officer, second, email=AMA_MENSAH.email)
    hold = place_hold(kind=HoldKind.LEGAL, matter="Court", subject=case.subject, actor=SYSTEM)
    run_jobs("retention.run")
    assert (kind.touched(), Run.objects.get().problem) == (False, "held")
    let_go(hold)
    kind.finish()
    assert end_runs(case).state == "completed"
    assert kind.touched()


def test_nothing_happens_once_the_source_is_switched_off(kind, officer, second):
    approved_case(officer, second, email=AMA_MENSAH.email)
    run = Run.objects.select_related("source").get()
    run.source.is_active = False
    run.source.save()
    run_jobs("retention.run")
    assert (kind.touched(), Run.objects.get().problem) == (False, "source_inactive")


def test_a_run_is_completed_only_by_the_evidence_of_its_kind(kind, officer, second):
    case = approved_case(officer, second, email=AMA_MENSAH.email)
    if kind.evidence != "counted":
        run_jobs("retention.run")
        assert Run.objects.get().state == RunState.RUNNING
    kind.finish()
    case = end_runs(case)
    assert (case.state, Run.objects.get().state) == ("completed", RunState.COMPLETED)
    assert LedgerEntry.objects.get(action="run.completed").data["evidence"] == kind.evidence
    assert ErasedIdentifier.objects.count() == 1


def test_a_slice_done_again_after_the_end_changes_nothing(kind, officer, second):
    case = approved_case(officer, second, email=AMA_MENSAH.email)
    kind.finish()
    end_runs(case)
    before = list(LedgerEntry.objects.values_list("action", flat=True).order_by("pk"))
    from privacy.jobs.models import Job

    Job.objects.filter(kind="retention.run").update(state="pending", finished_at=None)
    run_jobs("retention.run")
    assert list(LedgerEntry.objects.values_list("action", flat=True).order_by("pk")) == before


def test_neither_the_ledger_nor_any_table_names_somebody_readably(kind, officer, second):
    case = approved_case(officer, second, email=AMA_MENSAH.email)
    kind.finish()
    assert end_runs(case).state == "completed"
    assert LedgerEntry.objects.filter(action="run.completed").count() == 1
    check_readable_nowhere(AMA_MENSAH.email, AMA_MENSAH.full_name, AMA_MENSAH.phone)


def test_a_certificate_says_what_was_counted_or_on_whose_word_it_is_done(kind, officer, second):
    approved_case(officer, second, email=AMA_MENSAH.email)
    kind.finish()
    end_runs(SubjectRequest.objects.get())
    run = Run.objects.get()
    certificate = check_file(run.certificate.document)
    assert as_pdf(run.certificate.document)[:5] == b"%PDF-"
    assert AMA_MENSAH.email not in str(certificate)
    if kind.evidence == "counted":
        weakest = "pseudonymous" if run.source.kind == "postgresql" else "anonymous"  # the CRM has tokens
        assert (certificate["word"], certificate["result"]["class"]) == (None, weakest)
        assert {each["rows_left"] for each in certificate["tables"]} == {0}
        return
    errand = Errand.objects.get()
    proof = errand.files.get()
    word = certificate["word"]
    assert (word["evidence"], word["task"]) == (kind.evidence, str(errand.pk))
    assert word["proofs"] == [{"sha256": proof.digest, "bytes": proof.size}]
    assert (certificate["tables"], certificate["result"]["class"]) == ([], "")
    by = {"declared_with_proof": "Privacy Officer", "signed_by_processor": "the processor at localhost"}
    assert word["given_by"] == by[kind.evidence]


@pytest.mark.parametrize("product", ["mariadb", "sqlite"])
def test_in_every_database_her_rows_are_erased_and_his_are_as_they_were(
    alpha, officer, second, tmp_path, settings, product
):
    with _shop(product, tmp_path, settings) as shop:
        before, his = shop.rows_of(shops.AMA), shop.rows_of(shops.KOFI)
        assert {table: len(rows) for table, rows in before.items()} == {"customer": 1, "invoice": 2, "newsletter": 2}
        assert {table: len(rows) for table, rows in his.items()} == {"customer": 1, "invoice": 1, "newsletter": 2}
        case = approved_case(officer, second, email=AMA_MENSAH.email)
        assert (shop.rows_of(shops.AMA), end_runs(case).state) == (before, "completed")
        after = shop.rows_of(shops.AMA)
        ((number, address, name, phone),) = after.pop("customer")
        assert after == {"invoice": [(10, 1, None, 70), (12, 1, None, 90)], "newsletter": []}
        assert (number, name) == (shops.AMA, "[erased]")
        assert {AMA_MENSAH.email, AMA_MENSAH.phone} & {address, phone} == set()
        assert shop.rows_of(shops.KOFI) == his
        run = Run.objects.get()
        assert {step.dataset_key.partition(".")[2]: (step.action, step.rows) for step in run.steps.all()} == {
            "customer": ("mask", 1),
            "invoice": ("mask", 2),
            "newsletter": ("delete", 2),
        }
