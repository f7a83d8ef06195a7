"""The columns of a CSV file with disclosures, one row for each."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from privacy.register.categories import DISCLOSABLE
from privacy.register.models import GroundWithoutConsent, Means


@dataclass(frozen=True)
class CsvColumn:
    """field: of the statement, which refusals name."""

    name: str
    field: str
    words: str | Promise
    required: bool = False
    codes: tuple[str, ...] = ()


COLUMNS: tuple[CsvColumn, ...] = (
    CsvColumn("reference", "reference", _("Your own number of it. The same one is never stored twice."), True),
    CsvColumn("email", "subject", _("The person: exactly one of e-mail address, phone and customer number.")),
    CsvColumn("phone", "subject", _("With country code, like +233560320128.")),
    CsvColumn("customer_id", "subject", _("The customer number.")),
    CsvColumn("recipient", "recipient", _("Name of the recipient, as it is in the register."), True),
    CsvColumn("date", "disclosed_on", _("Day of the disclosure, like 2026-03-31."), True),
    CsvColumn(
        "categories", "categories", _("Codes of the kinds of data, with spaces between."), True,
        tuple(each.value for each in DISCLOSABLE),
    ),
    CsvColumn("purpose", "purpose", _("Code of the purpose in the register."), True),
    CsvColumn("means", "means", _("How it was disclosed."), True, tuple(Means.values)),
    CsvColumn(
        "ground", "ground", _("Only where the person was not told of the purpose."), False,
        tuple(GroundWithoutConsent.values),
    ),
    CsvColumn("authority", "authority", _("With a ground: the provision, order or file on which it rests.")),
    CsvColumn("approver", "approver", _("With a ground: who approved.")),
    CsvColumn("secret", "is_secret", _("yes, where a law forbids telling the person; else empty.")),
    CsvColumn("note", "note", _("Anything else; kept encrypted.")),
)  # fmt: skip
