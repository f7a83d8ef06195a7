"""Erasure and access at a processor, over real TLS and with real signatures."""

import io
import json
import logging
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from privacy.datamap.models import Source
from privacy.errands.errors import ProcessorNotUsable, ProcessorProblem
from privacy.errands.files import folder, read_file
from privacy.errands.models import Errand, ErrandFile
from privacy.errands.processor import client as client_module
from privacy.errands.processor import proceeding
from privacy.errands.processor.addresses import public_address
from privacy.errands.services import add_processor, change_processor
from privacy.jobs.models import Job
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from requests import services
from requests.fulfilment.access_package import open_package
from requests.models import AccessPackage
from retention.enums import HoldKind, RunState
from retention.models import Run
from retention.services import place_hold, resume_run
from tests.holding import let_go
from tests.privacy.errands.server import CONTROLLER, TOKEN, Processor, certificate_pem, make_key, public_pem, signature
from tests.requests.conftest import AMA, approved_case, letter_of, planned_case, run_jobs
from tests.requests.test_erasure import end_runs, second

__all__ = ["second"]


@pytest.fixture(params=["rsa", "ec"])
def kind(request) -> str:
    return request.param


@pytest.fixture
def processor(tmp_path, settings, alpha):
    """A processor with an RSA key that behaves."""
    yield from _running(tmp_path, settings, "rsa")


def _running(tmp_path, settings, kind):
    made = Processor(tmp_path, kind)
    settings.PROCESSOR_PRIVATE_ADDRESSES_ALLOWED = True
    settings.PROCESSOR_CA_FILE = str(made.ca_file)
    with made.running():
        yield made
    for path in folder().iterdir():
        path.unlink()


def connected(processor: Processor, **changes) -> Source:
    given = {
        "name": "Mailing service", "base_url": processor.base_url, "controller_id": CONTROLLER,
        "key_pem": public_pem(processor.key), "secret": TOKEN, "identity_format": "raw",
    }  # fmt: skip
    return add_processor(**(given | changes), actor=SYSTEM)


@pytest.fixture
def source(processor) -> Source:
    return connected(processor)


def step(run_until_due: bool = True) -> Run:
    """One slice of the only run."""
    run_jobs("retention.run")
    return Run.objects.get()


@pytest.mark.parametrize("pem", ["key", "certificate"])
def test_an_erasure_is_asked_once_polled_and_completed_on_a_signed_word(
    tmp_path, settings, alpha, officer, second, kind, pem
):
    for processor in _running(tmp_path, settings, kind):
        text = public_pem(processor.key) if pem == "key" else certificate_pem(processor.key)
        connected(processor, key_pem=text)
        case = approved_case(officer, second)
        assert processor.posts == 0
        assert step().problem == "waits_for_processor"
        processor.status = "in_progress"
        assert (step().problem, Errand.objects.get().status) == ("waits_for_processor", "in_progress")
        processor.status = "completed"
        case = end_runs(case)
        assert (case.state, processor.posts) == ("completed", 1)
        assert LedgerEntry.objects.get(action="run.completed").data["evidence"] == "signed_by_processor"
        proof = ErrandFile.objects.get()
        assert json.loads(b"".join(read_file(proof)))["request_status"] == "completed"
        assert "under signature" in letter_of(case, "erased").body


def test_what_is_sent_is_what_the_specification_asks_for(processor, source, officer, second):
    approved_case(officer, second)
    step()
    errand = Errand.objects.get()
    (asked,) = processor.asked.values()
    assert asked["subject_request_id"] == str(errand.pk)
    assert asked["subject_request_type"] == "erasure"
    assert asked["subject_identities"] == [{"identity_type": "email", "identity_value": AMA, "identity_format": "raw"}]
    assert asked["status_callback_urls"][0].startswith("http://alpha.localhost")
    assert AMA not in " ".join(processor.paths)


def test_identifiers_are_hashed_where_the_processor_asks_for_it(processor, officer, second):
    import hashlib

    connected(processor, identity_format="sha256")
    approved_case(officer, second)
    step()
    (asked,) = processor.asked.values()
    digest = hashlib.sha256(AMA.encode()).hexdigest()
    assert asked["subject_identities"] == [
        {"identity_type": "email", "identity_value": digest, "identity_format": "sha256"}
    ]
    assert AMA not in json.dumps(asked)


