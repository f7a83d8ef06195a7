"""Plain words of certificates."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy.datamap.models import Action


def action_words(action: str, rows: int) -> str:
    """What was done to so many rows."""
    if action == Action.DELETE:
        words = ngettext("%(n)s row deleted", "%(n)s rows deleted", rows)
    else:
        words = ngettext("%(n)s row with columns replaced", "%(n)s rows with columns replaced", rows)
    return words % {"n": f"{rows:,}"}


def rule_words(definition: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """A rule as it was when its run was planned, in one or two sentences.

    Args:
        labels: plain words for datasets, by their key.
    """

    def name(key: str) -> str:
        return labels.get(key, key)

    days = ngettext("%(n)d day", "%(n)d days", definition["days"]) % {"n": definition["days"]}
    particulars = {
        "rows": name(definition["dataset"]),
        "days": days,
        "date": definition["start_column"],
        "event": name(definition["start_dataset"]),
    }
    if definition["action"] == Action.DELETE:
        words = _("Rows of “%(rows)s” are deleted %(days)s after the date “%(date)s” of “%(event)s”.") % particulars
    else:
        words = _("Columns of “%(rows)s” are replaced %(days)s after the date “%(date)s” of “%(event)s”.") % particulars
    if only := [_condition(each) for each in definition["conditions"]]:
        words += " " + _("Only where %(conditions)s.") % {"conditions": _(" and ").join(only)}
    if along := [name(key) for key in definition["along"]]:
        words += " " + _("Deleted with them: %(tables)s.") % {"tables": ", ".join(along)}
    return words


def _condition(condition: Mapping[str, Any]) -> str:
    value = condition.get("value")
    shown = ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return f"{condition['column']} {condition.get('op', '=')} {shown}".strip()


def scope_words() -> list[str]:
    """What a certificate says and what it does not."""
    return [
        _("After the work every table was counted again: no row was left that should have been changed, except rows "
          "under a hold, whose number is given."),
        _("Columns that are not named here stay as they were."),
        _("A column replaced by a keyed token is pseudonymous and not anonymous: the key exists."),
        _("It speaks of this source on the day of the run, and not of backups or of copies elsewhere."),
        _("The digest of a table is SHA-256 over the windows, row counts and transaction numbers of the work; the hash "
          "of the plan is SHA-256 over its canonical JSON (RFC 8785). Neither leads to a row."),
    ]  # fmt: skip
