"""A CSV file with disclosures: read, checked by line, confirmed or forgotten; all of it or nothing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from privacy.jobs.models import Job
from privacy.jobs.runner import run_job
from privacy.ledger.actors import Actor
from privacy.ledger.models import LedgerEntry
from privacy.register.disclosures.columns import COLUMNS
from privacy.register.disclosures.importing import (
    FORGET,
    check_upload,
    confirm_upload,
    discard_upload,
    upload_disclosures,
)
from privacy.register.disclosures.reading import LARGEST_FILE, FileUnreadable, read_rows, text_of
from privacy.register.models import Disclosure, DisclosureUpload, Purpose
from privacy.subjects.models import Subject
from tests.privacy.register.disclosures.conftest import AMA

pytestmark = pytest.mark.usefixtures("register")
HEAD = "reference,email,recipient,date,categories,purpose,means"


def row(reference="D-1", email=AMA, recipient="Cloud Ltd", day="2025-06-01", data="contact", purpose="hosting") -> str:
    return f"{reference},{email},{recipient},{day},{data},{purpose},system"


def content(*rows: str, head: str = HEAD) -> bytes:
    return "\r\n".join([head, *rows]).encode()


@pytest.fixture
def me(officer) -> Actor:
    return Actor.officer(officer)


@pytest.fixture
def upload(me):
    return lambda *rows, **how: upload_disclosures(content=content(*rows, **how), actor=me)


def test_a_file_is_checked_confirmed_and_stored_once(upload, me, ama):
    kept = upload(
        row("D-1"), row("D-2", "kofi@example.com", data='"contact, identity"'), row("D-3", "kofi@example.com")
    )
    report = check_upload(kept)
    assert (report.rows, report.new, report.known, report.people, report.faults) == (3, 3, 0, 1, [])
    assert (Disclosure.objects.count(), Subject.objects.count()) == (0, 1)
    assert confirm_upload(upload_id=kept.pk, actor=me).new == 3
    stored = {each.reference: (each.subject == ama, each.way, each.categories) for each in Disclosure.objects.all()}
    assert stored == {
        "D-1": (True, "import", ["contact"]),
        "D-2": (False, "import", ["contact", "identity"]),
        "D-3": (False, "import", ["contact"]),
    }
    with pytest.raises(DisclosureUpload.DoesNotExist):
        confirm_upload(upload_id=kept.pk, actor=me)
    again = upload(row("D-1"), row("D-4"))
    assert (check_upload(again).new, check_upload(again).known) == (1, 1)
    confirm_upload(upload_id=again.pk, actor=me)
    assert Disclosure.objects.count() == 4
    assert DisclosureUpload.objects.count() == 0


def test_a_customer_in_two_ways_of_writing_is_one_person_of_a_file(upload, me):
    """The same row twice, and another of the same customer; and one of somebody else."""
    head = HEAD.replace("email", "customer_id")
    kept = upload(
        row("D-1", "Ｋé7"), row("D-1", "Ke\u03017"), row("D-2", "Ké7"), row("D-3", "Kè7"), row("D-3", "Ke7"), head=head
    )
    report = check_upload(kept)
    assert (report.new, report.known, report.people) == (3, 1, 2)
    assert [fault.line for fault in report.faults] == [6]


def test_every_row_at_fault_says_by_its_line_what_to_do_and_nothing_is_stored(upload, me):
    kept = upload(
        row("D-1"),
        row(""),
        row("D-3", "nobody"),
        row("D-4", recipient="Nobody Inc"),
        "",
        row("D-5", day="1.6.2025"),
        row("D-6", day="2999-01-01"),
        row("D-7", data="gossip"),
        row("D-8", purpose="sale"),
        row("D-9", purpose="audit"),
        row("D-1", purpose="hosting", day="2025-06-02"),
        row("D-11") + ",one cell too many",
    )  # fmt: skip
    report = confirm_upload(upload_id=kept.pk, actor=me)
    assert [(fault.line, fault.column) for fault in report.faults] == [
        (3, "reference"), (4, "email"), (5, "recipient"), (7, "date"), (8, "date"), (9, "categories"),
        (10, "purpose"), (11, "purpose"), (12, "reference"), (13, ""),
    ]  # fmt: skip
    assert not report.may_be_stored
    assert "nobody" not in " ".join(fault.message for fault in report.faults)
    assert (Disclosure.objects.count(), DisclosureUpload.objects.count()) == (0, 1)


def test_every_fault_of_a_row_is_named_at_once(upload, me):
    Purpose.objects.filter(code="hosting").update(is_prohibited=True)
    report = check_upload(
        upload(
            row("D-1", "nobody", "Unknown", "2099-01-01", "gossip"), row("D-2", "", "", "1 June", "", ""), row("D-3")
        )
    )
    assert [(fault.line, fault.column) for fault in report.faults] == [
        (2, "email"), (2, "recipient"), (2, "date"), (2, "categories"), (2, "purpose"),
        (3, "email"), (3, "recipient"), (3, "date"), (3, "categories"), (3, "purpose"),
        (4, "purpose"),
    ]  # fmt: skip
    Purpose.objects.filter(code="hosting").update(is_prohibited=False)
    assert check_upload(upload(row())).faults == []
    half_said = check_upload(upload(row() + ",nonsense,maybe", head=f"{HEAD},ground,secret"))
    assert [fault.column for fault in half_said.faults] == ["ground", "authority", "approver", "secret"]


def test_the_register_may_change_between_the_look_and_the_confirmation(upload, me):
    kept = upload(row())
    assert check_upload(kept).may_be_stored
    Purpose.objects.filter(code="hosting").update(is_prohibited=True)
    assert confirm_upload(upload_id=kept.pk, actor=me).faults[0].column == "purpose"
    assert Disclosure.objects.count() == 0


def test_a_file_is_seen_by_the_officer_who_sent_it_and_kept_encrypted(upload, me, make_officer):
    kept = upload(row())
    other = Actor.officer(make_officer())
    with pytest.raises(DisclosureUpload.DoesNotExist):
        confirm_upload(upload_id=kept.pk, actor=other)
    discard_upload(upload_id=kept.pk, actor=other)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM register_disclosureupload")
        assert AMA.encode() not in bytes(cursor.fetchone()[0])
    discard_upload(upload_id=kept.pk, actor=me)
    assert DisclosureUpload.objects.count() == 0


def test_a_file_that_nobody_decides_about_is_forgotten(upload):
    kept, other = upload(row()), upload(row())
    job = Job.objects.get(kind=FORGET, slot=str(kept.pk))
    Job.objects.filter(pk=job.pk).update(due_at=kept.created_at)
    run_job(job_id=job.pk)
    assert list(DisclosureUpload.objects.all()) == [other]


def test_the_ledger_has_counts_and_no_person(upload, me):
    confirm_upload(upload_id=upload(row("D-1"), row("D-2", "kofi@example.com")).pk, actor=me)
    entry = LedgerEntry.objects.get(action="disclosure.bulk_recorded")
    assert entry.data == {"stored": 2, "without_consent": 0, "way": "import"}
    assert AMA not in str(list(LedgerEntry.objects.values()))


@pytest.mark.parametrize(
    ("given", "advice"),
    [
        (b"", "Missing: reference, recipient"),
        (content(), "no row below"),
        (content(row(), head="reference,email"), "Missing: recipient"),
        (content(row(), head=f"{HEAD},colour"), "Use only these columns"),
        (content(row(), head=f"{HEAD},email"), "each once"),
        (content(row(email='"' + AMA)), "line 2"),
        (content(row()).replace(b"Cloud", b"Clo\xfcd"), "UTF-8"),
        (content(row()).replace(b"Cloud", b"Clo\0d"), "characters that no text has"),
        (b"x" * (LARGEST_FILE + 1), "larger than 8 MB"),
        (content(*[row()] * 10_001), "more than 10000 rows"),
    ],
)
def test_a_file_of_which_nothing_can_be_used_says_why(me, given, advice):
    with pytest.raises(FileUnreadable, match=advice):
        upload_disclosures(content=given, actor=me)
    assert DisclosureUpload.objects.count() == 0


def test_spreadsheets_write_semicolons_and_a_byte_order_mark():
    text = text_of(b"\xef\xbb\xbf" + content(row()).replace(b",", b";"))
    (read,) = read_rows(text)
    assert (read.line, read.said.reference, read.said.recipient) == (2, "D-1", "Cloud Ltd")


def test_lines_are_counted_as_an_editor_counts_them():
    head = f"{HEAD},note"
    rows = read_rows(content(row() + ',"two\nlines"', "", row("D-2") + ",", head=head).decode())
    assert [(each.line, each.said.note) for each in rows] == [(2, "two\nlines"), (5, "")]


def test_every_column_is_read():
    names = [column.name for column in COLUMNS]
    cells = {
        "reference": "D-1", "phone": "+233560320128", "recipient": "Police", "date": "2025-06-01",
        "categories": "contact  identity", "purpose": "audit", "means": "Post", "ground": "Law", "authority": "s. 7",
        "approver": "Esi", "secret": "yes", "note": "Sealed",
    }  # fmt: skip
    line = ",".join(cells.get(name, "") for name in names)
    (read,) = read_rows("\n".join([",".join(names).upper(), line]))
    said = read.said
    assert (said.person.kind, said.categories, said.means, said.ground, said.authority, said.approver) == (
        "phone", ("contact", "identity"), "post", "law", "s. 7", "Esi",
    )  # fmt: skip
    assert (said.is_secret, said.note, said.recipient, said.purpose) == (True, "Sealed", "Police", "audit")


def test_ten_thousand_rows_are_stored_in_few_queries(upload, me):
    kept = upload(*(row(f"D-{n}", f"p{n}@example.com") for n in range(10_000)))
    with CaptureQueriesContext(connection) as captured:
        report = confirm_upload(upload_id=kept.pk, actor=me)
    assert report.new == Disclosure.objects.count() == 10_000
    asked = [each["sql"] for each in captured if "search_path" not in each["sql"]]
    assert len([sql for sql in asked if "INSERT" in sql and "register_disclosure" in sql]) == 10
    assert len(asked) < 60
