"""The cases of the sample organisations let whoever tries them see an erasure carried out."""

from collections import Counter

import pytest

from demo import furnishing
from demo.crm.offixpro.known import AMA_MENSAH
from demo.profiles import BACK_OFFICE, OFFIXPRO, SAMPLES
from demo.welcome import welcome
from privacy.register.models import OrganisationProfile
from requests.models import SubjectRequest

_AS_MADE = OrganisationProfile._meta.get_field("cooling_off_hours").default


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.slug)
def test_nobody_whose_data_is_to_be_erased_has_another_open_case_that_holds_it(sample):
    cases = Counter(case.email for case in sample.cases)
    erased = [case.email for case in sample.cases if case.kind == "erasure"]
    assert {cases[email] for email in erased} <= {1}
    assert max(cases.values()) > 1  # somebody else has several


def test_who_the_demo_suggests_has_no_case_yet(settings, tmp_path):
    settings.DEMO_DIR, settings.MAIL_DIR = tmp_path, tmp_path / "mail"
    (tmp_path / "offixpro.api-key").write_text("key")
    assert f"ask OffixPro as {AMA_MENSAH.email} ({AMA_MENSAH.full_name})" in welcome()
    assert AMA_MENSAH.email not in {case.email for case in OFFIXPRO.cases}


def test_an_approved_erasure_begins_at_once_in_one_sample_and_can_be_cancelled_in_the_other(alpha):
    OrganisationProfile.objects.update(cooling_off_hours=_AS_MADE)
    hours = []
    for sample in (BACK_OFFICE, OFFIXPRO):
        furnishing.furnish_profile(sample)
        hours.append(OrganisationProfile.objects.get().cooling_off_hours)
    assert hours == [_AS_MADE, 0]


def test_the_sample_cases_are_as_people_make_them(alpha):
    furnishing.furnish_profile(OFFIXPRO)
    for _time in range(2):
        furnishing.furnish_cases(OFFIXPRO)
    kinds = Counter(SubjectRequest.objects.values_list("kind", flat=True))
    assert kinds == Counter(case.kind for case in OFFIXPRO.cases)
