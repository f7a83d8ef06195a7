"""Invented particulars of a case, for previews and tests."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from privacy.letters.places import sample_organisation

SAMPLE_NAME = "Ama Mensah"
SAMPLE_ADDRESS = "ama.mensah@example.com"
SAMPLE_REFERENCE = "PR-7F3K-92QD"
SOON, LATER = dt.date(2026, 3, 16), dt.date(2026, 5, 1)


@dataclass(frozen=True)
class SampleCase:
    """What letters read of a case."""

    kind: str
    reference: str = SAMPLE_REFERENCE
    name: str | None = SAMPLE_NAME
    received_on: dt.date = dt.date(2026, 3, 2)
    due_on: dt.date = dt.date(2026, 4, 1)


def sample_case_particulars(kind: str) -> dict[str, Any]:
    """What `requests.letters` gives to every letter of a case."""
    case = SampleCase(kind)
    return {
        "case": case,
        "organisation": sample_organisation(),
        "portal": "https://privacy.baobab.example/",
        "binding": {"citation": "Data Protection Act, 2012 (Act 843), s. 35", "law": "GH"},
        "due_on": case.due_on,
        "authorities": [
            {
                "name": _("Data Protection Commission of Ghana"),
                "url": "https://dataprotection.org.gh",
                "within_words": _("%(n)s months") % {"n": 6},
            }
        ],
    }
