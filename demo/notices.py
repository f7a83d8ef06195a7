"""The privacy notices of the sample organisations: the facts of their published policies, in our words."""

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

_TEXTS = Path(__file__).parent / "notices_text"


class SampleNotice(NamedTuple):
    version: str
    title: str
    body: str
    published_at: datetime


class NextNotice(NamedTuple):
    """A version that is scheduled and announced, invented for the demo; changes: what it changes, in plain words."""

    version: str
    title: str
    body: str
    changes: str


OFFIXPRO_NOTICE = SampleNotice(
    "2025-05",
    "How OffixPro CRM uses personal data",
    (_TEXTS / "offixpro.txt").read_text(),
    datetime(2025, 5, 5, tzinfo=UTC),
)
BACK_OFFICE_NOTICE = SampleNotice(
    "2024-01",
    "How Back Office Admins handles personal information",
    (_TEXTS / "back_office.txt").read_text(),
    datetime(2024, 1, 15, tzinfo=UTC),
)
OFFIXPRO_NEXT = NextNotice(
    "2026-01",
    OFFIXPRO_NOTICE.title,
    (_TEXTS / "offixpro_next.txt").read_text(),
    "Calls to our help line are recorded, so that we can check what was agreed, and are deleted after ninety days. A "
    "company in Accra does this for us. You can ask for a call that is not recorded.",
)
