"""The tables of retention, one file for each subject."""

from retention.models.erased import ErasedIdentifier, ErasedLook, ErasureExtent, ReplayApproval, ReturnedRow
from retention.models.holds import Hold
from retention.models.kept import KeptRow, KeptRows
from retention.models.notices import AdvanceNotice, NoticePass
from retention.models.rules import Minimum, Rule, RuleVersion
from retention.models.runs import Certificate, Run, RunChunk, RunPart, RunStep

__all__ = [
    "AdvanceNotice",
    "Certificate",
    "ErasedIdentifier",
    "ErasedLook",
    "ErasureExtent",
    "Hold",
    "KeptRow",
    "KeptRows",
    "Minimum",
    "NoticePass",
    "ReplayApproval",
    "ReturnedRow",
    "Rule",
    "RuleVersion",
    "Run",
    "RunChunk",
    "RunPart",
    "RunStep",
]
