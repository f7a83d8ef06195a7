"""The disclosures of the sample organisations pass the checks that those of real ones have to pass."""

import pytest

from demo import furnishing
from demo.profiles import SAMPLES
from privacy.ledger.actors import SYSTEM
from privacy.register.models import Disclosure, Recipient


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.slug)
def test_every_sample_disclosure_stands_and_a_second_load_adds_none(alpha, sample):
    for _time in range(2):
        furnishing.furnish_register(sample, SYSTEM)
        furnishing.furnish_consents(sample, SYSTEM)
        furnishing.furnish_disclosures(sample, SYSTEM)
    assert {row.reference for row in Disclosure.objects.all()} == {each.reference for each in sample.disclosures}
    assert Disclosure.objects.count() == len(sample.disclosures) >= 3
    assert [each.name for each in Recipient.objects.filter(safeguard="")] == []
