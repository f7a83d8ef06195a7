"""Two officers declare one task at the same moment; rows are really committed."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from privacy.errands.files import folder
from privacy.errands.models import Errand, ErrandFile, ErrandState
from privacy.errands.services import add_manual_source
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from requests.enums import RequestState
from requests.services.tasks import declare_task
from tests.officer.making import make_case
from tests.privacy.jobs.test_owning import in_threads
from tests.requests.test_at_the_same_time import inside, officer_named


def test_one_declaration_counts_and_the_other_is_refused(committed):
    one, two = officer_named("one"), officer_named("two")
    source = add_manual_source(name="Cellar", owner=one, instructions="Look.", days=7, actor=SYSTEM)
    case = make_case(kind="access", state=RequestState.EXECUTING, decided_by=one)
    task = Errand.objects.create(
        source=source, case_id=case.pk, work="access", subject=case.subject, ask_hash="c" * 64, owner=one,
        due_on=timezone.now().date(),
    )  # fmt: skip

    def done_by(officer):
        files = [SimpleUploadedFile("found.pdf", b"%PDF-1.7 x")]
        return lambda: declare_task(errand=task, officer=officer, state=ErrandState.DONE, uploads=files)

    acts = [inside(committed, done_by(officer)) for officer in (one, two)]
    answers = in_threads(2, lambda: acts.pop()())
    assert sorted(answers) == ["TaskRefused", "done"]
    assert LedgerEntry.objects.filter(action="errand.done").count() == 1
    assert ErrandFile.objects.filter(is_kept=True).count() == ErrandFile.objects.count() == 1
    assert len(list(folder().iterdir())) == 1
    for path in folder().iterdir():
        path.unlink()
