"""To whom a person's data was disclosed, as their access package tells it (PIPEDA, schedule 1, 4.9.1; GDPR 15(1)(c)).

What a law forbids telling the person is not in it, and nothing says that anything was left out (PIPEDA s. 9(2.4)).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from privacy.register.disclosures.selectors import disclosures_to_tell
from privacy.register.models import Disclosure, Recipient
from privacy.subjects.models import Subject
from requests.fulfilment.archive import Column

SHOWN = 100


@dataclass
class Told:
    """One recipient as the readable page shows it: the newest disclosures, and how many more are in the files."""

    recipient: Recipient
    disclosures: list[Disclosure] = field(default_factory=list)
    more: int = 0


def disclosed_by_recipient(subject: Subject) -> list[Told]:
    """Recipients in the order of their newest disclosure."""
    found: dict[int, Told] = {}
    for row in disclosures_to_tell(subject):
        told = found.setdefault(row.recipient_id, Told(row.recipient))
        if len(told.disclosures) < SHOWN:
            told.disclosures.append(row)
        else:
            told.more += 1
    return list(found.values())


def disclosure_columns() -> list[Column]:
    names = [
        ("disclosed_on", _("day")), ("recipient", _("to whom")), ("role", _("what they do for us")),
        ("country", _("country")), ("safeguard", _("safeguard")), ("categories", _("kinds of data")),
        ("purpose", _("what for")), ("basis", _("on what basis")), ("means", _("how")),
        ("policy", _("their privacy policy")),
    ]  # fmt: skip
    return [Column(name=name, label=label) for name, label in names]


def disclosure_rows(subject: Subject) -> Iterator[Sequence[Any]]:
    """One row for each disclosure, newest first."""
    for row in disclosures_to_tell(subject).iterator(500):
        to = row.recipient
        yield (
            row.disclosed_on, to.name, to.role, to.country, to.safeguard_words, row.categories_words,
            row.purpose.title, row.basis_words, row.get_means_display(), to.policy_url,
        )  # fmt: skip
