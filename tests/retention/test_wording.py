"""Rules as officers read them."""

import pytest

from privacy.datamap.models import Dataset
from retention.models import Rule
from retention.wording import in_words, period_in_words
from tests.retention.test_rule_runs import _rule


def test_a_rule_is_a_sentence(offixpro):
    assert in_words(_rule("contact", start_event="cancellation")) == (
        "“Contacts at companies” are anonymised 30 days after the cancellation, only where “State of the "
        "subscription” is cancelled and "
        "“Export or migration asked for” is no."
    )


def test_rows_that_go_along_are_named_and_years_are_counted_from_their_end(offixpro):
    invoices = Dataset.objects.get(table_name="invoice")
    rule = _rule("invoice", "delete", start_dataset=invoices, start_column="issued_on", conditions=[], amount=6,
                 unit="years", year_end=12)  # fmt: skip
    rule.along.set([Dataset.objects.get(table_name="invoice_line")])
    assert in_words(Rule.objects.get(pk=rule.pk)) == (
        "“Invoices”, “Invoice lines” are deleted 6 years after the end of the calendar year of “Issued on” in "
        "“Invoices”."
    )


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [(1, "days", "1 day"), (3, "days", "3 days"), (1, "months", "1 month"), (6, "years", "6 years")],
)
def test_a_period_in_words(amount, unit, words):
    assert period_in_words(amount, unit) == words
