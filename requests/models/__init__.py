"""What the room of subject requests keeps."""

from requests.models.cases import Approval, CaseGroupPermission, CaseOfficerPermission, SubjectRequest
from requests.models.files import CaseFile, CaseFileRole, FileAsk, Redaction, ScanResult
from requests.models.packages import AccessPackage

__all__ = [
    "AccessPackage",
    "Approval",
    "CaseFile",
    "CaseFileRole",
    "CaseGroupPermission",
    "CaseOfficerPermission",
    "FileAsk",
    "Redaction",
    "ScanResult",
    "SubjectRequest",
]
