"""The sample organisations' record of processing."""

import pytest

from demo.activities import furnish_activities
from demo.furnishing import furnish_officers, furnish_register
from demo.profiles import SAMPLES
from privacy.ledger.actors import SYSTEM
from privacy.register.activities.checking import remarks
from privacy.register.activities.export import record_of_processing
from privacy.register.activities.models import ProcessingWithoutConsent


@pytest.mark.parametrize(
    ("sample", "activities", "standing", "codes"),
    [(SAMPLES[0], 3, "approved", ["no_interests"]), (SAMPLES[1], 2, "awaiting", ["purpose_alone", "awaiting"])],
    ids=lambda value: getattr(value, "slug", ""),
)
def test_a_sample_has_a_record_with_something_left_to_check(alpha, sample, activities, standing, codes):
    furnish_officers(sample)
    furnish_register(sample, SYSTEM)
    for _time in range(2):
        furnish_activities(sample, SYSTEM)
    lines = record_of_processing().lines
    assert len(lines) == activities
    assert [line.activity.name for line in lines if not line.purposes or not line.recipients] == []
    assert ProcessingWithoutConsent.objects.get().standing == standing
    assert [each.code for each in remarks() if each.code != "no_safeguard"] == codes
