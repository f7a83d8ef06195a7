"""The privacy notices of the sample organisations: the facts of their published policies, in our words."""

from pathlib import Path

_TEXTS = Path(__file__).parent / "notices_text"

# version, title, text
OFFIXPRO_NOTICE = ("2025-05", "How OffixPro CRM uses personal data", (_TEXTS / "offixpro.txt").read_text())
BACK_OFFICE_NOTICE = (
    "2024-01",
    "How Back Office Admins handles personal information",
    (_TEXTS / "back_office.txt").read_text(),
)
