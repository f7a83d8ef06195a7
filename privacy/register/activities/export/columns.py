"""The record in words: the particulars of the controller, and the columns of an activity.

CSV, XLSX and PDF show these; the letters in front of the headings are those of GDPR Art. 30(1).
"""

from collections.abc import Callable, Iterable

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from privacy.register.activities.export.shape import Line, Record
from privacy.register.models import Recipient

Column = tuple[str, Callable[[Line], str]]


def controller_rows(record: Record) -> list[tuple[str, str]]:
    """Who answers for the record, and of when it is (Art. 30(1)(a))."""
    ours = record.controller
    officer = (ours.officer_name, ours.officer_title, ours.officer_email, ours.officer_phone)
    return [
        (_("Controller"), ours.legal_name),
        (_("Known as"), ours.trading_name),
        (_("Address"), ours.address),
        (_("Country"), ours.country),
        (_("Web site"), ours.website),
        (_("Representative"), ours.representative),
        (_("Privacy Officer or Data Protection Officer"), _listed(officer)),
        (_("Laws that apply"), _listed(ours.laws)),
        (_("As at"), date_format(localtime(record.as_at), "j M Y, H:i T")),
        (_("Activities"), str(len(record.lines))),
    ]


def columns() -> list[Column]:
    """Headings in the language of now, each with what stands under it."""
    return [
        (_("Activity"), lambda line: line.activity.name),
        (_("What is done"), lambda line: line.activity.description),
        (_("(a) Joint controllers"), lambda line: line.activity.joint_controllers),
        (_("(b) Purposes"), lambda line: _lines(each.title for each in line.purposes)),
        (_("Lawful basis"), _bases),
        (_("Legitimate interests"), lambda line: line.activity.interests),
        (_("(c) Groups of people"), lambda line: _listed(line.activity.subject_groups)),
        (_("(c) Kinds of data"), lambda line: line.activity.data_words),
        (_("Special categories"), _special),
        (_("(d) Recipients"), lambda line: _lines(_recipient(each) for each in line.recipients)),
        (_("(e) Transfers and safeguards"), _transfers),
        (_("(f) Time limits of erasure"), lambda line: line.activity.retention),
        (_("(g) Security measures"), lambda line: line.activity.security),
        (_("Where the data comes from"), lambda line: _listed(line.activity.sources)),
        (_("Automated decisions"), _automated),
        (_("Impact assessment"), lambda line: line.activity.impact_assessment),
        (_("Who answers for it"), lambda line: line.activity.owner),
        (_("Last reviewed"), lambda line: line.activity.reviewed_on.isoformat() if line.activity.reviewed_on else ""),
        (_("Next review"), lambda line: line.activity.review_on.isoformat()),
        (_("Number"), lambda line: str(line.activity.pk)),
    ]


def _bases(line: Line) -> str:
    facts = ({"purpose": each.title, "basis": each.get_lawful_basis_display()} for each in line.purposes)
    return _lines(_("%(purpose)s: %(basis)s") % each for each in facts)


def _special(line: Line) -> str:
    activity = line.activity
    if not activity.special_categories:
        return _("none")
    allowed = f" ({activity.special_condition})" if activity.special_condition else ""
    return _listed(activity.special_categories) + allowed


def _recipient(recipient: Recipient) -> str:
    return _listed((recipient.name, recipient.role, recipient.country))


def _transfers(line: Line) -> str:
    if not line.transfers:
        return _("none: the data stays in the country")
    return _lines(
        f"{each.recipient}, {each.country}: {each.safeguard_words or _('no safeguard is named')}"
        for each in line.transfers
    )


def _automated(line: Line) -> str:
    return line.activity.decision_logic if line.activity.is_automated else _("none")


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(part for part in parts if part)


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(part for part in parts if part)
