import csv
import io
import json
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from privacy.subjects.files import EncryptedWriter, decrypted
from requests.fulfilment.archive import SHOWN_ROWS, Archive, Column
from requests.fulfilment.values import as_cell, as_json, as_text, as_words

COLUMNS = [
    Column("name", "Name", "identity", ("Support",)),
    Column("note", "Note", "free text", ("Billing", "Support")),
]


def made(tmp_path: Path, datasets: dict[str, Iterator], keep_alive=lambda: None) -> tuple[Archive, zipfile.ZipFile]:
    target = io.BytesIO()
    with EncryptedWriter(target, context="test") as writer:
        archive = Archive(writer, folder=tmp_path, zone=ZoneInfo("Africa/Accra"), keep_alive=keep_alive)
        for title, rows in datasets.items():
            archive.add_dataset(title=title, source="CRM", columns=COLUMNS, rows=rows)
        archive.close()
    target.seek(0)
    return archive, zipfile.ZipFile(io.BytesIO(b"".join(decrypted(target, context="test"))))


def many(number: int) -> Iterator[tuple[str, str]]:
    return ((f"Ama {n}", "x" * 200) for n in range(number))


@pytest.mark.parametrize("number", [1, 3])
def test_the_same_rows_are_in_both_forms(alpha, tmp_path, number):
    archive, zipped = made(tmp_path, {"Tickets & mails": many(number)})
    assert zipped.namelist() == ["data/01-tickets-mails.csv", "data/01-tickets-mails.json"]
    table = list(csv.reader(io.StringIO(zipped.read("data/01-tickets-mails.csv").decode("utf-8-sig"))))
    data = json.loads(zipped.read("data/01-tickets-mails.json"))
    assert table[0] == ["Name", "Note"]
    assert table[1:] == [[row["name"], row["note"]] for row in data["rows"]]
    assert len(data["rows"]) == archive.sections[0].rows == number
    assert data["columns"][1] == {
        "name": "note", "label": "Note", "category": "free text", "purposes": ["Billing", "Support"],
    }  # fmt: skip


def test_a_dataset_without_rows_leaves_no_files_and_names_may_repeat(alpha, tmp_path):
    archive, zipped = made(tmp_path, {"Empty": iter(()), "Full": many(1), "full": many(1)})
    assert [section.title for section in archive.sections] == ["Full", "full"]
    assert len(set(zipped.namelist())) == 4


def test_a_large_dataset_is_shown_in_part_and_kept_whole(alpha, tmp_path):
    archive, zipped = made(tmp_path, {"Logins": many(SHOWN_ROWS + 3)})
    (section,) = archive.sections
    assert (len(section.shown), section.more, section.rows) == (SHOWN_ROWS, 3, SHOWN_ROWS + 3)
    assert len(json.loads(zipped.read(section.json_name))["rows"]) == SHOWN_ROWS + 3


def test_nothing_is_left_in_the_folder_even_when_reading_fails(alpha, tmp_path):
    def broken() -> Iterator[tuple[str, str]]:
        yield from many(2)
        raise ConnectionError

    made(tmp_path, {"Logins": many(2)})
    with pytest.raises(ConnectionError):
        made(tmp_path, {"Logins": broken()})
    assert list(tmp_path.iterdir()) == []


def test_whoever_asks_to_be_kept_alive_can_stop_the_work(alpha, tmp_path):
    def lost() -> None:
        raise TimeoutError

    made(tmp_path, {"Logins": many(999)}, keep_alive=lost)
    with pytest.raises(TimeoutError):
        made(tmp_path, {"Logins": many(1000)}, keep_alive=lost)


def test_memory_does_not_grow_with_the_number_of_rows(alpha, tmp_path):
    def peak(number: int) -> int:
        with (tmp_path / "package").open("wb") as target, EncryptedWriter(target, context="test") as writer:
            tracemalloc.start()
            archive = Archive(writer, folder=tmp_path, zone=ZoneInfo("Africa/Accra"), keep_alive=lambda: None)
            archive.add_dataset(title="Logins", source="CRM", columns=COLUMNS, rows=many(number))
            archive.close()
            _now, highest = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        return highest

    assert peak(20_000) < peak(2_000) + 200_000  # bytes; the data itself grows by four million


@pytest.mark.parametrize(
    ("value", "in_json", "in_text"),
    [
        (None, None, ""),
        (True, True, "yes"),
        (7, 7, "7"),
        (1.5, 1.5, "1.5"),
        (float("nan"), "nan", "nan"),
        (Decimal("12.30"), "12.30", "12.30"),
        (date(2026, 11, 2), "2026-11-02", "2026-11-02"),
        (datetime(2026, 11, 2, 9, tzinfo=UTC), "2026-11-02T09:00:00+00:00", "2026-11-02T09:00:00+00:00"),
        (timedelta(hours=1), "1:00:00", "1:00:00"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000001"),
        (b"\x00\xff", "AP8=", "AP8="),
        ({"a": [1, Decimal(2)]}, {"a": [1, "2"]}, '{"a": [1, "2"]}'),
        (["Accra", None], ["Accra", None], '["Accra", null]'),
        ("Ɛkua", "Ɛkua", "Ɛkua"),
    ],
)
def test_values_keep_what_they_say_in_both_forms(value, in_json, in_text):
    assert (as_json(value), as_text(value)) == (in_json, in_text)
    json.dumps(as_json(value), allow_nan=False)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2026, 11, 2), "2 November 2026"),
        (datetime(2026, 11, 2, 20, 30, tzinfo=UTC), "2 November 2026, 12:30 PST"),
        (datetime(2026, 11, 2, 20, 30), "2 November 2026, 20:30"),
        (None, ""),
        (Decimal("12.30"), "12.30"),
    ],
)
def test_the_page_tells_days_and_times_as_people_write_them(value, words):
    assert as_words(value, ZoneInfo("America/Vancouver")) == words


def test_the_page_leaves_out_keys_of_rows_and_the_files_have_them(alpha, tmp_path):
    target = io.BytesIO()
    with EncryptedWriter(target, context="test") as writer:
        archive = Archive(writer, folder=tmp_path, zone=ZoneInfo("UTC"), keep_alive=lambda: None)
        columns = [Column("id", "Key", is_key=True), Column("city", "Town")]
        archive.add_dataset(title="Places", source="CRM", columns=columns, rows=iter([(7, "Accra")]))
    (section,) = archive.sections
    assert (section.headings, section.shown) == (["Town"], [["Accra"]])
    assert [column.name for column in section.columns] == ["id", "city"]


@pytest.mark.parametrize("text", ["=1+1", "+233", "-x", "@SUM(A1)", "\tx", "\rx"])
def test_text_that_a_spreadsheet_would_run_is_disarmed_in_csv_and_untouched_in_json(text):
    assert (as_cell(text), as_json(text)) == ("'" + text, text)


@pytest.mark.parametrize("value", [-5, Decimal("-5.1"), "5-1", "Ama"])
def test_numbers_and_harmless_text_stay_as_they_are(value):
    assert as_cell(value) == str(value)
