"""What a person disputes goes along with their data, and what was refused is named among what does not."""

import zipfile

import pytest

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.subjects.services import find_or_add_subject
from requests import services
from requests.deciding.cut import cut_of
from requests.deciding.found import found_lines
from requests.fulfilment.portability.refused import refused_columns
from requests.models import Annotation, SubjectRequest
from tests.requests.conftest import planned_case, run_jobs
from tests.requests.deciding import SECRET, said
from tests.requests.fulfilment.test_portability import data_of, executing, made, validator
from tests.requests.test_access_package import downloaded

WORDS = "I never ordered this."


def dispute(subject, statement: str, **fields) -> Annotation:
    return Annotation.objects.create(
        subject=subject, case_id="00000000-0000-4000-8000-000000000001", statement=statement, **fields
    )


@pytest.fixture
def partly_refused(offixpro, officer) -> SubjectRequest:
    """A granted portability request of which the contact details were refused."""
    case = planned_case(officer, kind="access", email=AMA_MENSAH.email)
    SubjectRequest.objects.filter(pk=case.pk).update(kind="portability")
    case.refresh_from_db()
    lines = [said(line, "refuse" if line.category == "contact" else "grant") for line in found_lines(case)]
    return services.decide_case(case=case, officer=officer, plan_hash=case.plan_hash, decisions=lines)


def packed(case: SubjectRequest) -> zipfile.ZipFile:
    run_jobs("requests.build_package")
    case.refresh_from_db()
    assert (case.state, case.problem) == ("completed", "")
    return downloaded(case)


def test_the_persons_words_go_along_and_nobody_elses(offixpro):
    case = executing()
    mine = dispute(case.subject, WORDS, label="Orders: amount", category="financial")
    bare = dispute(case.subject, "All of it is wrong.")
    dispute(find_or_add_subject(kind="email", value="kofi@example.com"), "Kofi says no.")
    with made(case) as archive:
        data, read_me = data_of(archive), archive.read("README.txt").decode()
    validator().validate(data)
    assert data["annotations"] == [
        {
            "about": "Orders: amount", "category": "financial", "statement": WORDS,
            "made_at": mine.made_at.isoformat(),
        },
        {"about": None, "category": None, "statement": "All of it is wrong.", "made_at": bare.made_at.isoformat()},
    ]  # fmt: skip
    assert f"Orders: amount: {WORDS}" in read_me
    assert "Kofi" not in read_me


def test_without_a_dispute_the_list_is_empty_and_the_read_me_says_nothing_of_it(offixpro):
    with made(executing()) as archive:
        assert data_of(archive)["annotations"] == []
        assert "against our records" not in archive.read("README.txt").decode()


def test_every_refused_column_is_named_and_none_of_its_values_is_there(partly_refused):
    (line,) = [each for each in found_lines(partly_refused) if each.category == "contact"]
    with packed(partly_refused) as archive:
        data, everything = data_of(archive), b"".join(archive.read(name) for name in archive.namelist())
    validator().validate(data)
    refused = {(each["table"], each["column"]) for each in data["left_out"] if each["reason"] == "refused"}
    assert refused == {
        (table.dataset_key, column) for table in line.tables for column, _label in table.columns
    }  # fmt: skip
    assert refused != set()
    gone = {(table["name"], column["name"]) for table in data["tables"] for column in table["columns"]}
    assert gone & refused == set()
    assert AMA_MENSAH.email.encode() not in everything
    assert b"we refused it; our letter says why" in everything


def test_what_is_refused_on_a_ground_that_may_not_be_told_is_not_named(partly_refused):
    assert list(refused_columns(cut_of(partly_refused))) != []
    partly_refused.decisions.filter(category="contact").update(ground=SECRET)
    assert list(refused_columns(cut_of(partly_refused))) == []