def test_a_lost_answer_is_asked_after_and_not_sent_twice(processor, source, officer, second):
    case = approved_case(officer, second)
    processor.lose_answer = True
    assert step().problem == "processor_unreachable"
    assert (processor.posts, len(processor.asked), Errand.objects.get().accepted_at) == (1, 1, None)
    assert step().problem == "waits_for_processor"
    assert processor.posts == 1
    processor.status = "completed"
    assert end_runs(case).state == "completed"
    assert processor.posts == 1


def test_a_question_that_did_not_arrive_is_sent_again_under_the_same_id(processor, source, officer, second):
    approved_case(officer, second)
    processor.fail = [503]
    assert step().problem == "processor_error"
    assert processor.asked == {}
    assert step().problem == "waits_for_processor"
    assert (processor.posts, list(processor.asked)) == (2, [str(Errand.objects.get().pk)])


class Killed(BaseException):
    """The worker is gone."""


@pytest.mark.parametrize("seam", ["call", "read_accepted", "store_file", "close_errand"])
def test_a_worker_killed_at_a_seam_is_followed_by_another(processor, source, officer, second, monkeypatch, seam):
    case = approved_case(officer, second)
    processor.status = "completed"
    real = getattr(proceeding, seam)

    def killed(*args, **kwargs):
        monkeypatch.setattr(proceeding, seam, real)
        if seam == "call":
            real(*args, **kwargs)
        raise Killed

    monkeypatch.setattr(proceeding, seam, killed)
    for _attempt in range(3):
        try:
            run_jobs("retention.run")
        except Killed:
            Job.objects.filter(state="running").update(lease_until=timezone.now() - timedelta(seconds=1))
            for job in Job.objects.filter(kind="retention.run", state="running"):
                from privacy.jobs.runner import run_job

                run_job(job_id=job.pk)
    case = end_runs(case)
    assert (case.state, processor.posts, len(processor.asked)) == ("completed", 1, 1)
    assert ErrandFile.objects.filter(is_kept=True).count() == 1
    assert LedgerEntry.objects.filter(action="errand.done").count() == 1


@pytest.mark.parametrize(
    "forge",
    [
        lambda processor: setattr(processor, "signs_with", make_key()),
        lambda processor: setattr(processor, "signs_with", None),
        lambda processor: setattr(processor, "domain", "evil.example"),
    ],
    ids=["another key", "no signature", "another domain"],
)
def test_an_answer_that_is_not_signed_by_the_processor_is_not_believed(processor, source, officer, second, forge):
    case = approved_case(officer, second)
    step()
    processor.status = "completed"
    key, domain = processor.signs_with, processor.domain
    forge(processor)
    assert (step().state, Run.objects.get().problem) == (RunState.ATTENTION, "processor_signature")
    assert Errand.objects.get().state == "open"
    processor.signs_with, processor.domain = key, domain
    resume_run(run=Run.objects.get(), actor=SYSTEM)
    assert end_runs(case).state == "completed"


@pytest.mark.parametrize(
    "change",
    [
        {"controller_id": "somebody else"},
        {"subject_request_id": "00000000-0000-4000-8000-000000000000"},
        {"request_status": "perhaps"},
        {"expected_completion_time": "soon"},
    ],
)
def test_a_signed_answer_about_something_else_is_not_believed(processor, source, officer, second, change):
    approved_case(officer, second)
    step()
    processor.status = "completed"
    processor.change_body = lambda body: body | change
    assert (step().state, Run.objects.get().problem) == (RunState.ATTENTION, "processor_answer")


def test_a_receipt_for_another_question_is_not_believed(processor, source, officer, second):
    approved_case(officer, second)
    processor.change_body = lambda body: body | {"encoded_request": "e30="}
    assert (step().state, Run.objects.get().problem) == (RunState.ATTENTION, "processor_answer")


def test_a_certificate_that_is_over_signs_nothing(processor, source, officer, second):
    approved_case(officer, second)
    step()
    source.processor.key_pem = certificate_pem(processor.key, days=-1)
    source.processor.save()
    assert (step().state, Run.objects.get().problem) == (RunState.ATTENTION, "processor_key_over")


