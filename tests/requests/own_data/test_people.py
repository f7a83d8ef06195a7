"""People of whom the portal knows go when nothing refers to them any more, and not before, whatever it is."""

import datetime as dt
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from consent.announcements.models import NoticeAcceptance, NoticeAnnouncement, NoticeTold
from consent.models import (
    ConsentRecord,
    CurrentConsent,
    Decision,
    Method,
    OptOutCampaign,
    OptOutNotice,
    WithdrawalTask,
)
from consent.services import publish_wording, record_consent
from privacy.errands.models import Errand
from privacy.errands.services import add_manual_source
from privacy.ledger.actors import SYSTEM
from privacy.letters.models import Letter
from privacy.officers.models import Officer
from privacy.register.models import Disclosure, LawfulBasis, Notice, Purpose, Recipient
from privacy.register.restrictions.models import Restriction
from privacy.register.restrictions.services import lift_restriction, place_restriction
from privacy.register.selectors import local_date
from privacy.subjects.models import Identifier, LinkPurpose, MailLink, Subject
from privacy.tenants.context import current_organisation, public_context
from privacy.tenants.privileges import grant_own_schema
from requests.models import Annotation, SubjectRequest
from retention.enums import HoldKind, RunState
from retention.models import Hold, Run
from retention.services import place_hold, start_rule_run
from retention.wording import in_words
from tests.holding import let_go
from tests.requests.own_data.conftest import case_of, letter_to, person, rule_over
from tests.sources import work

DAY = dt.timedelta(days=1)


def followed() -> Run:
    run = start_rule_run(rule=rule_over(Subject), actor=SYSTEM)
    work(run.pk)
    run.refresh_from_db()
    return run


def known_for(days: int, *names: str) -> list[Subject]:
    people = [person(name) for name in names]
    Subject.objects.filter(pk__in=[each.pk for each in people]).update(created_at=timezone.now() - days * DAY)
    return people


def task_for(subject: Subject) -> None:
    source = add_manual_source(name="Cellar", owner=Officer.objects.get(), instructions="Look.", days=7, actor=SYSTEM)
    Errand.objects.create(
        source=source, case_id=uuid4(), subject=subject, work="access", ask_hash="b" * 64,
        due_on=timezone.now().date(), state="done", closed_at=timezone.now(),
    )  # fmt: skip


def link_for(subject: Subject) -> None:
    MailLink.objects.create(
        purpose=LinkPurpose.TRACK, subject=subject, token_digest=uuid4().bytes * 2, expires_at=timezone.now(),
        uses_left=0,
    )  # fmt: skip


def consent_of(subject: Subject) -> None:
    purpose = Purpose.objects.create(
        code="news", title="News", description="News", lawful_basis=LawfulBasis.CONSENT, order=1,
        withdrawal_consequences="No more news.",
    )  # fmt: skip
    publish_wording(purpose=purpose, language="en", text="May we write to you?", actor=SYSTEM)
    for decision in (Decision.GIVEN, Decision.WITHDRAWN):
        record_consent(subject=subject, purpose=purpose, decision=decision, method=Method.ELECTRONIC, actor=SYSTEM)


def opt_out_notice_to(subject: Subject) -> None:
    purpose = Purpose.objects.create(
        code="offers", title="Offers", description="Offers", lawful_basis=LawfulBasis.CONSENT, order=2,
        withdrawal_consequences="No more offers.",
    )  # fmt: skip
    wording = publish_wording(purpose=purpose, language="en", text="May we offer?", actor=SYSTEM)
    campaign = OptOutCampaign.objects.create(purpose=purpose, wording=wording, period_days=30)
    OptOutNotice.objects.create(campaign=campaign, subject=subject)


def told_of_a_notice(subject: Subject) -> None:
    notice = Notice.objects.create(version="told", title="Notice", body="Words")
    announcement = NoticeAnnouncement.objects.create(notice=notice)
    NoticeTold.objects.create(announcement=announcement, subject=subject, letter_id=uuid4(), pdf_sha256="d" * 64)


def acceptance_by(subject: Subject) -> None:
    notice = Notice.objects.create(version="accepted", title="Notice", body="Words")
    NoticeAcceptance.objects.create(notice=notice, subject=subject, how="stated", actor_kind="system")


def released_hold_on(subject: Subject) -> None:
    hold = place_hold(kind=HoldKind.LEGAL, matter="A claim", subject=subject, actor=SYSTEM)
    let_go(hold)


def erasure_of(subject: Subject) -> None:
    Run.objects.create(
        kind="erasure", source=rule_over(Subject).dataset.source, subject=subject, slot=uuid4().hex, plan={},
        plan_hash="c" * 64, state=RunState.STOPPED,
    )  # fmt: skip


