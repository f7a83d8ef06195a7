"""A law that wants the record of requests kept comes before a rule that officers made shorter."""

import datetime as dt

import pytest

from privacy.jobs.registry import JobHandle
from privacy.ledger.actors import SYSTEM
from privacy.register.models import OrganisationProfile
from requests.models import SubjectRequest
from requests.own_data.jobs import own_data
from retention.models import Minimum
from retention.services import save_minimum, save_rule, start_rule_run
from tests.requests.own_data.conftest import case_of, person, rule_over
from tests.sources import work


def _under(*laws: str) -> None:
    """The daily job after the organisation has come under these laws, and the one of the day after."""
    OrganisationProfile.objects.update(laws=list(laws))
    for _day in range(2):
        assert own_data(JobHandle(1, "daily", 1, "me")) is True


@pytest.mark.parametrize(("laws", "kept"), [(["GH", "US-CA"], ["within"]), (["GH", "CA-FED"], [])])
def test_a_record_that_the_law_wants_kept_stays_although_the_rule_was_made_shorter(portal, laws, kept):
    rule = rule_over(SubjectRequest)
    rule.amount, rule.unit = 6, "months"
    save_rule(rule=rule, actor=SYSTEM)
    cases = {
        "within": case_of(person("ama"), closed=dt.timedelta(days=500)),
        "after": case_of(person("kofi"), closed=dt.timedelta(days=800)),
    }
    _under(*laws)
    run = start_rule_run(rule=rule, actor=SYSTEM)
    work(run.pk)
    assert list(SubjectRequest.objects.values_list("pk", flat=True)) == [cases[each].pk for each in kept]


def test_it_is_added_once_and_what_officers_made_of_it_stays(portal):
    _under("US-CA")
    minimum = Minimum.objects.get()
    assert (minimum.amount, minimum.unit, minimum.start_column) == (24, "months", "closed_at")
    assert (minimum.citation, minimum.is_active) == ("CCPA: record of requests", True)
    minimum.amount, minimum.citation = 30, "CCPA regulations s. 7101"
    save_minimum(minimum=minimum, actor=SYSTEM)
    _under("US-CA")
    assert Minimum.objects.get().amount == 30


def test_no_other_law_adds_one(portal):
    _under("GH", "EU", "UK", "CA-FED", "CA-BC")
    assert Minimum.objects.count() == 0