def test_pauses_between_questions_grow(processor, source, officer, second):
    approved_case(officer, second)
    waits = []
    for _poll in range(3):
        step()
        waits.append(round((Job.objects.get(kind="retention.run").due_at - timezone.now()).total_seconds() / 60))
    assert waits == [1, 2, 4]
    Errand.objects.update(polls=50)
    step()
    assert Job.objects.get(kind="retention.run").due_at - timezone.now() <= timedelta(hours=6)


def test_a_processor_that_never_finishes_needs_attention(processor, source, officer, second):
    case = approved_case(officer, second)
    processor.expected = timezone.now() - timedelta(hours=1)
    assert (step().state, Run.objects.get().problem) == (RunState.ATTENTION, "processor_late")
    case.refresh_from_db()
    assert (case.state, case.problem) == ("executing", "processor_late")
    processor.status = "completed"
    resume_run(run=Run.objects.get(), actor=SYSTEM)
    assert end_runs(case).state == "completed"


def test_a_cancelled_request_needs_attention(processor, source, officer, second):
    approved_case(officer, second)
    step()
    processor.status = "cancelled"
    assert (step().state, Run.objects.get().problem) == (RunState.ATTENTION, "processor_cancelled")


@pytest.mark.parametrize(("code", "problem"), [(401, "processor_refused"), (400, "processor_error")])
def test_a_refusal_needs_attention(processor, source, officer, second, code, problem):
    approved_case(officer, second)
    processor.fail = [code]
    assert (step().state, Run.objects.get().problem) == (RunState.ATTENTION, problem)


def test_nobody_follows_a_processor_to_another_place(processor, source, officer, second):
    approved_case(officer, second)
    processor.redirect_to = "https://localhost:1/requests"
    assert (step().state, Run.objects.get().problem) == (RunState.ATTENTION, "processor_elsewhere")


def test_a_slow_processor_is_asked_again_later(processor, source, officer, second, monkeypatch):
    import httpx

    monkeypatch.setattr(client_module, "_TIMEOUT", httpx.Timeout(0.2))
    approved_case(officer, second)
    processor.sleep = 0.6
    assert (step().state, Run.objects.get().problem) == (RunState.RUNNING, "processor_unreachable")
    processor.sleep = 0.0
    assert step().problem == "waits_for_processor"


def test_an_endless_answer_is_cut(processor, source, officer, second, monkeypatch):
    monkeypatch.setattr(client_module, "ANSWER_BYTES", 100)
    approved_case(officer, second)
    assert (step().state, Run.objects.get().problem) == (RunState.ATTENTION, "processor_too_long")


def test_a_server_that_nobody_vouches_for_is_not_spoken_to(processor, source, officer, second, settings):
    settings.PROCESSOR_CA_FILE = None
    approved_case(officer, second)
    assert step().problem == "processor_unreachable"
    assert processor.posts == 0


def test_private_addresses_are_not_called(processor, source, officer, second, settings):
    settings.PROCESSOR_PRIVATE_ADDRESSES_ALLOWED = False
    approved_case(officer, second)
    assert (step().state, Run.objects.get().problem) == (RunState.ATTENTION, "processor_address_private")
    assert processor.posts == 0


PRIVATE = ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:127.0.0.1"]


@pytest.mark.parametrize("host", PRIVATE)
def test_addresses_inside_a_network_are_private(settings, host):
    settings.PROCESSOR_PRIVATE_ADDRESSES_ALLOWED = False
    with pytest.raises(ProcessorProblem, match="processor_address_private"):
        public_address(host, 443)


def test_public_addresses_are_called(settings):
    settings.PROCESSOR_PRIVATE_ADDRESSES_ALLOWED = False
    assert public_address("93.184.215.14", 443) == "93.184.215.14"


@pytest.mark.parametrize(
    "address", ["http://p.example/", "https://", "https://user:word@p.example", "https://p.example/?a=b", "p.example"]
)
def test_an_address_that_asks_for_more_is_refused(processor, address):
    with pytest.raises(ProcessorNotUsable, match=r"https://processor\.example"):
        connected(processor, base_url=address)
    assert connected(processor).processor.base_url == processor.base_url


