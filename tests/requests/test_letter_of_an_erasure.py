"""What the letter about a carried out erasure says is true, whatever came of it."""

import pytest

from demo.crm.offixpro.known import AMA_MENSAH, SEAMUS_OBRIEN
from privacy.datamap.models import Dataset
from privacy.officers.models import Officer
from requests import services
from requests.letters import preview_case_letter
from requests.models import SubjectRequest
from requests.selectors import public_status, public_steps
from tests.requests.conftest import approved_case, confirmed, letter_of, run_jobs
from tests.requests.test_erasure import end_runs
from tests.requests.test_partial_erasure import decided
from tests.requests.test_rows_newer_than_the_request import asked_days_ago

LONG_AGO = 9_000
NONE_FOUND = "found none under what we know you by"
NOTHING_DELETED = "deleted nothing of what we found. What stays, and why, is said below."
OF = {"kept": ["Invoices: 2 records"], "newer": [], "newer_day": "", "withdrawn": [], "copy_until": None}
WORDS = [
    ({"done": ["A"]}, "As you asked, we have done this", "Comme vous l’avez demandé, nous avons fait"),
    ({"done": ["A"], "is_refused": True}, "Except for what our decision refuses", "Hormis ce que notre décision"),
    ({"done": [], "is_refused": True}, "Our decision, or this letter below, says", "Notre décision, ou la présente"),
    ({"done": []}, "What stays, and why, is said below.", "Ce qui reste, et pourquoi, est indiqué ci-dessous."),
    ({"done": [], "kept": []}, NONE_FOUND, "n’en avons trouvé aucune"),
    ({"done": [], "kept": [], "may_be_silent": True}, "and there was nothing to delete.", "\u00a0; il n’y avait rien"),
]  # fmt: skip


@pytest.fixture
def second(make_officer) -> Officer:
    return make_officer()


@pytest.mark.parametrize(("given", "english", "french"), WORDS)
def test_each_outcome_has_its_own_words_in_both_languages(case, given, english, french):
    for language, words in (("en", english), ("fr", french)):
        case.language = language
        body = preview_case_letter(kind="erased", case=case, **(OF | given)).text
        others = {row[("en", "fr").index(language) + 1] for row in WORDS} - {words}
        assert (words in body, [each for each in others if each in body]) == (True, [])
        assert ("Backups:" in body or "Sauvegardes" in body) is bool(given["done"])


@pytest.mark.parametrize(
    ("given", "english", "french"),
    [
        ({"done": ["A"]}, "Your data is deleted", "Vos données sont supprimées\u00a0"),
        (
            {"done": ["A"], "is_refused": True},
            "A part of your data is deleted",
            "Une partie de vos données est supprimée\u00a0",
        ),
        ({"done": []}, "Our answer to your request for deletion", "Notre réponse à votre demande de suppression\u00a0"),
    ],
)
def test_the_heading_says_no_more_than_was_done(case, given, english, french):
    for language, words in (("en", f"{english}: request "), ("fr", f"{french}: demande ")):
        case.language = language
        heading = preview_case_letter(kind="erased", case=case, **(OF | given)).heading
        assert heading == f"{words}{case.reference}"


def all_newer(officer: Officer, second: Officer) -> SubjectRequest:
    case = asked_days_ago(confirmed(email=AMA_MENSAH.email), LONG_AGO)
    services.confirm_identity(case=case, officer=officer)
    run_jobs("requests.plan")
    case.refresh_from_db()
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    services.approve_erasure(case=case, officer=second, plan_hash=case.plan_hash)
    assert end_runs(case).state == "completed"
    return case


def kept_fields_named(case: SubjectRequest) -> list[bool]:
    """Of each table whose rows would be masked, with something kept in them: whether the letter names the fields."""
    lines = [line for line in case.plan["summary"] if line["action"] == "mask" and line["kept"]]
    begins = [f"- {line['dataset']}: {line['kept'][0]['field']}" for line in lines]
    return [begin in letter_of(case, "erased").body for begin in begins]


def test_of_data_that_was_left_nobody_is_told_that_none_was_found_or_which_fields_are_kept(offixpro, officer, second):
    case = all_newer(officer, second)
    body = letter_of(case, "erased").body
    assert (NONE_FOUND in body, NOTHING_DELETED in body, "We leave the following as it is" in body) == (
        False, True, True,
    )  # fmt: skip
    assert set(kept_fields_named(case)) == {False}
    other = end_runs(approved_case(officer, second, email=SEAMUS_OBRIEN.email))
    assert set(kept_fields_named(other)) == {True}


def test_of_data_that_the_law_keeps_nobody_is_told_that_none_was_found(offixpro, officer, second):
    Dataset.objects.filter(on_erasure__in=["mask", "delete"]).update(on_erasure="keep", keep_reason="Tax books")
    case = end_runs(approved_case(officer, second, email=AMA_MENSAH.email))
    body = letter_of(case, "erased").body
    assert (case.state, NONE_FOUND in body, NOTHING_DELETED in body) == ("completed", False, True)
    assert "(Tax books)" in body


def refused_in_part(officer: Officer, second: Officer) -> SubjectRequest:
    case = decided(officer, "contact")
    run_jobs("requests.plan")
    case.refresh_from_db()
    services.approve_erasure(case=case, officer=second, plan_hash=case.plan_hash)
    return end_runs(case)


def test_after_a_refusal_in_part_nobody_is_told_that_everything_was_done(offixpro, officer, second):
    letter = letter_of(refused_in_part(officer, second), "erased")
    assert letter.heading.startswith("A part of your data is deleted: request ")
    assert "Except for what our decision refuses" in letter.body
    whole = letter_of(end_runs(approved_case(officer, second, email=SEAMUS_OBRIEN.email)), "erased")
    assert "Except for" not in whole.body


NOTHING_STEP = "We looked for your data once more, and deleted nothing. Our letter says why."
ERASED_STEP = "our data was deleted, or your details in it were removed or replaced, and we checked it."


def on_the_page(case: SubjectRequest) -> tuple[str, str]:
    """The status, and the last thing that happened."""
    return public_status(case), str(public_steps(case)[-1].words)


def test_the_page_says_of_what_was_left_that_nothing_was_deleted(offixpro, officer, second):
    left = "Closed: we deleted nothing of what we found. Our letter says what stays, and why."
    assert on_the_page(all_newer(officer, second)) == (left, NOTHING_STEP)
    Dataset.objects.filter(on_erasure__in=["mask", "delete"]).update(on_erasure="keep", keep_reason="Tax books")
    kept = end_runs(approved_case(officer, second, email=SEAMUS_OBRIEN.email))
    assert on_the_page(kept) == (left, NOTHING_STEP)


def test_the_page_says_of_data_that_was_not_there_that_there_was_nothing(offixpro, officer, second):
    case = end_runs(approved_case(officer, second, email="nobody.we.know@example.com"))
    assert NONE_FOUND in letter_of(case, "erased").body
    assert on_the_page(case) == ("Closed: we looked for your data, and there was nothing to delete.", NOTHING_STEP)


def test_the_page_says_whether_the_whole_or_a_part_is_deleted(offixpro, officer, second):
    assert on_the_page(refused_in_part(officer, second)) == (
        "Done in part. Our letter says what is deleted, and why the rest is not.",
        f"A part of y{ERASED_STEP}",
    )
    assert on_the_page(end_runs(approved_case(officer, second, email=SEAMUS_OBRIEN.email))) == (
        "Done: your data is deleted. Our letter names what a law makes us keep.",
        f"Y{ERASED_STEP}",
    )
