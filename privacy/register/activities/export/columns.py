"""The record in words: the columns of an activity. The letters before the headings are those of GDPR Art. 30(1)."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy.register.activities.export.shape import Line, Record
from privacy.register.activities.export.table import Table, controller_rows, moment_words
from privacy.register.models import Recipient

Column = tuple[str, Callable[[Line], str]]


def as_table(record: Record) -> Table:
    """The record as CSV, XLSX and PDF show it."""
    told = columns()
    return Table(
        title=_("Record of processing activities"),
        about=_("GDPR Art. 30(1); the letters are those of its list."),
        sheet=_("Activities"),
        made_at=record.as_at,
        controller=record.controller,
        particulars=[
            *controller_rows(record.controller),
            (_("As at"), moment_words(record.as_at)),
            (_("Activities"), str(len(record.lines))),
            (_("Processing without consent"), _elsewhere(record.without_consent)),
        ],
        headings=[heading for heading, _of in told],
        rows=[[of(line) for _heading, of in told] for line in record.lines],
        empty=_("No activity is described yet."),
    )


def _elsewhere(number: int) -> str:
    """What is done though nobody was asked stands in a file of its own: not everybody who gets this one may read it."""
    if not number:
        return _("none")
    words = ngettext("%(n)d entry, in a register of its own", "%(n)d entries, in a register of their own", number)
    return words % {"n": number}


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
