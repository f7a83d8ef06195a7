"""The retention rules with which every organisation starts for the portal's own tables, as data."""

from dataclasses import dataclass

from django.contrib.sessions.models import Session
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consent.models import ConsentDocument, ConsentRecord, CurrentConsent, Decision, Evidence, WithdrawalTask
from privacy.errands.models import Errand, ErrandFile
from privacy.letters.models import Letter
from privacy.register.activities.models import ProcessingWithoutConsent
from privacy.register.models import Disclosure, DisclosureNote, VoidedDisclosure
from privacy.register.restrictions.models import Restriction, RestrictionChange
from privacy.subjects.models import Identifier, MailLink, Subject
from requests.models import (
    AccessPackage,
    Annotation,
    Approval,
    CaseAnswer,
    CaseFile,
    CaseGroupPermission,
    CaseOfficerPermission,
    CategoryDecision,
    ClockEvent,
    Correction,
    Escalation,
    FeeEstimate,
    FileAsk,
    IntakeCall,
    InvestigationNote,
    MeasureTaken,
    RecipientNotice,
    Redaction,
    Reminder,
    Representation,
    SentPage,
    SubjectRequest,
)
from retention.enums import PeriodUnit, StartEvent


@dataclass(frozen=True)
class Template:
    """A rule as it is when nobody has changed it. along: tables whose rows go with those of `model`.

    way: hops to the table with the event, each with own columns, table and its columns; none when it is `model` itself.
    where: of the table with the event.
    """

    name: Promise
    model: type[Model]
    start_event: StartEvent
    start_column: str
    amount: int
    unit: PeriodUnit
    reason: Promise
    along: tuple[type[Model], ...] = ()
    way: tuple[tuple[list[str], type[Model], list[str]], ...] = ()
    where: tuple[tuple[str, str, str], ...] = ()


_PARTS_OF_A_CASE = (
    AccessPackage, Approval, CaseAnswer, CaseFile, CaseGroupPermission, CaseOfficerPermission, CategoryDecision,
    ClockEvent, Correction, Escalation, FeeEstimate, FileAsk, IntakeCall, InvestigationNote, MeasureTaken,
    RecipientNotice, Redaction, Reminder, Representation, SentPage,
)  # fmt: skip

TEMPLATES = (
    Template(
        name=_("Portal: request files, three years after the case was closed"),
        model=SubjectRequest,
        start_event=StartEvent.OTHER,
        start_column="closed_at",
        amount=3,
        unit=PeriodUnit.YEARS,
        reason=_("Proof that the request was answered, for complaints and claims about it; then it has no purpose."),
        along=(*_PARTS_OF_A_CASE, Errand, ErrandFile),
    ),
    Template(
        name=_("Portal: letters, three years after they were written"),
        model=Letter,
        start_event=StartEvent.CREATED,
        start_column="created_at",
        amount=3,
        unit=PeriodUnit.YEARS,
        reason=_("Proof of what was written to the person, as long as the file of a request; then it has no purpose."),
    ),
    # The record of a decision is sealed and stays; what shows how it was made may name people, and lies beside it.
    Template(
        name=_("Portal: evidence of consents, three years after the consent ended"),
        model=Evidence,
        start_event=StartEvent.OTHER,
        start_column="since",
        amount=3,
        unit=PeriodUnit.YEARS,
        reason=_("Shows that a consent was given, as long as it is in force and claims about it can be made."),
        way=(
            (["record_id"], ConsentRecord, ["id"]),
            (["subject_id", "purpose_id"], CurrentConsent, ["subject_id", "purpose_id"]),
        ),
        where=(("decision", "!=", Decision.GIVEN.value),),
        along=(ConsentDocument,),
    ),
    # One that is open has no such date: it stays until somebody was told.
    Template(
        name=_("Portal: withdrawals that were passed on, three years after that"),
        model=WithdrawalTask,
        start_event=StartEvent.OTHER,
        start_column="closed_at",
        amount=3,
        unit=PeriodUnit.YEARS,
        reason=_("Proof that others were told of a withdrawal, as long as claims about it can be made."),
    ),
    # Long enough for every look-back of a law (the longest is a year), for requests that follow, and for claims.
    Template(
        name=_("Portal: disclosures, three years after they were made"),
        model=Disclosure,
        start_event=StartEvent.OTHER,
        start_column="disclosed_on",
        amount=3,
        unit=PeriodUnit.YEARS,
        reason=_("Says to whom data went, for access requests, for telling recipients of corrections, and for claims."),
        along=(DisclosureNote, VoidedDisclosure),
    ),
    # One that is in force has no such date, so it stays, and with it the person whom it protects.
    Template(
        name=_("Portal: restrictions and objections, three years after they were lifted"),
        model=Restriction,
        start_event=StartEvent.OTHER,
        start_column="lifted_at",
        amount=3,
        unit=PeriodUnit.YEARS,
        reason=_(
            "Proof of what was restricted and that the person was told of its end, as long as claims can be made."
        ),
        along=(RestrictionChange,),
    ),
    # What goes on has no such date, so it stays; one that was declined ends with the decision.
    Template(
        name=_("Portal: processing without consent, three years after it ended"),
        model=ProcessingWithoutConsent,
        start_event=StartEvent.OTHER,
        start_column="ended_on",
        amount=3,
        unit=PeriodUnit.YEARS,
        reason=_("Shows on which ground nobody was asked and who approved, as long as claims can be made."),
    ),
    Template(
        name=_("Portal: mailed links, thirty days after they ran out"),
        model=MailLink,
        start_event=StartEvent.OTHER,
        start_column="expires_at",
        amount=30,
        unit=PeriodUnit.DAYS,
        reason=_("Opens nothing any more; kept for a month to answer questions about a link that did not work."),
    ),
    Template(
        name=_("Portal: visits, the day after they ended"),
        model=Session,
        start_event=StartEvent.OTHER,
        start_column="expire_date",
        amount=1,
        unit=PeriodUnit.DAYS,
        reason=_("Needed only while somebody is visiting the portal."),
    ),
    Template(
        name=_("Portal: people, once nothing refers to them any more, after thirty days"),
        model=Subject,
        start_event=StartEvent.CREATED,
        start_column="created_at",
        amount=30,
        unit=PeriodUnit.DAYS,
        reason=_(
            "No case, letter, consent, disclosure, hold or record of work is about them; their name has no purpose."
        ),
        along=(Identifier, Annotation),
    ),
)
