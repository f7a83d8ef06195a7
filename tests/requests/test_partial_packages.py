"""Access of which a part is refused: the file, from a real CRM, has what was granted and names what was not."""

import json
import zipfile

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.models import Field
from requests import services
from requests.deciding.found import found_lines
from requests.models import SubjectRequest
from tests.requests.conftest import letter_kinds, letter_of, planned_case, run_jobs
from tests.requests.deciding import said
from tests.requests.test_access_package import downloaded

REASON = "It tells what somebody else said in confidence."


def words_in(archive: zipfile.ZipFile) -> str:
    return b"".join(archive.read(name) for name in archive.namelist()).decode()


def columns_in(archive: zipfile.ZipFile) -> set[tuple[str, str]]:
    """Every column that the files have, with the title of its table."""
    found = set()
    for name in archive.namelist():
        if name.startswith("data/") and name.endswith(".json"):
            table = json.loads(archive.read(name))
            found |= {(table["dataset"], column["name"]) for column in table["columns"]}
            assert all(set(row) == {column["name"] for column in table["columns"]} for row in table["rows"])
    return found


def decided(officer, refused: str, partial: str = "") -> SubjectRequest:
    case = planned_case(officer, kind="access", email=AMA_MENSAH.email)
    lines = []
    for line in found_lines(case):
        verdict = {refused: "refuse", partial: "partial"}.get(line.category, "grant")
        lines.append(said(line, verdict, reasons=REASON, alternatives=("summary",) if verdict == "refuse" else ()))
    return services.decide_case(case=case, officer=officer, plan_hash=case.plan_hash, decisions=lines)


def test_what_is_refused_is_in_no_file_and_is_named_with_its_ground(offixpro, crm, officer):
    full = planned_case(officer, kind="access", email=AMA_MENSAH.email)
    services.grant(case=full, officer=officer, plan_hash=full.plan_hash)
    case = decided(officer, "technical", "contact")
    lines = {line.category: line for line in found_lines(case)}
    (place, (left_out,)) = next(iter(case.decisions.get(category="contact").left_out.items()))
    assert run_jobs("requests.build_package") == 2
    case.refresh_from_db()
    assert (case.state, case.outcome, letter_kinds(case)[-1]) == ("completed", "partial", "partly_granted")
    with downloaded(full) as archive:
        everything, all_columns = words_in(archive), columns_in(archive)
    with downloaded(case) as archive:
        page, some_columns = archive.read("index.html").decode(), columns_in(archive)
        given = words_in(archive)
    title = {table.place: table.label for line in lines.values() for table in line.tables}
    gone = {(table.label, column) for table in lines["technical"].tables for column, _label in table.columns}
    gone |= {(title[place], left_out)}
    keys = set(Field.objects.filter(category="key").values_list("column", flat=True))
    missing = {each for each in all_columns - some_columns if each[1] not in keys}
    assert missing == {each for each in gone if each in all_columns}
    assert gone & all_columns
    assert gone & some_columns == set()
    assert AMA_MENSAH.email in everything
    for words in (
        "What is not in this file", REASON, "What contact leaves out", "s. 32", "Usage and technical (",
        "We can tell you in a summary what the information is about.",
    ):  # fmt: skip
        assert words in page
        assert words not in everything.replace(case.reference, "") or words == "s. 32"
    assert "(link, " not in given
    letter = letter_of(case, "partly_granted").body
    for words in (REASON, "What contact leaves out", "s. 32", "Usage and technical", "Contact details", "in a summary"):
        assert words in letter
    assert "[[link]]" in letter


def test_a_table_of_which_everything_is_refused_leaves_no_file(offixpro, officer):
    case = planned_case(officer, kind="access", email=AMA_MENSAH.email)
    logins = next(line for line in found_lines(case, split=["technical"]) if "login" in line.dataset_key)
    split = sorted({line.category for line in found_lines(case)})
    table = logins.dataset_key
    lines = [said(line, "refuse" if line.dataset_key == table else "grant") for line in found_lines(case, split=split)]
    case = services.decide_case(case=case, officer=officer, plan_hash=case.plan_hash, decisions=lines)
    run_jobs("requests.build_package")
    case.refresh_from_db()
    with downloaded(case) as archive:
        tables = {name for name, _column in columns_in(archive)}
    assert (case.state, logins.where in tables, len(tables) > 3) == ("completed", False, True)


def test_a_column_on_which_nobody_has_decided_stops_the_package_and_voids_the_decision(offixpro, officer):
    case = decided(officer, "technical")
    moved = Field.objects.filter(dataset__table_name="customer", category="contact").first()
    categories = set(case.decisions.values_list("category", flat=True))
    new = next(each for each in ("employment", "decision", "unclassified", "financial") if each not in categories)
    Field.objects.filter(pk=moved.pk).update(category=new)
    run_jobs("requests.build_package")
    case.refresh_from_db()
    assert (case.state, case.outcome, case.problem) == ("planning", "", "decision_outdated")
    assert case.decisions.count() == 0
    run_jobs("requests.plan")
    case.refresh_from_db()
    assert (case.state, case.problem, new in {line.category for line in found_lines(case)}) == (
        "deciding", "decision_outdated", True,
    )  # fmt: skip
