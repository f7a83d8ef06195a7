"""What a person takes elsewhere: theirs, by consent or contract, in a form that is published and kept to."""

import csv
import io
import json
import tracemalloc
import zipfile
from hashlib import sha256

import pytest
from django.utils import timezone
from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.models import DataCategory, Dataset, Field, Origin
from privacy.register.models import LawfulBasis, Purpose
from privacy.subjects.files import EncryptedWriter, decrypted
from requests.enums import RequestState
from requests.fulfilment.downloads import take_download
from requests.fulfilment.portability.archive import PortableArchive
from requests.fulfilment.portability.choosing import LeftOut, Portable, why_left_out
from requests.fulfilment.portability.package import make_portability_package
from requests.fulfilment.portability.schema import VERSION, schema_text
from requests.models import SubjectRequest
from tests.requests.conftest import in_state, letter_kinds, letter_of
from tests.sources import rows

PUBLISHED = {
    "1.0": "b43076ba6ca7189e227078c4322c62040f792248be3631296ae6ffb2745e093b",
    "1.1": "3edb2041763eb3f957259e95ad8d52512c093a7cec385e2a5e067739f7607512",
}


def validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema_text()), format_checker=FormatChecker())


def executing(email: str = AMA_MENSAH.email) -> SubjectRequest:
    """A granted request whose package is to be made."""
    case = in_state(RequestState.EXECUTING, email=email, kind="access", decided_at=timezone.now())
    SubjectRequest.objects.filter(pk=case.pk).update(kind="portability")
    case.refresh_from_db()
    return case


def made(case: SubjectRequest) -> zipfile.ZipFile:
    assert make_portability_package(case=case, keep_alive=lambda: None) is not None
    case.refresh_from_db()
    download = take_download(case=case, subject=case.subject)
    return zipfile.ZipFile(io.BytesIO(b"".join(download.chunks)))


def data_of(archive: zipfile.ZipFile) -> dict:
    return json.loads(archive.read("data.json"))


def test_the_package_keeps_to_the_schema_it_carries(offixpro):
    case = executing()
    with made(case) as archive:
        assert archive.testzip() is None
        data, carried = data_of(archive), json.loads(archive.read("schema.json"))
    assert carried == json.loads(schema_text())
    validator().validate(data)
    assert (case.state, case.package.rows) == ("completed", sum(len(each["rows"]) for each in data["tables"]))
    assert case.package.rows > 0
    assert letter_kinds(case)[-1] == "portability_ready"
    assert case.reference in letter_of(case, "portability_ready").heading
    for broken in ({"version": "2.0"}, {"tables": [{}]}, {"subject": "ama@example.com"}, {"more": 1}):
        with pytest.raises(ValidationError):
            validator().validate(data | broken)


def test_each_table_is_the_same_in_both_forms(offixpro):
    with made(executing()) as archive:
        data = data_of(archive)
        assert len(data["tables"]) > 1
        for table in data["tables"]:
            raw = archive.read(table["csv"]).decode("utf-8")
            lines = list(csv.reader(io.StringIO(raw)))
            names = [each["name"] for each in table["columns"]]
            assert lines[0] == names
            assert [list(row) for row in table["rows"]] == [names] * len(table["rows"])
            assert len(lines) - 1 == len(table["rows"])
            assert raw.startswith(names[0])
            assert raw.count("\r\n") >= len(lines)


def test_every_column_goes_along_or_is_named_with_the_reason(offixpro):
    with made(executing()) as archive:
        data, read_me = data_of(archive), archive.read("README.txt").decode()
    gone = {(table["name"], column["name"]) for table in data["tables"] for column in table["columns"]}
    named = {(each["table"], each["column"]): each["reason"] for each in data["left_out"] if each["column"]}
    assert gone & set(named) == set()
    tables = {name for name, _column in gone | set(named)}
    known = {(each.dataset.key, each.column) for each in Field.objects.select_related("dataset")}
    assert gone | set(named) == {(table, column) for table, column in known if table in tables}
    assert {"internal", "derived"} <= set(named.values())
    assert all(each["words"] in read_me for each in data["left_out"])


def test_it_is_hers_and_nobody_elses(offixpro, crm):
    with made(executing()) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert AMA_MENSAH.email in everything
    query = "SELECT email FROM crm.customer WHERE email <> %s AND operated_by = 'offixpro'"
    others = [email for (email,) in rows(crm, query, AMA_MENSAH.email) if email]
    assert len(others) > 3
    assert [email for email in others if email in everything] == []


def test_what_does_not_rest_on_consent_or_contract_stays(offixpro):
    dataset = Dataset.objects.get(table_name="customer")
    with made(executing()) as archive:
        before = next(each for each in data_of(archive)["tables"] if each["name"] == dataset.key)
    assert "email" in {each["name"] for each in before["columns"]}
    Purpose.objects.update(lawful_basis=LawfulBasis.LEGITIMATE_INTERESTS)
    with made(executing()) as archive:
        data = data_of(archive)
    validator().validate(data)
    assert data["tables"] == []
    assert {"reason": "other_basis", "column": "email", "table": dataset.key}.items() <= next(
        each.items() for each in data["left_out"] if (each["table"], each["column"]) == (dataset.key, "email")
    )


