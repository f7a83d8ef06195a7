import pytest

from privacy.law import data_words, holiday_words
from privacy.law.calendars import holidays_of
from privacy.law.catalogue import authorities, grounds_for, jurisdictions
from privacy.law.enums import KindOfRequest


def test_every_word_of_the_data_files_that_people_read_can_be_translated():
    laws = [one.code for one in jurisdictions()]
    grounds = {one for kind in KindOfRequest for one in grounds_for(laws=laws, kind=kind)}

    assert set(data_words.JURISDICTIONS) == {one.name for one in jurisdictions()}
    assert set(data_words.AUTHORITIES) == {one.name for one in authorities()}
    assert set(data_words.SECTIONS) == {one.section for one in grounds if one.law is None}
    assert set(data_words.GROUNDS_OF_REFUSAL) == {words for one in grounds for words in (one.words, *one.exceptions)}


@pytest.mark.parametrize("calendar", ["CA", "CA-AB", "CA-BC", "CA-QC", "GH", "GB-ENG", "US-CA"])
def test_the_names_of_holidays_can_be_translated(calendar):
    names = {name for year in range(2025, 2032) for name in holidays_of(calendar, year).values()}

    assert len(names) > 5
    assert names - set(holiday_words.HOLIDAYS) == set()
