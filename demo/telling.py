"""What the sample organisations write to many people: one announces a change of its notice, the other begins an opt-out
campaign. The demo's worker writes the letters, so their pages show how it goes on.
"""

from datetime import timedelta

from django.utils import timezone

from consent.announcements.models import NoticeAnnouncement
from consent.announcements.services import begin_announcement
from consent.models import OptOutCampaign, Wording
from consent.services.campaigns import begin_campaign
from demo.profiles import SampleOrganisation
from privacy.ledger.actors import Actor
from privacy.officers.models import Officer
from privacy.register.models import Notice
from privacy.register.publishing import schedule_notice

DAYS_AHEAD = 30
"""From the announcement to the day on which the new notice is in force."""
LETTERS_A_MINUTE = 60
DAYS_TO_OBJECT = 14


def furnish_telling(sample: SampleOrganisation, actor: Actor) -> None:
    """Announcement and campaign of one sample organisation, unless it has them already."""
    if sample.next_notice is not None and not NoticeAnnouncement.objects.exists():
        _announce(sample, actor)
    if sample.campaign is not None and not OptOutCampaign.objects.exists():
        words = Wording.objects.filter(purpose__code=sample.campaign.purpose, language="en").latest("version")
        begin_campaign(wording=words, period_days=DAYS_TO_OBJECT, emails=sample.campaign.emails, actor=actor)


def _announce(sample: SampleOrganisation, actor: Actor) -> None:
    planned = sample.next_notice
    assert planned is not None  # asked by the caller
    begins = timezone.now() + timedelta(days=DAYS_AHEAD)
    notice, _new = Notice.objects.get_or_create(
        version=planned.version,
        defaults={
            "title": planned.title, "body": planned.body, "changes": planned.changes, "is_significant": True,
        },
    )  # fmt: skip
    if notice.is_draft:
        schedule_notice(notice=notice, begins=begins, actor=actor)
    officer = Officer.objects.get(email=sample.officers[0].email)
    begin_announcement(notice=notice, per_minute=LETTERS_A_MINUTE, officer=officer)
