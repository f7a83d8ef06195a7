"""Texts that a spreadsheet would run."""

import pytest

from privacy.register.csv_cells import text_cell


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠"])
def test_what_a_spreadsheet_would_run_is_text(sign):
    assert text_cell(f"{sign}1+1") == f"'{sign}1+1"


@pytest.mark.parametrize("text", ["", "Ama", "1 = 1", "'=1", "–", "a\n=1"])
def test_any_other_text_stays_as_it_is(text):
    assert text_cell(text) == text
