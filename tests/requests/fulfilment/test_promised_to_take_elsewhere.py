"""The letter that grants data to take elsewhere in part promises what the file has, and nothing else."""

import json

import pytest
from django.utils import timezone

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.models import DataCategory, Field
from privacy.register.models import LawfulBasis, Purpose
from requests import services
from requests.deciding.found import found_lines
from requests.deciding.letters import partly_granted
from requests.deciding.preview import preview_decision
from requests.models import SubjectRequest
from tests.requests.conftest import letter_of, planned_case, run_jobs
from tests.requests.deciding import said, to_decide
from tests.requests.test_access_package import downloaded

STAYS = "What else we hold cannot be taken elsewhere: the file says why."
NOTHING = "we found nothing that came from you"


def promised(text: str) -> list[str]:
    """The points under the heading."""
    part = text[text.index("What we do") : text.index("What we leave out")]
    return [line.removeprefix("- ") for line in part.splitlines() if line.startswith("- ")]


def test_it_names_the_kinds_and_tables_that_are_in_the_file_alone(offixpro, crm, officer):
    case = planned_case(officer, kind="portability", email=AMA_MENSAH.email)
    lines = [said(line, "refuse" if line.category == "identity" else "grant") for line in found_lines(case)]
    granted = {line.category for line in found_lines(case)} - {"identity"}
    shown = preview_decision(SubjectRequest.objects.get(pk=case.pk), lines, officer=officer, now=timezone.now())
    services.decide_case(case=case, officer=officer, plan_hash=case.plan_hash, decisions=lines)
    run_jobs("requests.build_package")
    case.refresh_from_db()
    letter = letter_of(case, "partly_granted").body
    with downloaded(case) as archive:
        tables = json.loads(archive.read("data.json"))["tables"]
    in_file = {column["category"] for table in tables for column in table["columns"]}
    names = {str(DataCategory(each).label).capitalize() for each in in_file}
    assert granted - in_file != set()
    assert {each.partition(" (")[0] for each in promised(letter)} == names
    places = {place for each in promised(letter) for place in each.partition(" (")[2].rstrip(")").split(", ")}
    assert places == {table["title"] for table in tables}
    assert shown is not None
    assert promised(shown.text) == promised(letter)
    assert STAYS in letter


@pytest.mark.parametrize("portable", [("contact", "financial"), ("contact",), ()])
def test_it_says_that_something_stays_where_something_does(officer, portable):
    case = to_decide("identity", "contact", "financial", kind="portability")
    contract = Purpose.objects.create(code="shop", title="Shop", lawful_basis=LawfulBasis.CONTRACT)
    for field in Field.objects.filter(category__in=portable):
        field.purposes.add(contract)
    lines = [said(line, "refuse" if line.category == "identity" else "grant") for line in found_lines(case)]
    shown = preview_decision(SubjectRequest.objects.get(pk=case.pk), lines, officer=officer, now=timezone.now())
    assert shown is not None
    labels = {"contact": "Contact details (Table 0)", "financial": "Financial (Table 0)"}
    assert promised(shown.text) == [labels[each] for each in portable]
    assert (STAYS in shown.text, NOTHING in shown.text) == (len(portable) == 1, not portable)


def test_a_copy_promises_all_that_was_granted(officer):
    case = to_decide("identity", "business")
    lines = [said(line, "refuse" if line.category == "identity" else "grant") for line in found_lines(case)]
    services.decide_case(case=case, officer=officer, plan_hash=case.plan_hash, decisions=lines)
    case.refresh_from_db()
    told = partly_granted(case, list(case.decisions.all()))
    assert (told["granted"], told["stays"]) == (["Business record (Table 0)"], False)
