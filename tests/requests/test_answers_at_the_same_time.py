"""Two officers answer at the same moment; rows are really committed, each on a connection of its own."""

from requests import services
from requests.enums import RequestState as S
from requests.models import CaseAnswer, SubjectRequest
from requests.services.answering import answer_case
from tests.privacy.jobs.test_owning import in_threads
from tests.requests.conftest import letter_kinds
from tests.requests.in_words import GIVEN, begun, to_be_answered
from tests.requests.test_at_the_same_time import inside, officer_named, times


def test_two_officers_who_answer_at_once_write_one_letter(committed):
    first, second = officer_named("first"), officer_named("second")
    for kind, letter in (("question", "question_answered"), ("complaint", "complaint_outcome")):
        case = to_be_answered(kind, first)
        officers = [first, second, first]
        act = inside(
            committed,
            lambda case=case, kind=kind, left=officers: answer_case(case=case, officer=left.pop(), given=GIVEN[kind]),
        )
        assert sorted(in_threads(3, act)) == ["WrongState", "WrongState", "done"]
        assert letter_kinds(case).count(letter) == 1
        assert CaseAnswer.objects.filter(case=case).count() == 1
    assert times("answered") == 2


def test_an_officer_who_decides_a_case_and_the_complaint_about_it_at_once_does_not_do_both_unseen(committed):
    """Either the complaint was answered first, by somebody who had no part until then, or it is refused them."""
    officer = officer_named("first")
    about = begun("access")
    SubjectRequest.objects.filter(pk=about.pk).update(state=S.DECIDING, plan={"summary": []}, plan_hash="a" * 64)
    complaint = begun("complaint", about=about)
    acts = [
        lambda: services.grant(case=about, officer=officer, plan_hash="a" * 64),
        lambda: answer_case(case=complaint, officer=officer, given=GIVEN["complaint"]),
    ]
    answers = in_threads(2, inside(committed, lambda: acts.pop()()))
    about.refresh_from_db()
    complaint.refresh_from_db()
    assert about.state == S.EXECUTING
    if complaint.state == S.COMPLETED:
        assert answers == ["done", "done"]
        assert complaint.decided_at <= about.decided_at
    else:
        assert sorted(answers) == ["ConflictOfInterest", "done"]
