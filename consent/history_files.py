"""A person's decisions as files: JSON for programs, CSV for spreadsheets; each decision with its signed receipt.

Where words or terms were altered since, nothing is signed, and the receipt is empty.
"""

import csv
import json
from collections.abc import Sequence
from io import StringIO
from typing import Any

from consent.models import ConsentRecord
from consent.receipts import receipts
from privacy.register.csv_cells import text_cell

_COLUMNS = (
    "id", "recorded_at", "purpose", "title", "decision", "method", "language", "words", "words_sha256", "notice",
    "receipt_jws",
)  # fmt: skip


def as_json(records: Sequence[ConsentRecord], *, host: str) -> bytes:
    """A list under `decisions`, in the order given; each with the fields of its receipt beside the signed one.

    Raises:
        ProfileMissing: the organisation has not said who it is.
    """
    decisions: list[dict[str, Any]] = [
        {**_plain(record), "receipt": made and made.fields, "receipt_jws": made and made.jws}
        for record, made in zip(records, receipts(records, host=host), strict=True)
    ]
    return json.dumps({"decisions": decisions}, indent=1, ensure_ascii=False).encode()


def as_csv(records: Sequence[ConsentRecord], *, host: str) -> bytes:
    """One line for each, with a byte order mark, without which spreadsheets take the letters for others.

    Raises:
        ProfileMissing: the organisation has not said who it is.
    """
    out = StringIO()
    writer = csv.DictWriter(out, _COLUMNS)
    writer.writeheader()
    for record, made in zip(records, receipts(records, host=host), strict=True):
        row = _plain(record) | {"receipt_jws": made.jws if made else ""}
        writer.writerow({name: text_cell(text) for name, text in row.items()})
    return out.getvalue().encode("utf-8-sig")


def _plain(record: ConsentRecord) -> dict[str, str]:
    return {
        "id": str(record.pk),
        "recorded_at": record.recorded_at.isoformat(),
        "purpose": record.purpose.code,
        "title": record.title_shown,
        "decision": record.decision,
        "method": record.method,
        "language": record.language,
        "words": record.wording.text if record.wording and record.words_stand else "",
        "words_sha256": record.wording_digest,
        "notice": record.notice.version if record.notice else "",
    }
