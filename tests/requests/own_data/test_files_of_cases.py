"""What was handed in for a case goes with the case."""

from django.core.files.uploadedfile import SimpleUploadedFile

from privacy.officers.models import Officer
from requests.case_files.adding import add_file
from requests.case_files.storage import folder, path_of
from requests.models import CaseFile, CaseFileRole, FileAsk, Redaction, SubjectRequest
from retention.enums import RunState
from tests.requests.own_data.conftest import LONG_AGO, case_of, grow_old, person
from tests.requests.own_data.test_rules import _followed, _rows, _run_left_over_job


def test_files_questions_and_redactions_of_a_closed_case_go_with_it(portal, settings):
    settings.CLAMD_ADDRESS = None
    officer = Officer.objects.get()
    old, young = case_of(person("ama")), case_of(person("yaw"), closed=LONG_AGO / 2)
    files = {}
    for case in (old, young):
        upload = SimpleUploadedFile("a.pdf", b"%PDF-1.4 x")
        files[case] = add_file(case=case, officer=officer, role=CaseFileRole.EVIDENCE, upload=upload)
        FileAsk.objects.create(case=case, role="evidence", words="The bill", file=files[case])
        Redaction.objects.create(case=case, file=files[case], officer=officer)
        grow_old(path_of(files[case]))
    run = _followed(SubjectRequest)
    assert (run.state, run.problem) == (RunState.COMPLETED, "")
    gone = {"requests_subjectrequest": 1, "requests_casefile": 1, "requests_fileask": 1, "requests_redaction": 1}
    assert _rows(run).items() >= gone.items()
    for model in (CaseFile, FileAsk, Redaction):
        assert model.objects.count() == 1, model
    _run_left_over_job(run)
    assert [path.name for path in folder().iterdir()] == [f"{files[young].pk}.sealed"]
