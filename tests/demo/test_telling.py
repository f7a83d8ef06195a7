"""One sample organisation announces a change of its notice, the other has begun an opt-out campaign."""

import pytest

from consent.announcements.models import NoticeAnnouncement
from consent.announcements.progress import ANNOUNCE
from consent.models import OptOutCampaign, WithdrawalTask
from consent.services.campaigns import CAMPAIGN_JOB
from demo.furnishing import furnish_consents, furnish_officers, furnish_register
from demo.profiles import SAMPLES
from demo.telling import furnish_telling
from privacy.jobs.models import Job
from privacy.ledger.actors import SYSTEM
from privacy.letters.models import Letter
from privacy.register.models import Notice


@pytest.fixture
def furnished(request, alpha):
    sample = request.param
    furnish_officers(sample)
    furnish_register(sample, SYSTEM)
    furnish_consents(sample, SYSTEM)
    Letter.objects.all().delete()
    for _time in range(2):
        furnish_telling(sample, SYSTEM)
    return sample


@pytest.mark.parametrize("furnished", [SAMPLES[0]], indirect=True)
def test_a_change_is_scheduled_once_and_everybody_is_being_told(furnished):
    announcement = NoticeAnnouncement.objects.get()
    assert (announcement.notice.version, announcement.notice.is_draft, announcement.state) == (
        furnished.next_notice.version, False, "running",
    )  # fmt: skip
    assert announcement.notice.body != Notice.objects.get(version=furnished.notice.version).body
    assert Job.objects.filter(kind=ANNOUNCE).count() == 1
    assert not OptOutCampaign.objects.exists()
    assert {task.recipient.name for task in WithdrawalTask.objects.filter(closed_at=None)} == {
        "E-mail delivery provider"
    }


@pytest.mark.parametrize("furnished", [SAMPLES[1]], indirect=True)
def test_a_campaign_is_begun_once_with_people_who_have_not_decided(furnished):
    campaign = OptOutCampaign.objects.get()
    assert (campaign.state, campaign.notices.count()) == ("telling", 3)
    assert Job.objects.filter(kind=CAMPAIGN_JOB).count() == 1
    assert not NoticeAnnouncement.objects.exists()
