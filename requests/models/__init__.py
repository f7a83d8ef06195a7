"""What the room of subject requests keeps."""

from requests.models.cases import Approval, CaseGroupPermission, CaseOfficerPermission, SubjectRequest
from requests.models.clock import ClockEvent
from requests.models.packages import AccessPackage

__all__ = ["AccessPackage", "Approval", "CaseGroupPermission", "CaseOfficerPermission", "ClockEvent", "SubjectRequest"]
