"""The record as files: each says the same, none runs as a formula, and JSON-LD needs no network."""

import csv
import io
import json

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from privacy.register.activities.export import FORMATS, record_of_processing
from privacy.register.activities.export.columns import as_table, columns
from privacy.register.activities.export.vocabulary import PREFIXES
from privacy.register.models import OrganisationProfile
from tests.privacy.register.activities.conftest import make_purpose, make_recipient, today

KEYWORDS = {"@id", "@type", "@context", "@version", "@language"}


def rendered(name: str) -> bytes:
    return FORMATS[name].render(record_of_processing())


def csv_rows() -> list[list[str]]:
    return list(csv.reader(io.StringIO(rendered("csv").decode("utf-8-sig"))))


def xlsx_rows(sheet: int) -> list[list[str]]:
    """As another library reads them; every cell is a text."""
    page = load_workbook(io.BytesIO(rendered("xlsx"))).worksheets[sheet - 1]
    assert {cell.data_type for row in page.iter_rows() for cell in row if cell.value is not None} == {"s"}
    return [["" if cell is None else cell for cell in row] for row in page.iter_rows(values_only=True)]


@pytest.fixture
def three(make_activity):
    """Three activities, of which one ended; the first has everything."""
    counting = make_purpose("counting", "legitimate_interests")
    return [
        make_activity(
            "=HYPERLINK(1)", purposes=[counting, make_purpose("mails")], interests="Knowing what is read",
            recipients=[make_recipient("Host", "US", "standard_clauses"), make_recipient("Printer")],
            data_categories=["contact", "free_text"], special_categories=["health"], special_condition="Art. 9(2)(h)",
            is_automated=True, decision_logic="Counts; over ten it says no.", sources=["the person"],
            impact_assessment="DPIA-4", joint_controllers="Sister Ltd",
        ),
        make_activity("Payroll <&> \u0001 tax"),
        make_activity("Closed shop", ended_on=today()),
    ]  # fmt: skip


def test_tables_say_the_same_and_nothing_in_them_is_a_formula(three):
    ours = [value for _heading, value in as_table(record_of_processing()).particulars]
    heading, *lines = csv_rows()
    told = [name for name, _of in columns()]
    assert (heading[len(ours) :], len(lines)) == (told, 2)
    assert [line[len(ours)] for line in lines] == ["'=HYPERLINK(1)", "Payroll <&> \u0001 tax"]
    assert [cell for line in lines for cell in line if cell.startswith("=")] == []
    first = dict(zip(told, lines[0][len(ours) :], strict=True))
    assert first["Lawful basis"].splitlines() == ["Counting: legitimate interests", "Mails: contract"]
    assert first["(e) Transfers and safeguards"] == "Host, US: standard contractual clauses"
    assert first["(c) Kinds of data"] == "contact details, free text"
    assert first["Special categories"] == "health (Art. 9(2)(h))"
    assert [row[1:] for row in xlsx_rows(1)] == [
        told[1:], *([cell.replace("\u0001", "") for cell in line[len(ours) + 1 :]] for line in lines),
    ]  # fmt: skip
    assert [row[0] for row in xlsx_rows(1)] == ["Activity", "'=HYPERLINK(1)", "Payroll <&>  tax"]
    assert dict(xlsx_rows(2))["Controller"] == OrganisationProfile.objects.get().legal_name


def test_an_empty_record_is_a_record(alpha):
    assert len(csv_rows()) == 1
    assert len(xlsx_rows(1)) == 1
    assert json.loads(rendered("jsonld"))["dpv:hasProcess"] == []
    assert "No activity is described yet." in PdfReader(io.BytesIO(rendered("pdf"))).pages[0].extract_text()


def test_the_pdf_says_it_too_over_as_many_pages_as_it_needs(three, make_activity):
    for number in range(9):
        make_activity(f"Long {number}", description="Words. " * 300)
    pages = PdfReader(io.BytesIO(rendered("pdf"))).pages
    text = "".join(page.extract_text() for page in pages)
    assert len(pages) > 3
    for words in ("Host, US: standard contractual clauses", "Long 8", "Sister Ltd", f"Page 2 of {len(pages)}"):
        assert words in text, words
    assert "Closed shop" not in text


def test_json_ld_is_in_terms_of_the_vocabulary_and_brings_its_context(three):
    document = json.loads(rendered("jsonld"))
    assert {prefix: document["@context"][prefix] for prefix in PREFIXES} == PREFIXES
    terms = set(_terms(document))
    assert {term for term in terms if term.partition(":")[0] not in PREFIXES} == set()
    assert document["@type"] == "dpv:ROPA"
    full, plain = document["dpv:hasProcess"]
    assert full["@id"] == f"urn:uuid:{three[0].pk}"
    assert [each["@type"] for each in full["dpv:hasLegalBasis"]] == ["dpv:LegitimateInterest", "dpv:Contract"]
    assert [each["@type"] for each in full["dpv:hasPersonalData"]] == [
        ["dpv:PersonalData", "pd:Contact"], ["dpv:PersonalData"], "dpv:SpecialCategoryPersonalData",
    ]  # fmt: skip
    (transfer,) = full["dpv:hasProcessing"]
    assert transfer["dpv:hasDataImporter"]["@id"] in {each["@id"] for each in full["dpv:hasRecipient"]}
    assert transfer["dpv:hasThirdCountry"] == {"@id": "loc:US"}
    assert full["dpv:hasContext"]["@type"] == "dpv:AutomatedDecisionMaking"
    assert plain.keys() & {"dpv:hasContext", "dpv:hasProcessing", "dpv:hasImpactAssessment"} == set()


def test_articles_of_the_gdpr_are_named_where_it_applies_only(three):
    assert "eu-gdpr:A" not in rendered("jsonld").decode()
    OrganisationProfile.objects.update(laws=["GH", "EU"])
    full = json.loads(rendered("jsonld"))["dpv:hasProcess"][0]
    assert full["dpv:hasLegalBasis"][0]["@type"] == ["dpv:LegitimateInterest", "eu-gdpr:A6-1-f"]
    (transfer,) = full["dpv:hasProcessing"]
    assert transfer["dpv:hasLegalBasis"]["@type"] == ["dpv:DataTransferLegalBasis", "eu-gdpr:A46-2-c"]
    measure = transfer["dpv:hasTechnicalOrganisationalMeasure"]
    assert measure["@type"] == ["dpv:SafeguardForDataTransfer", "eu-gdpr:StandardContractualClauses"]


def test_the_same_record_becomes_the_same_bytes(three):
    record = record_of_processing()
    for each in FORMATS.values():
        assert each.render(record) == each.render(record), each.extension


def _terms(node):
    """Every key and every type of a document, below its context."""
    if isinstance(node, list):
        for each in node:
            yield from _terms(each)
    elif isinstance(node, dict):
        types = node.get("@type", [])
        yield from [types] if isinstance(types, str) else types
        for key, value in node.items():
            if key != "@context":
                yield from () if key in KEYWORDS else (key,)
                yield from _terms(value)