def test_who_is_not_known_anywhere_gets_an_empty_package_that_says_so(offixpro):
    case = executing("nobody@example.com")
    with made(case) as archive:
        data = data_of(archive)
    validator().validate(data)
    assert (data["tables"], [each["reason"] for each in data["left_out"]]) == ([], ["portal"])
    assert "found nothing that came from you" in letter_of(case, "portability_ready").body


@pytest.fixture
def column(offixpro):
    """A column that goes along, to be changed by the test."""
    field = Field.objects.select_related("dataset").get(dataset__table_name="customer", column="email")
    assert why_left_out(field.dataset, field) is None
    return field


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"category": DataCategory.KEY}, LeftOut.INTERNAL),
        ({"column": "operated_by"}, LeftOut.INTERNAL),
        ({"column": "password_hash"}, LeftOut.CREDENTIAL),
        ({"category": DataCategory.FREE_TEXT}, LeftOut.ORIGIN_UNKNOWN),
        ({"category": DataCategory.UNCLASSIFIED}, LeftOut.ORIGIN_UNKNOWN),
        ({"category": DataCategory.DECISION}, LeftOut.DERIVED),
        ({"origin": Origin.DERIVED}, LeftOut.DERIVED),
        ({"category": DataCategory.FREE_TEXT, "origin": Origin.PROVIDED}, None),
        ({"category": DataCategory.BUSINESS, "origin": Origin.OBSERVED}, None),
    ],
)
def test_why_a_column_stays(column, changes, reason):
    for name, value in changes.items():
        setattr(column, name, value)
    assert why_left_out(column.dataset, column) == reason


def test_a_column_needs_a_purpose_by_consent_or_contract_that_is_not_prohibited(column):
    used = Purpose.objects.filter(fields=column)
    for basis, reason in (
        (LawfulBasis.CONSENT, None), (LawfulBasis.CONTRACT, None), (LawfulBasis.LEGAL_OBLIGATION, LeftOut.OTHER_BASIS),
        (LawfulBasis.LEGITIMATE_INTERESTS, LeftOut.OTHER_BASIS),
    ):  # fmt: skip
        used.update(lawful_basis=basis, withdrawal_consequences="None.")
        assert why_left_out(column.dataset, column) == reason
    used.update(lawful_basis=LawfulBasis.CONSENT, is_prohibited=True)
    assert why_left_out(column.dataset, column) == LeftOut.NO_PURPOSE
    column.purposes.clear()
    assert why_left_out(column.dataset, column) == LeftOut.NO_PURPOSE


@pytest.mark.parametrize("changes", [{"kind": "access"}, {"state": "deciding"}])
def test_a_case_that_waits_for_no_such_package_gets_none(offixpro, changes):
    case = executing()
    SubjectRequest.objects.filter(pk=case.pk).update(**changes)
    case.refresh_from_db()
    assert make_portability_package(case=case, keep_alive=lambda: None) is None
    assert make_portability_package(case=executing(), keep_alive=lambda: None) is not None


def written(tmp_path, values, keep_alive=lambda: None) -> tuple[PortableArchive, zipfile.ZipFile]:
    """A package of one table with one column, of the portal's own making."""
    field = Field.objects.select_related("dataset__source").get(dataset__table_name="customer", column="email")
    columns = [Portable(field, 0, Origin.PROVIDED)]
    target = io.BytesIO()
    with (
        EncryptedWriter(target, context="test") as writer,
        PortableArchive(writer, about={"version": "1.0"}, folder=tmp_path, keep_alive=keep_alive) as archive,
    ):
        iterator = iter(values)
        archive.add_table(field.dataset, columns, (next(iterator),), ((each,) for each in iterator))
        archive.finish()
    target.seek(0)
    return archive, zipfile.ZipFile(io.BytesIO(b"".join(decrypted(target, context="test"))))


def test_values_are_as_they_are(offixpro, tmp_path):
    values = ["+233 56 032 0128", "=1+1", 'say "yes", twice', "one\r\ntwo", "", None, True, 7, {"a": [1, None]}, "né"]
    _archive, zipped = written(tmp_path, values)
    data = data_of(zipped)
    assert [row["email"] for row in data["tables"][0]["rows"]] == values
    raw = zipped.read(data["tables"][0]["csv"])
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert [line[0] if line else "" for line in csv.reader(io.StringIO(raw.decode(), newline=""))] == [
        "email", "+233 56 032 0128", "=1+1", 'say "yes", twice', "one\r\ntwo", "", "", "true", "7", '{"a": [1, null]}',
        "né",
    ]  # fmt: skip


def test_a_large_table_is_never_in_memory(offixpro, tmp_path):
    beats = []
    written(tmp_path, ["x"])
    tracemalloc.start()
    try:
        archive, zipped = written(tmp_path, ("x" * 300 for _n in range(40_000)), lambda: beats.append(1))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (archive.rows, len(beats) >= 40) == (40_000, True)
    assert len(zipped.read("data.json")) > 12_000_000
    assert peak < 6_000_000


@pytest.mark.parametrize("version", PUBLISHED)
def test_a_published_schema_is_valid_public_and_never_changed(visitor, version):
    assert VERSION in PUBLISHED
    answer = visitor.get(f"/schemas/portability/{version}.json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/schema+json")
    Draft202012Validator.check_schema(answer.json())
    assert sha256(json.dumps(answer.json(), sort_keys=True).encode()).hexdigest() == PUBLISHED[version]
    assert visitor.get("/schemas/portability/9.9.json").status_code == 404
    assert visitor.post(f"/schemas/portability/{version}.json").status_code == 405
