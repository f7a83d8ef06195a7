"""One row of every model that the officers' site shows."""

from django.utils import timezone

from consent.announcements.models import NoticeAcceptance, NoticeAnnouncement
from consent.cookies.models import CookieBanner, CookieCategory, CookieChoice
from consent.cookies.services import publish_banner, record_choice
from consent.models import ConsentRecord, CurrentConsent, OptOutCampaign, WithdrawalTask, Wording
from privacy.datamap.models import Dataset, Field, Finding, Source
from privacy.errands.models import Errand
from privacy.ledger.actors import SYSTEM
from privacy.letters.models import LetterTemplate
from privacy.offboarding.models import OrganisationExport
from privacy.officers.models import ApiKey, Officer
from privacy.register.activities.models import ProcessingActivity, ProcessingWithoutConsent
from privacy.register.models import Disclosure, HolidayOverlay, Notice, OrganisationProfile, Purpose, Recipient
from privacy.register.restrictions.models import Restriction
from retention.models import Hold, Minimum, Rule, Run, RunStep
from tests.consent.cookies.conftest import make_site, statement_for
from tests.officer.making import make_case, make_letter


def one_banner(mark: str) -> tuple[CookieBanner, CookieChoice]:
    """A banner for cookies, published, and a choice that was made with it."""
    banner = publish_banner(site=make_site(code=mark), change=f"Change {mark}", actor=SYSTEM)
    return banner, record_choice(site=banner.site, statement=statement_for(banner), origin=f"https://{mark}.example")


def one_of_everything(mark: str) -> dict[type, object]:
    """A row of each model, all marked with a word by which a page that shows it is recognised."""
    case = make_case(email=f"{mark}@example.com")
    purpose = Purpose.objects.create(
        code=mark, title=f"Purpose {mark}", description="Mails", lawful_basis="consent", withdrawal_consequences="None"
    )
    wording = Wording.objects.create(purpose=purpose, version=1, text=f"I agree {mark}", digest="0" * 64)
    record = ConsentRecord.objects.create(
        subject=case.subject, purpose=purpose, wording=wording, decision="given", method="electronic",
        actor_kind="subject",
    )  # fmt: skip
    source = Source.objects.create(name=f"Source {mark}", address="postgresql://nobody:secret-word@127.0.0.1:1/nothing")
    dataset = Dataset.objects.create(
        source=source, table_name=f"contacts_{mark}", label=f"Contacts {mark}", primary_key=["id"]
    )
    Field.objects.create(dataset=dataset, column="id", data_type="bigint", category="key")
    Field.objects.create(dataset=dataset, column="cancelled_on", position=1, data_type="date")
    rule = Rule.objects.create(
        name=f"Rule {mark}", dataset=dataset, start_dataset=dataset, start_column="cancelled_on", amount=30,
        action="mask", legal_reason="policy",
    )  # fmt: skip
    minimum = Minimum.objects.create(
        name=f"Minimum {mark}", dataset=dataset, start_dataset=dataset, start_column="cancelled_on", amount=6,
        unit="years", year_end=12, legal_reason="Books", citation="Act 915, s. 27",
    )  # fmt: skip
    run = Run.objects.create(
        kind="retention", source=source, rule=rule, rule_version=1, slot=mark, plan={"engine": {}}, plan_hash="b" * 64,
        actor_kind="system",
    )  # fmt: skip
    RunStep.objects.create(
        run=run, position=0, dataset_key="public.contacts", dataset_label=f"Contacts {mark}", action="mask", expected=4
    )
    key, _plain = ApiKey.objects.create_key(name=f"Key {mark}", scopes=["consents:read"])
    recipient = Recipient.objects.create(name=f"Recipient {mark}", role="Hosting", country="GH")
    notice = Notice.objects.create(version=mark[:20], title=f"Notice {mark}", body="Text")
    banner, choice = one_banner(mark)
    rows = [
        banner.site, CookieCategory.objects.get(code="statistics"), banner, choice,
        case, purpose, wording, record, source, dataset, rule, minimum, run, key,
        make_letter(case, heading=f"Letter {mark}"),
        CurrentConsent.objects.create(
            subject=case.subject, purpose=purpose, decision="given", since=timezone.now(), record=record
        ),
        WithdrawalTask.objects.create(
            record=record, subject=case.subject, purpose=purpose, recipient=recipient, due_on=case.due_on,
            rule="own.withdrawal",
        ),
        OptOutCampaign.objects.create(purpose=purpose, wording=wording, period_days=30),
        Hold.objects.create(matter=f"Matter {mark}", subject=case.subject),
        notice, NoticeAnnouncement.objects.create(notice=notice),
        NoticeAcceptance.objects.create(
            notice=notice, subject=case.subject, how="continued_use", activity=f"Signed in {mark}", actor_kind="system"
        ),
        Errand.objects.create(
            source=source, case_id=case.pk, work="access", subject=case.subject, ask_hash="c" * 64,
            instructions=f"Look for {mark}", due_on=case.due_on,
        ),
        HolidayOverlay.objects.create(calendar="GH", date="2026-11-27", name=f"Holiday {mark}"),
        recipient,
        Disclosure.objects.create(
            recipient=recipient, subject=case.subject, disclosed_on=case.received_on, categories=["contact"],
            purpose=purpose, lawful_basis="consent", means="email", way="hand", actor_kind="officer",
            entered_at=timezone.now(),
        ),
        ProcessingActivity.objects.create(
            name=f"Activity {mark}", description="Mails", subject_groups=["customers"], data_categories=["contact"],
            owner="Marketing", review_on=case.due_on,
        ),
        ProcessingWithoutConsent.objects.create(
            ground="fraud", authority=f"File {mark}", what=f"Watching {mark}", about_whom="customers",
            categories=["contact"], begins_on=case.received_on, review_on=case.due_on,
            entered_by=Officer.objects.earliest("pk"),
        ),
        Restriction.objects.create(
            subject=case.subject, kind="objection", purpose=purpose, in_force_from=timezone.now(),
            placed_by_kind="system",
        ),
        LetterTemplate.objects.create(
            kind="case_withdrawn", language="en", version=1, heading=f"Wording {mark}", text="Text", is_active=False,
            edited_by=Officer.objects.earliest("pk"),
        ),
        OrganisationProfile.objects.get(),
        OrganisationExport.objects.create(state="failed"),
        Finding.objects.create(
            source=source, dataset=dataset, code="triggers", place=dataset.key, names=[mark],
            first_seen_at=timezone.now(), last_seen_at=timezone.now(),
        ),
    ]  # fmt: skip
    return {type(row): row for row in rows}