@pytest.mark.parametrize("pem", ["", "no key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"])
def test_what_is_no_key_is_refused(processor, pem):
    with pytest.raises(ProcessorNotUsable, match="PEM"):
        connected(processor, key_pem=pem)
    with pytest.raises(ProcessorNotUsable, match="not valid now"):
        connected(processor, key_pem=certificate_pem(processor.key, days=-1))


@pytest.mark.parametrize(
    ("misbehave", "message"),
    [
        (lambda processor: setattr(processor, "takes", ["access"]), "no requests for erasure"),
        (lambda processor: setattr(processor, "knows", []), "by anything we have"),
        (lambda processor: processor.knows.pop(0), "Choose the other form"),
        (lambda processor: setattr(processor, "signs_with", make_key()), "not signed with the key"),
        (lambda processor: setattr(processor, "signs_with", None), "not signed with the key"),
        (lambda processor: setattr(processor, "domain", "elsewhere.example"), "not signed with the key"),
        (lambda processor: processor.fail.append(404), "no OpenDSR service at this address"),
        (lambda processor: setattr(processor, "redirect_to", "https://elsewhere.example/"), "sends us elsewhere"),
        (lambda processor: setattr(processor, "change_body", lambda body: [body]), "no OpenDSR service"),
    ],
)
def test_a_processor_is_tried_before_it_is_saved_and_nothing_is_kept_of_one_that_does_not_work(
    processor, misbehave, message
):
    misbehave(processor)
    with pytest.raises(ProcessorNotUsable, match=message):
        connected(processor)
    assert (Source.objects.count(), processor.posts) == (0, 0)


def test_a_processor_that_does_not_know_our_token_or_is_not_there_is_not_saved(processor):
    with pytest.raises(ProcessorNotUsable, match="does not know this token"):
        connected(processor, secret="another")
    with pytest.raises(ProcessorNotUsable, match="Nobody answers"):
        connected(processor, base_url="https://localhost:9/opendsr/v1")
    assert Source.objects.count() == 0
    assert connected(processor).processor.base_url == processor.base_url


def test_a_change_that_does_not_work_leaves_the_processor_as_it_was(processor, source):
    with pytest.raises(ProcessorNotUsable, match="does not know this token"):
        change_processor(
            source=source, base_url=processor.base_url, controller_id=CONTROLLER, key_pem=public_pem(processor.key),
            secret="another", identity_format="raw", actor=SYSTEM,
        )  # fmt: skip
    source.processor.refresh_from_db()
    assert source.processor.secret == TOKEN


def test_another_address_after_the_approval_makes_it_void(processor, source, officer, second):
    case = approved_case(officer, second)
    change_processor(
        source=source, base_url=processor.base_url.removesuffix("/v1"), controller_id=CONTROLLER,
        key_pem=public_pem(processor.key), secret="", identity_format="raw", actor=SYSTEM,
    )  # fmt: skip
    assert end_runs(case).state == "planning"
    source.processor.refresh_from_db()
    assert (processor.posts, source.processor.secret) == (0, TOKEN)


def test_a_hold_stops_the_question(processor, source, officer, second):
    case = approved_case(officer, second)
    hold = place_hold(kind=HoldKind.LEGAL, matter="Court", subject=case.subject, actor=SYSTEM)
    assert step().problem == "held"
    assert processor.posts == 0
    let_go(hold)
    assert step().problem == "waits_for_processor"


def call_back(processor: Processor, *, url: str = "", key=None, headers=None) -> int:
    """What the processor posts to us when something changed."""
    body = processor.status_body(next(iter(processor.asked)))
    path = "/" + (url or processor.callback_url).split("/", 3)[3]
    sent = {
        "X-OpenDSR-Processor-Domain": "localhost",
        "X-OpenDSR-Signature": signature(key or processor.key, body),
    } if headers is None else headers  # fmt: skip
    client = Client(headers={"host": "alpha.localhost"})
    response = client.post(path, body, content_type="application/json", headers=sent)
    assert response.content == b""
    return response.status_code


def waits() -> bool:
    return Job.objects.get(kind="retention.run").due_at > timezone.now() + timedelta(seconds=5)


def test_a_signed_callback_brings_the_next_question_forward_and_is_not_believed_itself(
    processor, source, officer, second
):
    case = approved_case(officer, second)
    step()
    assert waits()
    processor.status = "completed"
    assert call_back(processor) == 202
    assert not waits()
    assert Errand.objects.get().state == "open"
    processor.status = "in_progress"
    assert step().problem == "waits_for_processor"
    processor.status = "completed"
    assert end_runs(case).state == "completed"