def disclosure_of(subject: Subject) -> None:
    purpose = Purpose.objects.create(code="hosting", title="Hosting", description="Hosting", lawful_basis="contract")
    recipient = Recipient.objects.create(name="Cloud Ltd", role="hosts", country="IE")
    Disclosure.objects.create(
        subject=subject, recipient=recipient, purpose=purpose, lawful_basis="contract", categories=["contact"],
        disclosed_on=timezone.now().date(), means="system", way="hand", actor_kind="system", entered_at=timezone.now(),
    )  # fmt: skip


def lifted_objection_of(subject: Subject) -> None:
    placed = place_restriction(subject=subject, kind="objection", actor=SYSTEM)
    lift_restriction(restriction=placed, reason="Over.", told_on=local_date(timezone.now()), actor=SYSTEM)


def withdrawal_passed_on_for(subject: Subject) -> None:
    """A task about the record of somebody else: one of their own would keep the person anyway."""
    record = ConsentRecord.objects.select_related("purpose").latest("recorded_at")
    recipient = Recipient.objects.create(name="Callers Ltd", role="calls", country="IE")
    WithdrawalTask.objects.create(
        record=record, subject=subject, purpose=record.purpose, recipient=recipient, due_on=timezone.now().date(),
        rule="own.withdrawal", state="overtaken", closed_at=timezone.now(),
    )  # fmt: skip


REFERENCES = {
    SubjectRequest: case_of,
    Letter: letter_to,
    MailLink: link_for,
    Errand: task_for,
    ConsentRecord: consent_of,
    CurrentConsent: consent_of,
    OptOutNotice: opt_out_notice_to,
    NoticeTold: told_of_a_notice,
    NoticeAcceptance: acceptance_by,
    WithdrawalTask: withdrawal_passed_on_for,
    Disclosure: disclosure_of,
    Hold: released_hold_on,
    Run: erasure_of,
    Restriction: lifted_objection_of,
}


def test_every_kind_of_reference_is_tried_here():
    referring = {each.related_model for each in Subject._meta.related_objects}
    assert referring - {Identifier, Annotation} == set(REFERENCES)  # these two go along with the person


def test_people_go_with_what_they_are_known_by_when_nothing_refers_to_them(portal):
    assert in_words(rule_over(Subject)).endswith(
        "are deleted 30 days after the creation of the record, only where nothing refers to them any more."
    )
    gone = known_for(40, "ama", "kofi", "esi")
    stays = known_for(20, "yaw")
    run = followed()
    assert (run.state, run.problem) == (RunState.COMPLETED, "")
    assert {step.dataset_key.partition(".")[2]: step.rows for step in run.steps.all()} == {
        "requests_annotation": 0, "subjects_identifier": 3, "subjects_subject": 3,
    }  # fmt: skip
    assert list(Subject.objects.all()) == stays
    assert [each.subject for each in Identifier.objects.all()] == stays
    assert len(gone) == 3


def test_any_reference_keeps_a_person_and_they_go_the_day_after_the_last_one(portal):
    kinds = {refer: model for model, refer in REFERENCES.items()}
    kept = known_for(400, *[model.__name__.lower() for model in kinds.values()])
    for subject, (refer, model) in zip(kept, kinds.items(), strict=True):
        refer(subject)
        assert model.objects.filter(subject=subject).exists()
    (gone,) = known_for(400, "ama")
    run = followed()
    assert (run.state, run.problem) == (RunState.COMPLETED, "")
    assert set(Subject.objects.all()) == set(kept)
    assert not Identifier.objects.filter(subject_id=gone.pk).exists()
    assert {each.subject for each in Identifier.objects.all()} == set(kept)
    written_to = Letter.objects.get().subject
    Letter.objects.all().delete()
    followed()
    assert set(Subject.objects.all()) == set(kept) - {written_to}


def test_a_table_that_nobody_described_keeps_its_people_as_well(portal):
    ama, kofi = known_for(400, "ama", "kofi")
    schema = current_organisation().schema_name
    with public_context(), connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE {schema}.later (id int PRIMARY KEY, about uuid REFERENCES {schema}.subjects_subject)"
        )
        cursor.execute(f"CREATE INDEX later_about ON {schema}.later (about)")
        cursor.execute(f"INSERT INTO {schema}.later VALUES (1, %s)", [ama.pk])
        grant_own_schema(schema)
    run = followed()
    assert (run.state, run.problem) == (RunState.COMPLETED, "")
    assert list(Subject.objects.all()) == [ama]
    assert kofi.pk != ama.pk


def test_what_comes_between_the_look_and_the_start_is_counted_anew(portal):
    people = known_for(400, "ama", "kofi")
    run = start_rule_run(rule=rule_over(Subject), actor=SYSTEM)
    letter_to(people[0])
    for _again in range(2):  # the second officer is asked again, because the rows changed
        work(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.COMPLETED
    assert list(Subject.objects.all()) == people[:1]
