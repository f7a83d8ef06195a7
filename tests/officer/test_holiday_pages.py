"""The pages on which officers add days to calendars."""

from datetime import date

import pytest

from privacy.ledger.models import LedgerEntry
from privacy.register.holiday_admin import calendars
from privacy.register.holidays import add_holiday
from privacy.register.models import HolidayOverlay, OrganisationProfile

LIST = "/officer/register/holidayoverlay/"
NO_LAW = "GH (moves no last day: none of your laws counts by it)"


def text(response) -> str:
    return response.content.decode()


def page(holiday: HolidayOverlay, name: str = "change") -> str:
    return f"{LIST}{holiday.pk}/{name}/"


def acts() -> list[str]:
    found = LedgerEntry.objects.filter(action__startswith="holiday.").order_by("recorded_at", "id")
    return list(found.values_list("action", flat=True))


@pytest.fixture
def mourning(officer) -> HolidayOverlay:
    return add_holiday(calendar="GH", day=date(2026, 11, 27), name="Day of mourning", officer=officer)


def test_the_calendars_offered_are_those_of_the_laws_and_of_the_country(alpha):
    OrganisationProfile.objects.update(laws=["CA-FED", "CA-CASL", "CA-BC"], country="GH")
    assert calendars() == [("CA", "CA (PIPEDA, CASL)"), ("CA-BC", "CA-BC (BC PIPA)"), ("GH", NO_LAW)]
    OrganisationProfile.objects.update(laws=["GH"], country="ZZ")
    assert calendars() == [("GH", "GH (Act 843)")]


def test_a_calendar_by_which_no_law_counts_comes_last_and_says_so(alpha, officer_client):
    OrganisationProfile.objects.update(laws=["UK"], country="GB")
    (first, _words), *_others, last = calendars()
    assert (first, last) == ("GB-ENG", ("GB", NO_LAW.replace("GH", "GB")))
    page = text(officer_client.get(f"{LIST}add/"))
    assert page.index('value="GB-ENG"') < page.index('value="GB"')


def test_a_day_is_added_from_the_register_and_written_down_once(alpha, officer, officer_client):
    OrganisationProfile.objects.update(laws=["GH"], country="GH")
    assert f'href="{LIST}"' in text(officer_client.get("/officer/"))
    given = {"calendar": "GH", "date": "2026-11-27", "name": "Day of mourning"}
    response = officer_client.post(f"{LIST}add/", given, follow=True)
    (added,) = HolidayOverlay.objects.all()
    assert (added.calendar, added.date, added.name) == ("GH", date(2026, 11, 27), "Day of mourning")
    assert added.added_by_id == officer.pk
    assert "Day of mourning (27 Nov 2026)" in text(response)
    assert acts() == ["holiday.added"]


def test_a_listed_day_is_refused_on_the_page(alpha, officer_client):
    OrganisationProfile.objects.update(laws=["GH"], country="GH")
    given = {"calendar": "GH", "date": "2026-12-25", "name": "Xmas"}
    assert "The calendar already has Christmas Day on that day." in text(officer_client.post(f"{LIST}add/", given))
    foreign = officer_client.post(f"{LIST}add/", given | {"calendar": "DE", "date": "2026-12-23"})
    assert "Choose one of the list." in text(foreign)
    assert (HolidayOverlay.objects.count(), acts()) == (0, [])


def test_a_day_is_corrected_in_its_calendar(alpha, mourning, officer_client):
    given = {"date": "2026-11-28", "name": "Day of mourning", "calendar": "CA"}
    assert officer_client.post(page(mourning), given).status_code == 302
    mourning.refresh_from_db()
    assert (mourning.date, mourning.calendar) == (date(2026, 11, 28), "GH")
    assert acts() == ["holiday.added", "holiday.changed"]


def test_a_day_is_removed_after_asking(alpha, mourning, officer_client):
    asked = text(officer_client.get(page(mourning, "remove")))
    assert "27 November 2026 counts again wherever days are counted by the calendar GH" in asked
    assert HolidayOverlay.objects.count() == 1
    done = officer_client.post(page(mourning, "remove"), follow=True)
    assert "The day is removed; it counts again." in text(done)
    assert (HolidayOverlay.objects.count(), acts()) == (0, ["holiday.added", "holiday.removed"])


def test_an_auditor_sees_the_days_and_cannot_remove_one(alpha, mourning, auditor, sign_in):
    client = sign_in(auditor)
    shown = text(client.get(page(mourning)))
    assert "Day of mourning" in shown
    assert "Remove this day" not in shown
    assert client.post(page(mourning, "remove")).status_code == 403
    assert client.get(f"{LIST}add/").status_code == 403
    assert HolidayOverlay.objects.count() == 1


def test_django_s_own_delete_page_is_closed(alpha, mourning, officer_client):
    assert officer_client.post(page(mourning, "delete"), {"post": "yes"}).status_code == 403
    assert HolidayOverlay.objects.count() == 1