def test_forged_and_unknown_callbacks_get_the_same_answer_and_change_nothing(processor, source, officer, second):
    approved_case(officer, second)
    step()
    unknown = "http://alpha.localhost/opendsr/callbacks/" + "A" * 43 + "/"
    assert call_back(processor, key=make_key()) == 202
    assert call_back(processor, headers={}) == 202
    assert call_back(processor, url=unknown) == 202
    assert waits()
    assert call_back(processor) == 202
    assert not waits()


def test_the_token_of_a_callback_is_not_kept(processor, source, officer, second):
    approved_case(officer, second)
    step()
    token = processor.callback_url.rstrip("/").rpartition("/")[2]
    errand = Errand.objects.get()
    assert token not in str({field.name: getattr(errand, field.name) for field in errand._meta.fields})


@pytest.fixture
def copy_case(source, officer):
    case = planned_case(officer, kind="access")
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    return case


def test_the_results_of_an_access_go_into_the_package(processor, copy_case):
    before = set(folder().iterdir())
    run_jobs("requests.build_package")
    copy_case.refresh_from_db()
    assert (copy_case.state, copy_case.problem) == ("executing", "")
    processor.status, processor.results = "completed", b'{"opens": 12}'
    processor.results_url = f"{processor.base_url}/results"
    run_jobs("requests.build_package")
    copy_case.refresh_from_db()
    assert copy_case.state == "completed"
    content = b"".join(open_package(AccessPackage.objects.get()))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        (name,) = [name for name in package.namelist() if name.startswith("other/")]
        assert package.read(name) == b'{"opens": 12}'
    written = set(folder().iterdir()) - before
    assert [b'"opens"' in path.read_bytes() for path in written] == [False, False]


def test_results_elsewhere_are_not_fetched(processor, copy_case):
    run_jobs("requests.build_package")
    processor.status, processor.results_url = "completed", "https://elsewhere.example/results"
    run_jobs("requests.build_package")
    copy_case.refresh_from_db()
    assert (copy_case.state, copy_case.problem) == ("executing", "processor_elsewhere")
    assert ErrandFile.objects.count() == 0


def test_results_that_are_too_long_leave_nothing_behind(processor, copy_case, monkeypatch):
    run_jobs("requests.build_package")
    monkeypatch.setattr(client_module, "RESULT_BYTES", 10)
    processor.status, processor.results = "completed", b"x" * 100
    processor.results_url = f"{processor.base_url}/results"
    run_jobs("requests.build_package")
    copy_case.refresh_from_db()
    assert copy_case.problem == "processor_too_long"
    assert (ErrandFile.objects.count(), list(folder().iterdir())) == (0, [])


def test_a_processor_that_has_nothing_says_so(processor, copy_case):
    run_jobs("requests.build_package")
    processor.status, processor.results = "completed", b""
    run_jobs("requests.build_package")
    copy_case.refresh_from_db()
    assert (copy_case.state, Errand.objects.get().state) == ("completed", "nothing")


def test_completed_without_results_is_not_taken_for_nothing(processor, copy_case):
    run_jobs("requests.build_package")
    processor.status = "completed"
    run_jobs("requests.build_package")
    copy_case.refresh_from_db()
    assert (copy_case.state, copy_case.problem) == ("executing", "processor_no_results")


def test_nothing_of_the_person_is_in_ledger_or_logs(processor, source, officer, second, caplog):
    caplog.set_level(logging.DEBUG)
    case = approved_case(officer, second)
    processor.fail = [503]
    step()
    step()
    token = processor.callback_url.rstrip("/").rpartition("/")[2]
    processor.status = "completed"
    assert end_runs(case).state == "completed"
    ours = [each.getMessage() for each in caplog.records if not each.name.startswith("django.db")]
    written = " ".join([*ours, *(f"{entry.action} {entry.data}" for entry in LedgerEntry.objects.all())])
    assert [word for word in (AMA, TOKEN, token) if word in written] == []
    assert AMA in json.dumps(list(processor.asked.values()))
    assert "errand.done" in written
