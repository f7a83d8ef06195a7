"""What the sample organisations write to many people: one announces a change of its notice, the other begins an opt-out
campaign. The demo's worker writes the letters, so their pages show how it goes on. And what others still have to hear.
"""

from datetime import timedelta

from django.utils import timezone

from consent.announcements.models import NoticeAnnouncement
from consent.announcements.services import begin_announcement
from consent.models import Decision, Method, OptOutCampaign, WithdrawalTask, Wording
from consent.services import record_consent, withdraw
from consent.services.campaigns import begin_campaign
from demo.profiles import SampleOrganisation, SampleWithdrawal
from privacy.ledger.actors import Actor
from privacy.officers.models import Officer
from privacy.register.models import Notice, Purpose
from privacy.register.publishing import schedule_notice
from privacy.subjects.identifiers import IdentifierKind
from privacy.subjects.services import find_or_add_subject

DAYS_AHEAD = 30
"""From the announcement to the day on which the new notice is in force."""
LETTERS_A_MINUTE = 60
DAYS_TO_OBJECT = 14


def furnish_telling(sample: SampleOrganisation, actor: Actor) -> None:
    """Announcement and campaign of one sample organisation, unless it has them already."""
    if sample.next_notice is not None and not NoticeAnnouncement.objects.exists():
        _announce(sample, actor)
    if sample.withdrawing is not None and not WithdrawalTask.objects.exists():
        _withdraw(sample.withdrawing, actor)
    if sample.campaign is not None and not OptOutCampaign.objects.exists():
        words = Wording.objects.filter(purpose__code=sample.campaign.purpose, language="en").latest("version")
        begin_campaign(wording=words, period_days=DAYS_TO_OBJECT, emails=sample.campaign.emails, actor=actor)


def _withdraw(sample: SampleWithdrawal, actor: Actor) -> None:
    """Somebody agreed and thought better of it: recipients of the purpose still have to hear of it."""
    purpose = Purpose.objects.get(code=sample.purpose)
    subject = find_or_add_subject(kind=IdentifierKind.EMAIL, value=sample.email)
    record_consent(subject=subject, purpose=purpose, decision=Decision.GIVEN, method=Method.ELECTRONIC, actor=actor)
    withdraw(subject=subject, purpose=purpose, actor=Actor.subject(subject))


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
