"""Processing without consent as files for auditors: all of it, each file the same, and no formula."""

import csv
import io

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from privacy.register.activities.export import (
    WITHOUT_CONSENT_FORMATS,
    record_of_processing,
    register_of_processing_without_consent,
)
from privacy.register.activities.export.columns import as_table
from privacy.register.activities.models import ProcessingWithoutConsent
from privacy.register.activities.without_consent import (
    approve_processing,
    decline_processing,
    end_processing,
    enter_processing,
)
from privacy.register.models import OrganisationProfile
from tests.privacy.register.activities.conftest import DAY, make_purpose, today
from tests.privacy.register.activities.test_without_consent import statement


def rendered(name: str) -> bytes:
    return WITHOUT_CONSENT_FORMATS[name].render(register_of_processing_without_consent())


def csv_rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(rendered("csv").decode("utf-8-sig"))))


def xlsx_rows() -> list[dict[str, str]]:
    heading, *rows = load_workbook(io.BytesIO(rendered("xlsx"))).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(heading, ("" if cell is None else cell for cell in row), strict=True)) for row in rows]


@pytest.fixture
def three(officer, make_officer) -> list[ProcessingWithoutConsent]:
    """One that is ended, one that was declined, one that waits."""
    second = make_officer()
    ended, declined, waiting = (
        enter_processing(statement=statement(**fields), officer=officer)
        for fields in (
            {"purpose": make_purpose("invoices"), "what": "=HYPERLINK(1)"},
            {"ground": "lawyer", "authority": "Letter of 2 May"},
            {"ground": "law", "authority": "Act 843 s. 60", "about_whom": "debtors"},
        )
    )
    approve_processing(processing=ended, officer=second)
    end_processing(processing=ended, ended_on=today(), reason="It was nothing.", officer=officer)
    decline_processing(processing=declined, reason="Ask them.", officer=second)
    return [ended, declined, waiting]


def test_the_file_says_ground_authority_who_approved_and_when_it_is_reviewed(three, officer):
    waiting, declined, ended = csv_rows()
    assert [ended[name] for name in ("Provision, order or file", "Ground", "What is done", "Purpose", "State")] == [
        "File 2026-14", "preventing or detecting fraud", "'=HYPERLINK(1)", "Invoices", "ended",
    ]  # fmt: skip
    three[0].refresh_from_db()
    assert (ended["Entered by"], ended["Decided by"]) == (officer.full_name, three[0].decided_by.full_name)
    assert (ended["Review on"], ended["Ended on"], ended["Why it ended"]) == (
        "",
        today().isoformat(),
        "It was nothing.",
    )
    assert (declined["State"], declined["Why it ended"]) == ("declined", "Ask them.")
    assert (waiting["State"], waiting["Decided by"], waiting["Decided"], waiting["Review on"]) == (
        "waits for a second officer", "", "", (today() + 30 * DAY).isoformat(),
    )  # fmt: skip
    assert waiting["Controller"] == OrganisationProfile.objects.get().legal_name


def test_every_format_says_the_same(three):
    rows = xlsx_rows()
    assert rows == [{name: row[name] for name in rows[0]} for row in csv_rows()]
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(rendered("pdf"))).pages)
    for words in ("Register of processing without consent", "Act 843 s. 60", "It was nothing.", "Letter of 2 May"):
        assert words in text, words


def test_an_empty_register_is_a_register(alpha):
    assert (csv_rows(), xlsx_rows()) == ([], [])
    assert "Nothing is entered." in PdfReader(io.BytesIO(rendered("pdf"))).pages[0].extract_text()


def test_the_number_of_questions_does_not_grow(three, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert len(register_of_processing_without_consent().entries) == 3


def test_the_record_of_processing_says_how_much_there_is_and_nothing_of_it(three, officer, make_officer):
    def said() -> str:
        return dict(as_table(record_of_processing()).particulars)["Processing without consent"]

    assert said() == "none"
    approve_processing(processing=three[2], officer=make_officer())
    assert said() == "1 entry, in a register of its own"
    assert "Act 843 s. 60" not in str(as_table(record_of_processing()))
