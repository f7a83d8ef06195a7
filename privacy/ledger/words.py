"""The ledger in words for people. What is written and sealed are codes; only its pages say them in words.

An act that has no words of its own is said by its code with spaces: nobody has to read dots and underscores.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.apps import apps
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.ledger.actors import ActorKind

ACTORS: dict[str, Promise] = {
    ActorKind.OFFICER: gettext_lazy("officer"),
    ActorKind.SUBJECT: gettext_lazy("person"),
    ActorKind.API_KEY: gettext_lazy("API key"),
    ActorKind.SYSTEM: gettext_lazy("Privacy Desk"),
    ActorKind.OPERATOR: gettext_lazy("operator"),
}
_CODE = re.compile(r"[a-z]+(?:_[a-z]+)+")
_DATED = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d\S*(?:Z|[+-]\d\d:?\d\d))?\Z")


def act_words(action: str) -> str:
    """An act, as `run.planned`, for people."""
    return str(_ACTS[action]) if action in _ACTS else capfirst(_spaced(action))


def actor_words(kind: str, name: str = "") -> str:
    """Who acted: the name where it is known, else the kind."""
    return name or str(ACTORS.get(kind, kind))


def object_words(object_type: str) -> str:
    """What an act was about: a model's label, as `retention.run`, for people."""
    app, _dot, model = object_type.partition(".")
    try:
        return str(apps.get_model(app, model)._meta.verbose_name)
    except (LookupError, ValueError):
        return _spaced(object_type)


