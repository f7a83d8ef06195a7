"""A receipt in words: what the page and the PDF say, in the language that is active."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consent.how_decided import heading_of_given, heading_of_no
from consent.models import Decision
from consent.receipts.facts import Facts
from consent.selectors import why_without_consent
from privacy.letters.words import day_words
from privacy.register.categories import DataCategory
from privacy.register.selectors import local_date, zone


@dataclass(frozen=True)
class Line:
    """One line of a receipt: what it is about, and what it says; `is_code` for what is copied rather than read."""

    label: str
    words: str
    is_code: bool = False


def heading(facts: Facts) -> str:
    """What was decided."""
    decision, method = Decision(facts.record.decision), facts.record.method
    if decision == Decision.EXPIRED:
        return _("Your consent ended by itself")
    return heading_of_given(method) if decision == Decision.GIVEN else heading_of_no(decision, method)


def agreed_words(facts: Facts) -> str:
    """The words it is about, as they were shown; empty when there were none."""
    return facts.record.wording.text if facts.record.wording else ""


def decision_lines(facts: Facts) -> list[Line]:
    """What was decided, when and how."""
    record, purpose = facts.record, facts.purpose
    return _said(
        Line(_("For"), purpose.title),
        Line(_("What it is"), purpose.description),
        Line(_("Recorded on"), _moment(record.recorded_at)),
        Line(_("Decided on"), _earlier_day(facts)),
        Line(_("How"), str(record.get_method_display())),
        Line(_("Holds"), _validity(facts)),
        Line(_("Cannot be withdrawn"), "" if record.was_over else facts.bar),
        Line(_("If you withdraw"), _consequences_to_come(facts)),
        Line(_("What it means"), _consequences(facts)),
    )


def data_lines(facts: Facts) -> list[Line]:
    """What data, for how long, and who gets it."""
    purpose = facts.purpose
    categories = [_category(code) for code in (*purpose.data_categories, *purpose.special_categories)]
    return _said(
        Line(_("Data"), ", ".join(categories)),
        Line(_("Kept for"), purpose.retention),
        Line(_("Who receives it"), "; ".join(f"{to.name} ({to.country}): {to.role}" for to in facts.recipients)),
        Line(_("Privacy notice"), facts.notice_version),
        Line(_("Laws"), ", ".join(facts.organisation.laws)),
    )


def organisation_lines(facts: Facts) -> list[Line]:
    """Who is answerable, and how they are reached."""
    organisation = facts.organisation
    return _said(
        Line(_("Organisation"), organisation.legal_name),
        Line(_("Address"), organisation.address),
        Line(str(organisation.officer_title), organisation.officer_name),
        Line(_("E-mail"), organisation.officer_email),
        Line(_("Phone"), organisation.officer_phone),
    )


def proof_lines(facts: Facts) -> list[Line]:
    """By what the record is found, and the words are recognised."""
    record = facts.record
    return _said(
        Line(_("Number of the record"), str(record.pk), is_code=True),
        Line(_("SHA-256 of the words"), record.wording_digest, is_code=True),
    )


def _said(*lines: Line) -> list[Line]:
    return [line for line in lines if line.words.strip()]


def _earlier_day(facts: Facts) -> str:
    """The day on which it was decided, where somebody said that it was before the day of the record."""
    told = facts.record.occurred_at
    if told is None or local_date(told) >= local_date(facts.record.recorded_at):
        return ""
    return day_words(local_date(told), with_weekday=True)


def _consequences_to_come(facts: Facts) -> str:
    return facts.consequences if facts.is_consent_that_held else ""


def _consequences(facts: Facts) -> str:
    """What a no means: that it stops, or on what else it rested then."""
    if facts.is_consent:
        return ""
    if not facts.purpose.is_prohibited and (other_ground := why_without_consent(facts.purpose)):
        return other_ground
    return facts.purpose.withdrawal_consequences if facts.record.decision == Decision.WITHDRAWN else ""


def _moment(moment: datetime) -> str:
    """Day and time where the organisation is, with how far that is from universal time: names of zones mislead."""
    local = moment.astimezone(zone())
    away = f"UTC{local.isoformat(timespec='seconds')[19:25]}" if local.utcoffset() else "UTC"
    return f"{day_words(local.date(), with_weekday=True)}, {local:%H:%M:%S} ({away})"


def _validity(facts: Facts) -> str:
    if facts.record.decision != Decision.GIVEN:
        return ""
    days, ends = facts.valid_days, facts.record.expires_at
    until = {"day": day_words(local_date(ends))} if ends is not None else {}
    if facts.record.was_over:
        return _("no longer: it had ended on %(day)s, before it was recorded") % until
    if until and _earlier_day(facts):
        return (_("until %(day)s") if facts.bar else _("until %(day)s, or until you withdraw it")) % until
    if facts.bar:
        return ngettext("for %(n)d day", "for %(n)d days", days) % {"n": days} if days else ""
    if not days:
        return _("until you withdraw it")
    return ngettext("for %(n)d day, or until you withdraw it", "for %(n)d days, or until you withdraw it", days) % {
        "n": days
    }


def _category(code: str) -> str:
    """Officers name special kinds of data in words of their own."""
    return str(DataCategory(code).label) if code in DataCategory.values else code
