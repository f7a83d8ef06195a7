"""What the room of subject requests keeps."""

from requests.models.calls import IntakeCall
from requests.models.cases import Approval, CaseGroupPermission, CaseOfficerPermission, SubjectRequest
from requests.models.clock import ClockEvent
from requests.models.complaints import CaseAnswer, Escalation, InvestigationNote, MeasureTaken
from requests.models.corrections import Annotation, Correction, NoticeChange, RecipientNotice, Verdict
from requests.models.decisions import CategoryDecision
from requests.models.fees import FeeEstimate, FeeState
from requests.models.files import CaseFile, CaseFileRole, FileAsk, Redaction
from requests.models.packages import AccessPackage
from requests.models.reminders import Mark, Reminder
from requests.models.representation import AuthorityKind, Representation
from requests.models.sent_pages import SentPage

__all__ = [
    "AccessPackage",
    "Annotation",
    "Approval",
    "AuthorityKind",
    "CaseAnswer",
    "CaseFile",
    "CaseFileRole",
    "CaseGroupPermission",
    "CaseOfficerPermission",
    "CategoryDecision",
    "ClockEvent",
    "Correction",
    "Escalation",
    "FeeEstimate",
    "FeeState",
    "FileAsk",
    "IntakeCall",
    "InvestigationNote",
    "Mark",
    "MeasureTaken",
    "NoticeChange",
    "RecipientNotice",
    "Redaction",
    "Reminder",
    "Representation",
    "SentPage",
    "SubjectRequest",
    "Verdict",
]