def particulars(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The data of an entry as pairs of words."""
    return [(capfirst(_spaced(key)), _said(value)) for key, value in data.items() if value not in ("", None, [], {})]


def _said(value: Any) -> str:
    match value:
        case bool():
            return _("yes") if value else _("no")
        case Mapping():
            return ", ".join(f"{key}: {_said(each)}" for key, each in value.items())
        case list():
            return ", ".join(_said(each) for each in value)
        case str() if _CODE.fullmatch(value):
            return _spaced(value)
        case str() if _DATED.match(value):
            return _dated(value)
        case int():
            return f"{value:,}"
    return str(value)


def _dated(text: str) -> str:
    """A day or a moment as everywhere else on the site; the text itself where the calendar knows no such day."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if "T" in text:
        return date_format(localtime(moment), "j M Y, H:i:s T")
    return date_format(moment, "j M Y")


def _spaced(code: str) -> str:
    return re.sub(r"[._]+", " ", code).strip()


_ACTS: dict[str, Promise] = {
    "access_package.deleted": gettext_lazy("Access package deleted"),
    "access_package.downloaded": gettext_lazy("Access package downloaded"),
    "access_package.given_out_for_post": gettext_lazy("Access package given out to be posted"),
    "activity.reviewed": gettext_lazy("Processing activity reviewed"),
    "apikey.made": gettext_lazy("API key made"),
    "apikey.revoked": gettext_lazy("API key revoked"),
    "breach.notified": gettext_lazy("People told of a breach of security"),
    "certificate.issued": gettext_lazy("Certificate of deletion issued"),
    "consent.asked_again": gettext_lazy("Asked to agree again"),
    "consent.bulk_recorded": gettext_lazy("Consents recorded in bulk"),
    "consent.campaign_begun": gettext_lazy("Opt-out campaign begun"),
    "consent.campaign_done": gettext_lazy("Opt-out campaign done"),
    "consent.campaign_stopped": gettext_lazy("Opt-out campaign stopped"),
    "consent.document_opened": gettext_lazy("Scan of a consent opened"),
    "consent.document_scanned": gettext_lazy("Scan of a consent looked at by the scanner"),
    "consent.expired": gettext_lazy("Consent expired"),
    "consent.given": gettext_lazy("Consent given"),
    "consent.key_rotated": gettext_lazy("Key of receipts changed"),
    "consent.refused": gettext_lazy("Consent refused"),
    "consent.unsubscribed": gettext_lazy("Unsubscribed by one click in a mail"),
    "consent.withdrawal_passed_on": gettext_lazy("Withdrawal of consent passed on"),
    "consent.withdrawal_to_pass_on": gettext_lazy("Withdrawal of consent to be passed on"),
    "consent.withdrawals_listed": gettext_lazy("List of withdrawals to pass on taken"),
    "consent.withdrawals_reminded": gettext_lazy("Reminded of withdrawals to pass on"),
    "consent.states_rebuilt": gettext_lazy("States of consents made anew from the records"),
    "consent.withdrawn": gettext_lazy("Consent withdrawn"),
    "consent.wording_published": gettext_lazy("Words of consent published"),
    "cookies.banner_added": gettext_lazy("Cookie banner added"),
    "cookies.banner_published": gettext_lazy("Cookie banner published"),
    "cookiecategory.added": gettext_lazy("Category of cookies added"),
    "cookiecategory.changed": gettext_lazy("Category of cookies changed"),
    "cookiesite.changed": gettext_lazy("Draft of a cookie banner changed"),
    "dataset.confirmed": gettext_lazy("Table of the data map confirmed"),
    "dataset.forgotten": gettext_lazy("Table taken out of the data map"),
    "dataset.row_asked_about": gettext_lazy("Asked why a record is still here"),
    "disclosure.bulk_recorded": gettext_lazy("Disclosures recorded in bulk"),
    "disclosure.exported": gettext_lazy("Disclosure log exported"),
    "disclosure.recorded": gettext_lazy("Disclosure recorded"),
    "disclosure.voided": gettext_lazy("Disclosure made void"),
    "erasures.exported": gettext_lazy("List of erased people exported"),
    "erasures.imported": gettext_lazy("List of erased people imported"),
    "erasures.verified": gettext_lazy("Looked for erased people who came back"),
    "errand.cancelled": gettext_lazy("Task not needed any more"),
    "errand.done": gettext_lazy("Task declared done"),
    "errand.file_read": gettext_lazy("File of a task read"),
    "errand.impossible": gettext_lazy("Task declared impossible"),
    "errand.nothing": gettext_lazy("Task declared: nothing found"),
    "errand.opened": gettext_lazy("Task opened"),
    "errand.reopened": gettext_lazy("Task opened again"),
    "errand.taken_over": gettext_lazy("Task taken over"),
    "files.left_over_deleted": gettext_lazy("Files left over were deleted"),
    "finding.dismissed": gettext_lazy("Finding dismissed"),
    "finding.reopened": gettext_lazy("Finding opened again"),
    "findings.changed": gettext_lazy("Findings about a source changed"),
    "hold.kept": gettext_lazy("Hold kept; its release was not approved"),
    "hold.let_go": gettext_lazy("Hold ended at once, for an erasure that the same person asks for"),
    "hold.placed": gettext_lazy("Hold placed"),
    "hold.release_asked": gettext_lazy("Release of a hold asked for"),
    "hold.released": gettext_lazy("Hold released"),
    "hold.review_due": gettext_lazy("Hold is due for review"),
    "holiday.added": gettext_lazy("Holiday added to a calendar"),
    "holiday.changed": gettext_lazy("Holiday of a calendar changed"),
    "holiday.removed": gettext_lazy("Holiday removed from a calendar"),
    "letter.discarded_unposted": gettext_lazy("Letter to be posted discarded"),
    "letter.draft_discarded": gettext_lazy("Draft of a letter discarded"),
    "letter.draft_edited": gettext_lazy("Draft of a letter edited"),
    "letter.drafted": gettext_lazy("Letter drafted"),
    "letter.failed": gettext_lazy("Letter could not be sent"),
    "letter.pdf_opened": gettext_lazy("PDF of a letter opened"),
    "letter.posted": gettext_lazy("Letter posted"),
    "letter.queued_again": gettext_lazy("Letter to be sent again"),
    "letter.sent": gettext_lazy("Letter sent"),
    "letter.to_be_posted": gettext_lazy("Letter to be printed and posted"),
    "letter.taken_back": gettext_lazy("Letter not sent, for what it says was taken back"),
    "letter.withheld": gettext_lazy("Letter not sent, for the person did not want it any more"),
    "letter.written": gettext_lazy("Letter written"),
    "lettertemplate.restored": gettext_lazy("Built-in wording of a letter used again"),
    "lettertemplate.saved": gettext_lazy("Wording of a letter saved"),
    "minimum.added": gettext_lazy("Statutory minimum added"),
    "minimum.changed": gettext_lazy("Statutory minimum changed"),
    "notice.published": gettext_lazy("Privacy notice published"),
    "notice.accepted": gettext_lazy("Privacy notice accepted"),
    "notice.scheduled": gettext_lazy("Privacy notice scheduled"),
    "notice.unscheduled": gettext_lazy("Privacy notice taken back before its day"),
    "noticeannouncement.begun": gettext_lazy("Announcement of a privacy notice begun"),
    "noticeannouncement.stopped": gettext_lazy("Announcement of a privacy notice stopped"),
    "noticeannouncement.gone_on": gettext_lazy("Announcement of a privacy notice gone on with"),
    "noticeannouncement.taken_back": gettext_lazy("Announcement ended: its privacy notice was taken back"),
    "noticeannouncement.dataset_read": gettext_lazy("Table of a source read for an announcement"),
    "noticeannouncement.done": gettext_lazy("Everybody told of a privacy notice"),
    "officer.added": gettext_lazy("Officer added"),
    "officer.changed": gettext_lazy("Officer changed"),
    "officer.password_replaced": gettext_lazy("Password of an officer replaced"),
    "organisation.cancellation_undone": gettext_lazy("Cancellation of the organisation undone"),
    "organisation.cancelled": gettext_lazy("Organisation cancelled"),
    "organisation.closing_reminded": gettext_lazy("Reminded of the end of the organisation"),
    "organisation.created": gettext_lazy("Organisation created"),
    "organisation_export.asked": gettext_lazy("Export of everything asked for"),
    "organisation_export.downloaded": gettext_lazy("Export of everything downloaded"),
    "organisation_export.made": gettext_lazy("Export of everything made"),
    "processing_without_consent.approved": gettext_lazy("Processing without consent approved by a second officer"),
    "processing_without_consent.declined": gettext_lazy("Processing without consent declined by a second officer"),
    "processing_without_consent.ended": gettext_lazy("Processing without consent ended"),
    "processing_without_consent.entered": gettext_lazy("Processing without consent entered"),
    "processing_without_consent.exported": gettext_lazy("Register of processing without consent exported"),
    "processing_without_consent.review_due": gettext_lazy("Processing without consent is due for review"),
    "processing_without_consent.reviewed": gettext_lazy("Processing without consent reviewed and still needed"),
    "processingactivity.added": gettext_lazy("Processing activity added"),
    "processingactivity.changed": gettext_lazy("Processing activity changed"),
    "record_of_processing.exported": gettext_lazy("Record of processing activities exported"),
    "restriction.end_set": gettext_lazy("Restriction or objection: person told of its last day"),
    "restriction.lifted": gettext_lazy("Restriction or objection lifted"),
    "restriction.placed": gettext_lazy("Restriction or objection placed"),
    "rule.activated": gettext_lazy("Retention rule activated"),
    "rule.added": gettext_lazy("Retention rule added"),
    "rule.changed": gettext_lazy("Retention rule changed"),
    "rule.deactivated": gettext_lazy("Retention rule switched off"),
    "rule.no_problem": gettext_lazy("Retention rule can be planned again, or is switched off"),
    "rule.not_planned": gettext_lazy("Retention rule could not be planned"),
    "rule.nothing_due": gettext_lazy("Looked what is due under a rule: nothing"),
    "rules.verified": gettext_lazy("Looked for rows that rules had done and that are there again"),
    "run.approved": gettext_lazy("Run approved by a second officer"),
    "run.attention": gettext_lazy("Run needs somebody"),
    "run.awaiting": gettext_lazy("Run waits for a second officer again"),
    "run.completed": gettext_lazy("Run completed and verified"),
    "run.declined": gettext_lazy("Run declined by a second officer"),
    "run.kept_rows_gone": gettext_lazy("Rows that the law had wanted kept are gone"),
    "run.notices_given": gettext_lazy("People told before a run acts"),
    "run.paused": gettext_lazy("Run paused"),
    "run.planned": gettext_lazy("Run planned"),
    "run.recounted": gettext_lazy("Rows of a run counted anew"),
    "run.resumed": gettext_lazy("Run resumed"),
    "run.small_groups_coarser": gettext_lazy("Rows of small groups to be made coarser"),
    "run.small_groups_counted": gettext_lazy("Small groups counted after a run"),
    "run.started": gettext_lazy("Run started"),
    "run.stopped": gettext_lazy("Run stopped"),
    "source.address_changed": gettext_lazy("Address of a source changed"),
    "source.catalogue_imported": gettext_lazy("Data map of a source imported"),
    "source.changed": gettext_lazy("Source changed"),
    "source.connected": gettext_lazy("Source connected"),
    "source.discovered": gettext_lazy("Tables of a source read"),
    "source.look_failed": gettext_lazy("Source could not be read because of an error nobody foresaw"),
    "source.rights_accepted": gettext_lazy("Source connected with rights that do not fit"),
    "subject_request.acknowledged": gettext_lazy("The person was told that we have it"),
    "subject_request.annotated": gettext_lazy("The person's words were put beside the data"),
    "subject_request.answered": gettext_lazy("Case answered in words; case closed"),
    "subject_request.approval_void": gettext_lazy("Approval void; the erasure is planned anew"),
    "subject_request.assigned": gettext_lazy("Case assigned"),
    "subject_request.assignee_reminded": gettext_lazy("Whoever has the case was asked to look at it"),
    "subject_request.authority_accepted": gettext_lazy("Authority of the representative seen"),
    "subject_request.authority_file_made": gettext_lazy("File for the authority made"),
    "subject_request.authority_notified": gettext_lazy("Authority told of the ground that was used"),
    "subject_request.authority_rejected": gettext_lazy("Authority of the representative not shown; case closed"),
    "subject_request.begun": gettext_lazy("Work began; data locked against retention"),
    "subject_request.change_noted": gettext_lazy("Wanted change noted by an officer"),
    "subject_request.clock_extended": gettext_lazy("Period extended, after a letter to the person"),
    "subject_request.clock_wait_began": gettext_lazy("Waiting for the person began"),
    "subject_request.clock_wait_ended": gettext_lazy("Waiting for the person ended"),
    "subject_request.complaint_acknowledged": gettext_lazy("Complaint acknowledged on paper or by telephone"),
    "subject_request.complaint_linked": gettext_lazy("Complaint linked to the case that it is about"),
    "subject_request.cooling_off_began": gettext_lazy(
        "Erasure approved by a second officer; the person can still cancel it"
    ),
    "subject_request.cooling_off_ended": gettext_lazy("The time to cancel is over; the erasure began"),
    "subject_request.corrected": gettext_lazy("Correction carried out and verified; case closed"),
    "subject_request.correction_stopped": gettext_lazy(
        "The record says something else by now; the change is to be decided again"
    ),
    "subject_request.dated_back": gettext_lazy("Entered later than it came"),
    "subject_request.decision_void": gettext_lazy("The decision does not fit the data any more and is void"),
    "subject_request.deemed_refused": gettext_lazy("Refused by silence, as the law says"),
    "subject_request.deposit_received": gettext_lazy("Deposit received"),
    "subject_request.erased": gettext_lazy("Erasure carried out and verified; case closed"),
    "subject_request.erasure_approved": gettext_lazy("Erasure approved by a second officer"),
    "subject_request.escalated_to_authority": gettext_lazy("Complaint put before the authority"),
    "subject_request.escalated_to_senior": gettext_lazy("Complaint escalated to another Privacy Officer"),
    "subject_request.exported": gettext_lazy("In a list that was exported"),
    "subject_request.fee_accepted": gettext_lazy("The person accepted the fee"),
    "subject_request.fee_changed": gettext_lazy("The person changed the request instead of paying"),
    "subject_request.fee_declined": gettext_lazy("The person declined the fee"),
    "subject_request.fee_estimated": gettext_lazy("Fee estimated; the person is asked whether to go on"),
    "subject_request.fee_lapsed": gettext_lazy("Fee not accepted in time; case closed"),
    "subject_request.fee_waived": gettext_lazy("Fee waived"),
    "subject_request.file_added": gettext_lazy("File added to a case"),
    "subject_request.file_ask_taken_back": gettext_lazy("Document not asked for any more"),
    "subject_request.file_asked": gettext_lazy("Person asked for a document"),
    "subject_request.file_deleted": gettext_lazy("File of a case deleted"),
    "subject_request.file_deletion_asked": gettext_lazy("File of a case is to be deleted"),
    "subject_request.file_opened": gettext_lazy("File of a case opened"),
    "subject_request.file_scanned": gettext_lazy("File of a case scanned"),
    "subject_request.granted": gettext_lazy("Request granted"),
    "subject_request.granted_in_part": gettext_lazy("Granted in part"),
    "subject_request.identity_asked": gettext_lazy("The person is asked to show who they are"),
    "subject_request.identity_confirmed": gettext_lazy("Identity confirmed"),
    "subject_request.identity_lapsed": gettext_lazy("Nobody showed who they are in time; case closed"),
    "subject_request.identity_matched": gettext_lazy("E-mail address looked for in the sources"),
    "subject_request.identity_not_asked": gettext_lazy("Nobody is asked who they are: the law of this case forbids it"),
    "subject_request.identity_rejected": gettext_lazy("Identity rejected; case closed"),
    "subject_request.joined": gettext_lazy("Joined to another case; case closed"),
    "subject_request.kept_rows_gone": gettext_lazy("Rows that the law had wanted kept are gone"),
    "subject_request.language_changed": gettext_lazy("Our letters are in another language from now on"),
    "subject_request.lapsed": gettext_lazy("Request never confirmed; case closed"),
    "subject_request.measure_taken": gettext_lazy("Measure after a complaint recorded"),
    "subject_request.narrowed": gettext_lazy("Stopped what was granted; case closed"),
    "subject_request.note_added": gettext_lazy("Investigation note added"),
    "subject_request.package_asked_again": gettext_lazy("Access package asked for again"),
    "subject_request.package_deleted": gettext_lazy("Access package deleted"),
    "subject_request.package_downloaded": gettext_lazy("Access package downloaded by the person"),
    "subject_request.package_made": gettext_lazy("Access package made; case closed"),
    "subject_request.package_made_for_post": gettext_lazy("Access package made; it has to be posted"),
    "subject_request.package_posted": gettext_lazy("Access package posted; case closed"),
    "subject_request.person_copy_made": gettext_lazy("Copy of a case file for the person made"),
    "subject_request.plan_changed": gettext_lazy("Data changed since the approval; plan and approval are void"),
    "subject_request.plan_narrowed": gettext_lazy("Plan made without what was refused"),
    "subject_request.planned": gettext_lazy("Data found and plan made"),
    "subject_request.planning_asked": gettext_lazy("Asked to find the data again"),
    "subject_request.planning_asked_again": gettext_lazy("Asked to find the data again"),
    "subject_request.problem": gettext_lazy("Work on a case does not get on"),
    "subject_request.problem_over": gettext_lazy("Work on a case gets on again"),
    "subject_request.progress_told": gettext_lazy("Person told how far a complaint is"),
    "subject_request.purposes_noted": gettext_lazy("Purposes that the person means noted by an officer"),
    "subject_request.received": gettext_lazy("Request confirmed by its link"),
    "subject_request.recipient_to_tell": gettext_lazy("A recipient has to be told"),
    "subject_request.recipient_told": gettext_lazy("A recipient was told otherwise"),
    "subject_request.redacted": gettext_lazy("Redacted copy made"),
    "subject_request.redaction_begun": gettext_lazy("Redaction begun"),
    "subject_request.refused": gettext_lazy("Request refused"),
    "subject_request.reminded": gettext_lazy("Reminded of a date that comes near"),
    "subject_request.reply_received": gettext_lazy("The person replied"),
    "subject_request.represented": gettext_lazy("Somebody asks for the person; evidence of the authority asked for"),
    "subject_request.returned_to_decision": gettext_lazy("Case returned to decision"),
    "subject_request.spam": gettext_lazy("No request at all; case closed"),
    "subject_request.submitted": gettext_lazy("Request sent"),
    "subject_request.took_in": gettext_lazy("Another case was joined to this one"),
    "subject_request.value_corrected": gettext_lazy("Value corrected in the source and read back"),
    "subject_request.viewed": gettext_lazy("Case file opened"),
    "subject_request.withdrawn": gettext_lazy("Request withdrawn by the person"),
}
