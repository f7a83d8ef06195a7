"""A case as lists show it: never more of the person than a masked address."""

from dataclasses import dataclass
from datetime import date

from django.db.models import DateField, Exists, OuterRef, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from privacy.register.selectors import local_date
from privacy.subjects.identifiers import IdentifierKind, masked
from requests.enums import RequestKind, RequestState
from requests.models import SubjectRequest
from requests.selectors import DueStatus, due_status
from retention.enums import HoldKind
from retention.models import Hold

_HEAVY = ("name", "details", "plan", "frozen_keys", "refusal_text")


def with_row_data(cases: QuerySet[SubjectRequest]) -> QuerySet[SubjectRequest]:
    """Everything a row needs, in a constant number of queries; `today` is the organisation's date."""
    legal = Hold.objects.filter(kind=HoldKind.LEGAL, released_at__isnull=True, subject=OuterRef("subject"))
    complaints = SubjectRequest.objects.filter(about_case_id=OuterRef("pk"), closed_at__isnull=True)
    return (
        cases.select_related("assignee")
        .prefetch_related("subject__identifiers")
        .annotate(
            has_legal_hold=Exists(legal),
            has_complaint=Exists(complaints),
            today=Value(local_date(timezone.now()), DateField()),
        )
        .defer(*_HEAVY)
    )


@dataclass(frozen=True)
class CaseRow:
    """One line of a short list of cases."""

    reference: str
    link: str
    person: str
    kind: str
    stage: str
    due: DueStatus
    due_on: date
    assignee: str


def case_rows(cases: QuerySet[SubjectRequest]) -> list[CaseRow]:
    """Cases for a short list; `cases` may be sliced."""
    chosen = [case.pk for case in cases.only("pk", "assignee", "due_on", "received_at")]
    rows = with_row_data(SubjectRequest.objects.filter(pk__in=chosen)).order_by("due_on", "received_at")
    return [
        CaseRow(
            reference=case.reference,
            link=reverse("officer:requests_subjectrequest_change", args=[case.pk]),
            person=masked_person(case),
            kind=kind_word(case),
            stage=case.get_state_display(),
            due=due_status(case, case.today),  # type: ignore[attr-defined]
            due_on=case.due_on,
            assignee=str(case.assignee) if case.assignee else "",
        )
        for case in rows
    ]


def masked_person(case: SubjectRequest) -> str:
    """The person's e-mail address as far as a list may show it."""
    for identifier in case.subject.identifiers.all():
        if identifier.kind == IdentifierKind.EMAIL:
            return masked(identifier.kind, identifier.value)
    return _("no address left")


def kind_word(case: SubjectRequest) -> str:
    """The kind in one word: “Access: a copy of my data” is what the person reads."""
    return str(case.get_kind_display()).partition(":")[0]


def badge(text: str | Promise, level: str, title: str = "") -> SafeString:
    """A coloured label whose text says by itself what the colour says."""
    return format_html('<span class="pd-badge pd-badge--{}" title="{}">{}</span>', level, title, text)


def law_badges(case: SubjectRequest) -> SafeString:
    """The laws and promises whose clocks run, the binding one first."""
    named = [(law_label(clock), clock["citation"]) for clock in case.deadlines]
    return format_html_join(" ", '<span class="pd-badge pd-badge--plain" title="{1}">{0}</span>', named)


def law_label(clock: dict[str, str]) -> str:
    """Short name of a clock: the law's code, or that it is our own promise."""
    return clock["law"] if clock["origin"] == "law" else _("policy")


def flags(case: SubjectRequest) -> SafeString:
    """What is unusual about a case."""
    found = []
    if case.problem:
        found.append((_("problem"), "overdue"))
    if getattr(case, "has_legal_hold", False):
        found.append((_("legal hold"), "soon"))
    if case.kind == RequestKind.COMPLAINT or getattr(case, "has_complaint", False):
        found.append((_("complaint"), "soon"))
    if case.state == RequestState.AWAITING_APPROVAL:
        found.append((_("two officers"), "info"))
    return format_html_join(" ", '<span class="pd-badge pd-badge--{1}">{0}</span>', found)
