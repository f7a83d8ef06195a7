"""Rules and minimums in words that officers read: labels of the data map, no table names, no JSON."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from privacy.datamap.models import Action, Dataset
from privacy.datamap.own_tables import is_kept_while_referred_to
from retention.enums import PeriodUnit, Protects, StartEvent, WithoutAddress, YearEnd
from retention.models import Minimum, Rule
from retention.period_fields import CountedFromEvent

_COMPARED = {
    "=": gettext_noop("is %(value)s"),
    "!=": gettext_noop("is not %(value)s"),
    "<": gettext_noop("is below %(value)s"),
    "<=": gettext_noop("is at most %(value)s"),
    ">": gettext_noop("is above %(value)s"),
    ">=": gettext_noop("is at least %(value)s"),
    "in": gettext_noop("is one of %(value)s"),
    "is null": gettext_noop("is empty"),
    "is not null": gettext_noop("is not empty"),
}
_AFTER: dict[str, Callable[[], str]] = {
    StartEvent.CREATED: lambda: _("the creation of the record"),
    StartEvent.LAST_ACTIVITY: lambda: _("the last activity"),
    StartEvent.CONTRACT_END: lambda: _("the end of the contract"),
    StartEvent.CANCELLATION: lambda: _("the cancellation"),
    StartEvent.DECISION: lambda: _("the decision about the person"),
    StartEvent.WITHDRAWAL: lambda: _("the withdrawal of consent"),
}


def in_words(rule: Rule, *, along: Iterable[Dataset] | None = None) -> str:
    """A rule as a sentence: “Contacts” are anonymised 30 days after the cancellation, only where …

    Args:
        along: what goes along with it, for a rule that is not stored yet.
    """
    sentence = _("“%(what)s” are deleted %(when)s%(where)s%(in_force)s.")
    if rule.action == Action.MASK:
        sentence = _("“%(what)s” are anonymised %(when)s%(where)s%(in_force)s.")
    if rule.category:
        sentence = _(
            "%(category)s in “%(what)s” and in all that belongs to it: anonymised %(when)s%(where)s%(in_force)s."
        )
    what = "”, “".join([rule.dataset.label, *(each.label for each in (rule.along.all() if along is None else along))])
    where = _where(rule)
    if is_kept_while_referred_to(rule.dataset):
        where += _(", only where nothing refers to them any more")
    said = sentence % {
        "category": str(rule.get_category_display()).capitalize(),
        "what": what,
        "when": when_in_words(rule),
        "where": where,
        "in_force": _in_force(rule),
    }
    return f"{said} {_notice(rule)}".strip()


def _notice(rule: Rule) -> str:
    """Whom the rule tells before, and what becomes of rows about whom nobody can be told."""
    if not rule.notice_days:
        return ""
    words = _("The person is told by letter %(period)s before; without a mail address the row waits.")
    if rule.without_address == WithoutAddress.ACT:
        words = _("The person is told by letter %(period)s before; a row without a mail address goes without one.")
    return words % {"period": period_in_words(rule.notice_days, PeriodUnit.DAYS)}


def minimum_in_words(minimum: Minimum) -> str:
    """“Invoices” may not be deleted until 6 years after the end of the calendar year of …"""
    sentence = _("“%(what)s” may not be deleted or anonymised until %(when)s%(where)s: %(why)s (%(law)s).")
    if minimum.protects == Protects.ROWS:
        sentence = _("“%(what)s” may not be deleted until %(when)s%(where)s: %(why)s (%(law)s).")
    return sentence % {
        "what": minimum.dataset.label,
        "when": when_in_words(minimum),
        "where": _where(minimum),
        "why": minimum.legal_reason.rstrip("."),
        "law": minimum.citation.rstrip("."),
    }


def when_in_words(counted: CountedFromEvent) -> str:
    """30 days after the cancellation; 6 years after the end of the calendar year of “Issued on” in “Invoices”."""
    event = event_in_words(counted)
    if counted.year_end == YearEnd.DECEMBER:
        event = _("the end of the calendar year of %(event)s") % {"event": event}
    elif counted.year_end:
        month = str(YearEnd(counted.year_end).label)
        event = _("%(year_end)s, of %(event)s") % {"year_end": month, "event": event}
    return _("%(period)s after %(event)s") % {"period": period_in_words(counted.amount, counted.unit), "event": event}


def period_in_words(amount: int, unit: str) -> str:
    """6 years."""
    if unit == PeriodUnit.YEARS:
        words = ngettext("%(n)d year", "%(n)d years", amount)
    elif unit == PeriodUnit.MONTHS:
        words = ngettext("%(n)d month", "%(n)d months", amount)
    else:
        words = ngettext("%(n)d day", "%(n)d days", amount)
    return words % {"n": amount}


def event_in_words(counted: CountedFromEvent) -> str:
    """The cancellation, the last activity, or the label of the date itself."""
    if known := _AFTER.get(counted.start_event):
        return known()
    label = _label(counted.start_dataset, counted.start_column)
    return _("“%(field)s” in “%(dataset)s”") % {"field": label, "dataset": counted.start_dataset.label}


def _in_force(rule: Rule) -> str:
    days = {
        "since": formats.date_format(rule.in_force_from) if rule.in_force_from else "",
        "until": formats.date_format(rule.in_force_until) if rule.in_force_until else "",
    }
    if rule.in_force_from and rule.in_force_until:
        return _(", in force from %(since)s to %(until)s") % days
    if rule.in_force_from:
        return _(", in force from %(since)s") % days
    return _(", in force until %(until)s") % days if rule.in_force_until else ""


def _where(counted: CountedFromEvent) -> str:
    if not counted.conditions:
        return ""
    said = [_condition(counted.start_dataset, each) for each in counted.conditions]
    return _(", only where %(conditions)s") % {"conditions": _(" and ").join(said)}


def _condition(dataset: Dataset, condition: dict[str, Any]) -> str:
    value = condition.get("value")
    if isinstance(value, list):
        value = ", ".join(_value(each) for each in value)
    compared = _(_COMPARED[condition.get("op", "=")]) % {"value": _value(value)}
    return f"“{_label(dataset, condition['column'])}” {compared}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


def _label(dataset: Dataset, column: str) -> str:
    """What people call a column; its own name where nobody has said."""
    return next((each.label for each in dataset.fields.all() if each.column == column and each.label), column)
