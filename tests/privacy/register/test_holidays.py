"""Days that officers add to calendars, and what the clocks make of them."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from privacy.law.catalogue import calendars_of, rule_for
from privacy.law.clock import due_date
from privacy.law.enums import KindOfRequest
from privacy.law.errors import UnknownLaw
from privacy.ledger.models import LedgerEntry
from privacy.officers.models import Role
from privacy.officers.roles import ROLE_PERMISSIONS
from privacy.register.errors import HolidayInvalid
from privacy.register.holidays import add_holiday, change_holiday, remove_holiday
from privacy.register.models import HolidayOverlay
from privacy.register.selectors import overlay_for

EASTER_MONDAY = date(2026, 4, 6)


def acts() -> list[tuple[str, dict]]:
    found = LedgerEntry.objects.filter(action__startswith="holiday.").order_by("recorded_at", "id")
    return list(found.values_list("action", "data"))


@pytest.fixture
def easter_monday(officer) -> HolidayOverlay:
    return add_holiday(calendar="CA-BC", day=EASTER_MONDAY, name=" Easter Monday ", officer=officer)


def test_a_day_that_was_added_moves_the_clock_of_its_calendar_by_one(easter_monday):
    rule, received_on = rule_for(law="CA-BC", kind=KindOfRequest.ACCESS, on=date(2026, 3, 2)), date(2026, 3, 2)

    assert overlay_for("CA-BC") == {EASTER_MONDAY: "Easter Monday"}
    assert due_date(rule, received_on).due_on == date(2026, 4, 14)
    found = due_date(rule, received_on, overlay=overlay_for("CA-BC"))
    assert found.due_on == date(2026, 4, 15)
    assert "Monday 6 April 2026 is not counted: Easter Monday." in map(str, found.explanation)


def test_a_calendar_has_its_own_days_only(easter_monday, officer):
    add_holiday(calendar="GH", day=date(2026, 11, 27), name="Day of mourning", officer=officer)

    assert overlay_for("GH") == {date(2026, 11, 27): "Day of mourning"}
    assert overlay_for("CA") == {}


def test_what_is_added_changed_and_removed_is_in_the_ledger_without_the_name(easter_monday, officer):
    change_holiday(holiday=easter_monday, day=EASTER_MONDAY, name="Monday of Easter", officer=officer)
    change_holiday(holiday=easter_monday, day=EASTER_MONDAY, name="Monday of Easter", officer=officer)
    change_holiday(holiday=easter_monday, day=date(2026, 4, 7), name="Monday of Easter", officer=officer)
    remove_holiday(holiday=easter_monday, officer=officer)
    remove_holiday(holiday=easter_monday, officer=officer)

    assert acts() == [
        ("holiday.added", {"calendar": "CA-BC", "date": "2026-04-06"}),
        ("holiday.changed", {"calendar": "CA-BC", "date": "2026-04-06"}),
        ("holiday.changed", {"calendar": "CA-BC", "date": "2026-04-07", "before": "2026-04-06"}),
        ("holiday.removed", {"calendar": "CA-BC", "date": "2026-04-07"}),
    ]
    assert overlay_for("CA-BC") == {}


def test_who_added_a_day_is_kept_and_may_leave(easter_monday, officer, make_officer):
    assert easter_monday.added_by == officer
    other = make_officer()
    mourning = add_holiday(calendar="GH", day=date(2026, 11, 27), name="Mourning", officer=other)
    other.delete()
    mourning.refresh_from_db()
    assert (mourning.added_by, overlay_for("GH")) == (None, {date(2026, 11, 27): "Mourning"})


@pytest.mark.parametrize(
    ("calendar", "day", "name", "message"),
    [
        ("CA-BC", date(2026, 4, 3), "Good Friday", "The calendar already has Good Friday on that day."),
        ("CA-BC", EASTER_MONDAY, "Again", "That day has been added to this calendar before."),
        ("XX", date(2026, 5, 1), "May Day", "There is no calendar XX for that year."),
        ("GH", date(1900, 5, 1), "May Day", "There is no calendar GH for that year."),
        ("GH", date(2026, 5, 4), "  ", "Say what the day is called; people read it in the explanation of a deadline."),
    ],
)
def test_a_day_that_is_no_addition_is_refused_with_the_reason(easter_monday, officer, calendar, day, name, message):
    with pytest.raises(HolidayInvalid) as caught:
        add_holiday(calendar=calendar, day=day, name=name, officer=officer)

    assert str(caught.value) == message
    assert HolidayOverlay.objects.count() == 1
    assert len(acts()) == 1


def test_a_day_cannot_be_moved_onto_another(easter_monday, officer):
    add_holiday(calendar="CA-BC", day=date(2026, 4, 7), name="Tuesday", officer=officer)
    with pytest.raises(HolidayInvalid, match="has been added to this calendar before"):
        change_holiday(holiday=easter_monday, day=date(2026, 4, 7), name="Easter Monday", officer=officer)
    assert overlay_for("CA-BC") == {EASTER_MONDAY: "Easter Monday", date(2026, 4, 7): "Tuesday"}


def test_the_database_itself_keeps_one_row_a_day_with_a_name(easter_monday):
    with pytest.raises(IntegrityError, match="one_holiday_a_day"), transaction.atomic():
        HolidayOverlay.objects.create(calendar="CA-BC", date=EASTER_MONDAY, name="Twice")
    with pytest.raises(IntegrityError, match="a_holiday_has_a_name"), transaction.atomic():
        HolidayOverlay.objects.create(calendar="CA-BC", date=date(2026, 4, 8), name="")


def test_privacy_officers_edit_and_auditors_look():
    edits = {"register.add_holidayoverlay", "register.change_holidayoverlay"}

    assert edits <= ROLE_PERMISSIONS[Role.PRIVACY_OFFICER]
    assert edits.isdisjoint(ROLE_PERMISSIONS[Role.AUDITOR])
    assert "register.view_holidayoverlay" in ROLE_PERMISSIONS[Role.AUDITOR]
    assert "register.view_holidayoverlay" not in ROLE_PERMISSIONS[Role.CASE_HANDLER]


def test_the_calendars_of_laws_are_those_their_rules_count_by():
    assert calendars_of(["CA-FED", "CA-BC", "GH"]) == ("CA", "CA-BC", "GH")
    assert calendars_of(["UK"]) == ("GB-ENG", "GB-NIR", "GB-SCT", "GB-WLS")
    assert len(calendars_of(["EU"])) == 27
    with pytest.raises(UnknownLaw):
        calendars_of(["MARS"])
