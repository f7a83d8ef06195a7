"""Before an officer says who asks, they see whether the address that was written from is on file."""

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.jobs.models import Job, JobState
from privacy.ledger.models import LedgerEntry
from requests import services
from requests.models import SubjectRequest
from requests.services.matching import MATCH_JOB
from tests.requests.conftest import confirmed, run_jobs
from tests.requests.test_staff_intake import entry

ON_FILE = [
    {"source": "OffixPro CRM", "dataset": "People who sign in", "rows": 1},
    {"source": "OffixPro CRM", "dataset": "Customers", "rows": 1},
]


def matched(case: SubjectRequest) -> SubjectRequest:
    run_jobs(MATCH_JOB)
    case.refresh_from_db()
    return case


def test_an_address_on_file_raises_the_level_and_says_where_it_is(offixpro):
    case = matched(confirmed(email=AMA_MENSAH.email))
    assert (case.identity_level, case.on_file["places"]) == ("matched", ON_FILE)
    entry = LedgerEntry.objects.get(action="subject_request.identity_matched")
    assert (entry.data, AMA_MENSAH.email in str(entry.data)) == ({"rows": 2}, False)


def test_an_address_that_nobody_has_raises_nothing_and_is_said_to_be_nowhere(offixpro):
    case = matched(confirmed(email="stranger@example.com"))
    assert (case.identity_level, case.on_file["places"]) == ("mail_link", [])


def test_where_staff_entered_the_case_nobody_has_shown_that_the_address_is_theirs(offixpro, officer):
    case = matched(services.enter_case(entry=entry(identifier=AMA_MENSAH.email), officer=officer))
    assert (case.identity_level, case.on_file["places"]) == ("none", ON_FILE)


def test_what_comes_after_the_officers_answer_changes_nothing(offixpro, officer):
    case = confirmed(email=AMA_MENSAH.email)
    services.confirm_identity(case=case, officer=officer)
    case = matched(case)
    assert (case.identity_level, case.on_file) == ("officer", None)


def test_a_source_that_is_away_is_asked_again_later(offixpro):
    address = offixpro.address
    offixpro.address = "postgresql://nobody:x@127.0.0.1:1/nothing"
    offixpro.save(update_fields=["address"])
    case = matched(confirmed(email=AMA_MENSAH.email))
    assert (case.on_file, Job.objects.get(kind=MATCH_JOB).state) == (None, JobState.PENDING)
    offixpro.address = address
    offixpro.save(update_fields=["address"])
    assert matched(case).on_file["places"] == ON_FILE


def test_without_a_source_the_officer_is_left_to_say_it(alpha):
    case = matched(confirmed(email=AMA_MENSAH.email))
    assert (case.identity_level, case.on_file, Job.objects.get(kind=MATCH_JOB).state) == ("mail_link", None, "done")
