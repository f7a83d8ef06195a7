"""Addresses that no page links to, as somebody types them or a scanner tries them."""

import pytest

LISTS = ("consent/optoutcampaign", "announcements/noticeannouncement", "retention/hold", "register/notice")


@pytest.mark.parametrize("rows", LISTS)
@pytest.mark.parametrize("key", ["nonsense", "%00", "9" * 30])
def test_what_can_be_no_key_is_a_row_that_is_not_there(officer, sign_in, rows, key):
    answer = sign_in(officer).get(f"/officer/{rows}/{key}/change/")
    assert (answer.status_code, answer["Location"]) == (302, "/officer/")


@pytest.mark.parametrize("rows", ["consent/optoutcampaign", "retention/run"])
def test_a_filter_for_what_no_column_holds_is_dropped(officer, sign_in, rows):
    browser = sign_in(officer)
    answer = browser.get(f"/officer/{rows}/?state__exact=%00")
    assert (answer.status_code, answer["Location"]) == (302, f"/officer/{rows}/?e=1")
    assert browser.get(f"/officer/{rows}/?state__exact=stopped").status_code == 200
