"""Days that officers add to a calendar of holidays: the one door by which they are added, changed and removed.

Danger: a day too many moves every deadline past its legal end. Rule: only a day that the calendar does not list already
is taken, every change is in the ledger, and who may change the days is a right of its own.
"""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from privacy.law.calendars import holidays_of
from privacy.law.errors import CalendarError
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer
from privacy.register.errors import HolidayInvalid
from privacy.register.models import HolidayOverlay


@transaction.atomic
def add_holiday(*, calendar: str, day: date, name: str, officer: Officer) -> HolidayOverlay:
    """Add a day that the law leaves out when it counts.

    Args:
        calendar: code of a calendar, as `CA-BC`.
        name: what the explanation of a deadline calls the day.

    Raises:
        HolidayInvalid: the calendar does not exist, lists the day itself, or has it already.
    """
    check_holiday(calendar=calendar, day=day, name=name)
    added = HolidayOverlay.objects.create(calendar=calendar, date=day, name=name.strip(), added_by=officer)
    _record("added", added, officer, {})
    return added


@transaction.atomic
def change_holiday(*, holiday: HolidayOverlay, day: date, name: str, officer: Officer) -> HolidayOverlay:
    """Correct the day or its name. The calendar stays: a day of another calendar is another day.

    Raises:
        HolidayInvalid: as `add_holiday`.
    """
    locked = HolidayOverlay.objects.select_for_update(of=("self",)).get(pk=holiday.pk)
    check_holiday(calendar=locked.calendar, day=day, name=name, instead_of=locked)
    before, changed = locked.date, (day, name.strip()) != (locked.date, locked.name)
    locked.date, locked.name = day, name.strip()
    if changed:
        locked.save(update_fields=["date", "name"])
        _record("changed", locked, officer, {"before": before.isoformat()} if before != day else {})
    return locked


@transaction.atomic
def remove_holiday(*, holiday: HolidayOverlay, officer: Officer) -> None:
    """Take a day away again; one that is gone already is left at that."""
    locked = HolidayOverlay.objects.select_for_update(of=("self",)).filter(pk=holiday.pk).first()
    if locked is not None:
        _record("removed", locked, officer, {})
        locked.delete()


def check_holiday(*, calendar: str, day: date, name: str, instead_of: HolidayOverlay | None = None) -> None:
    """Refuse a day that is no addition to the calendar.

    Args:
        instead_of: the row that the day takes the place of, which therefore does not stand in its way.

    Raises:
        HolidayInvalid: says which of the conditions is not met.
    """
    if not name.strip():
        raise HolidayInvalid(_("Say what the day is called; people read it in the explanation of a deadline."))
    try:
        listed = holidays_of(calendar, day.year).get(day)
    except CalendarError:
        raise HolidayInvalid(_("There is no calendar %(code)s for that year.") % {"code": calendar}) from None
    if listed:
        raise HolidayInvalid(_("The calendar already has %(name)s on that day.") % {"name": listed})
    others = HolidayOverlay.objects.filter(calendar=calendar, date=day)
    if instead_of is not None:
        others = others.exclude(pk=instead_of.pk)
    if others.exists():
        raise HolidayInvalid(_("That day has been added to this calendar before."))


def _record(what: str, holiday: HolidayOverlay, officer: Officer, more: dict[str, str]) -> None:
    data = {"calendar": holiday.calendar, "date": holiday.date.isoformat(), **more}
    record(action=f"holiday.{what}", actor=Actor.officer(officer), target=holiday, data=data)
