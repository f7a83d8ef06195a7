"""How long the portal keeps its own records, as the rules that every organisation starts with.

Officers may change them. Rows of open cases have no closing date and are never taken; people under a hold are spared
as everywhere. The ledger and the sealed consent records have no rule: the organisation's role may not delete there.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from retention.enums import PeriodUnit, StartEvent

_CASE = "requests_subjectrequest"


@dataclass(frozen=True)
class OwnRule:
    """A rule on tables of the portal; `path` leads from the table to the one with the date, as stored in rules."""

    name: str
    table: str
    start_table: str
    start_column: str
    event: str
    amount: int
    unit: str
    reason: str
    along: tuple[str, ...] = ()
    conditions: tuple[dict[str, Any], ...] = ()
    path: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = ()


RULES = (
    OwnRule(
        gettext_noop("Case files, three years after closing"),
        _CASE, _CASE, "closed_at", StartEvent.OTHER, 3, PeriodUnit.YEARS,
        gettext_noop("Showing how a request was answered while claims may be made (GDPR Art. 5(2), 17(3)(e)); at least "
                     "24 months by CCPA Regulations § 7101."),
        along=("requests_approval", "requests_accesspackage", "requests_caseofficerpermission",
               "requests_casegrouppermission"),
    ),
    OwnRule(
        gettext_noop("Letters of a case, two years after closing"),
        "letters_letter", _CASE, "closed_at", StartEvent.OTHER, 2, PeriodUnit.YEARS,
        gettext_noop("What was answered, for 24 months (CCPA Regulations § 7101); no longer than needed (GDPR "
                     "Art. 5(1)(e))."),
        path=((("case_id",), _CASE, ("id",)),),
    ),
    OwnRule(
        gettext_noop("Letters without a case, after one year"),
        "letters_letter", "letters_letter", "created_at", StartEvent.CREATED, 1, PeriodUnit.YEARS,
        gettext_noop("No longer than needed to answer questions about them (GDPR Art. 5(1)(e))."),
        conditions=({"column": "case_id", "op": "is null", "value": None},),
    ),
    OwnRule(
        gettext_noop("Evidence of consent, three years after the withdrawal"),
        "consent_evidence", "consent_currentconsent", "since", StartEvent.WITHDRAWAL, 3, PeriodUnit.YEARS,
        gettext_noop("Consent has to be demonstrated while it is relied upon and claims may be made (GDPR Art. 7(1), "
                     "17(3)(e))."),
        conditions=({"column": "decision", "op": "=", "value": "withdrawn"},),
        path=(
            (("record_id",), "consent_consentrecord", ("id",)),
            (("subject_id", "purpose_id"), "consent_currentconsent", ("subject_id", "purpose_id")),
        ),
    ),
    OwnRule(
        gettext_noop("Visits to the portal, one day after their end"),
        "django_session", "django_session", "expire_date", StartEvent.OTHER, 1, PeriodUnit.DAYS,
        gettext_noop("A visit that has ended serves nothing any more (GDPR Art. 5(1)(e))."),
    ),
)  # fmt: skip
