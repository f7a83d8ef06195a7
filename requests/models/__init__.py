"""What the room of subject requests keeps."""

from requests.models.cases import Approval, CaseGroupPermission, CaseOfficerPermission, SubjectRequest
from requests.models.clock import ClockEvent
from requests.models.corrections import Annotation, Correction, NoticeChange, RecipientNotice, Verdict
from requests.models.packages import AccessPackage

__all__ = [
    "AccessPackage",
    "Annotation",
    "Approval",
    "CaseGroupPermission",
    "CaseOfficerPermission",
    "ClockEvent",
    "Correction",
    "NoticeChange",
    "RecipientNotice",
    "SubjectRequest",
    "Verdict",
]
