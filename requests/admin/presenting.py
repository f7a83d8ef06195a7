"""A case as lists show it: never more of the person than a masked address."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, DateField, Exists, OuterRef, Prefetch, QuerySet, Subquery, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.errands.models import Errand, ErrandState
from privacy.law.enums import Cause
from privacy.register.selectors import local_date
from privacy.subjects.identifiers import IdentifierKind, masked
from privacy.subjects.models import Subject
from requests.enums import RequestKind, RequestState
from requests.models import Representation, SubjectRequest
from requests.selectors import due_status
from requests.traits import urgent
from retention.enums import HoldKind
from retention.models import Hold

_UNFINISHED = (ErrandState.OPEN, ErrandState.IMPOSSIBLE, ErrandState.CANCELLED)
_HEAVY = (
    "name", "details", "particulars", "plan", "frozen_keys", "refusal_text", "offered_instead", "received_reason",
    "closing_reason", "law_codes", "work_by",
)  # fmt: skip


def with_flags(cases: QuerySet[SubjectRequest], today: date | None = None) -> QuerySet[SubjectRequest]:
    """What the flags of a case need beside its own fields.

    Args:
        today: the organisation's local date, which each case is given; asked from the clock when absent.
    """
    legal = Hold.objects.filter(kind=HoldKind.LEGAL, released_at__isnull=True, subject=OuterRef("subject"))
    complaints = SubjectRequest.objects.filter(about_case_id=OuterRef("pk"), closed_at__isnull=True)
    return cases.annotate(
        has_legal_hold=Exists(legal),
        has_complaint=Exists(complaints),
        is_represented=Exists(Representation.objects.filter(case=OuterRef("pk"), ended_at__isnull=True)),
        today=Value(today or local_date(timezone.now()), DateField()),
    )


def with_row_data(cases: QuerySet[SubjectRequest], today: date | None = None) -> QuerySet[SubjectRequest]:
    """Everything a row needs, in a constant number of queries. A row says no name, so none is read and decrypted."""
    return (
        with_flags(cases, today)
        .select_related("assignee")
        .prefetch_related(Prefetch("subject", Subject.objects.defer("name")), "subject__identifiers")
        .annotate(tasks=_tasks(ErrandState.CANCELLED), tasks_done=_tasks(*_UNFINISHED))
        .defer(*_HEAVY)
    )


def _tasks(*without: ErrandState) -> Subquery:
    """How many tasks the case has, but for those in these states; None without any."""
    tasks = Errand.objects.filter(case_id=OuterRef("pk")).exclude(state__in=without).order_by()
    return Subquery(tasks.values("case_id").annotate(number=Count("pk")).values("number"))


@dataclass(frozen=True)
class CaseRow:
    """One line of a short list of cases."""

    reference: str
    link: str
    person: str
    kind: str
    stage: str
    due: SafeString
    flags: SafeString
    assignee: str


def case_rows(cases: QuerySet[SubjectRequest]) -> list[CaseRow]:
    """Cases for a short list; `cases` may be sliced."""
    chosen = [case.pk for case in cases.only("pk", "assignee", "due_on", "received_at")]
    rows = with_row_data(SubjectRequest.objects.filter(pk__in=chosen)).order_by("work_by", "received_at")
    return [
        CaseRow(
            reference=case.reference,
            link=reverse("officer:requests_subjectrequest_change", args=[case.pk]),
            person=masked_person(case),
            kind=kind_word(case),
            stage=case.get_state_display(),
            due=due_badge(case),
            flags=flags_line(case),
            assignee=str(case.assignee) if case.assignee else "",
        )
        for case in rows
    ]


def masked_person(case: SubjectRequest) -> str:
    """What the person is known by, as far as a list may show it: the e-mail address where there is one."""
    known = sorted(
        case.subject.identifiers.all(),
        key=lambda each: (each.former_since is not None, each.kind != IdentifierKind.EMAIL, each.pk),
    )
    return masked(known[0].kind, known[0].value) if known else _("nothing left")


def kind_word(case: SubjectRequest) -> str:
    """The kind in one word: “Access: a copy of my data” is what the person reads."""
    return str(case.get_kind_display()).partition(":")[0]


def badge(text: str | Promise, level: str, title: str = "") -> SafeString:
    """A coloured label whose text says by itself what the colour says."""
    return format_html('<span class="pd-badge pd-badge--{}" title="{}">{}</span>', level, title, text)


def due_badge(case: SubjectRequest) -> SafeString:
    """How a case stands against its last day; of an urgent one also by when we want it done. Of `with_flags`."""
    status = due_status(case, case.today)  # type: ignore[attr-defined]
    exact = date_format(case.due_on, "l j F Y")
    if not (is_urgent(case) and case.target_on < case.due_on):
        return badge(status.words, status.level, exact)
    shown = badge(status.words, "soon" if status.level == "plain" else status.level, exact)
    target = _("target %(day)s") % {"day": date_format(case.target_on, "j M")}
    return format_html('{} <span class="pd-below">{}</span>', shown, target)


def law_badges(case: SubjectRequest) -> SafeString:
    """The laws and promises whose clocks run, the binding one first."""
    named = [(law_label(clock), clock["citation"]) for clock in case.deadlines]
    return format_html_join(" ", '<span class="pd-badge pd-badge--plain" title="{1}">{0}</span>', named)


def law_label(clock: dict[str, str]) -> str:
    """Short name of a clock: the law's code, or that it is our own promise."""
    return clock["law"] if clock["origin"] == "law" else _("policy")


@dataclass(frozen=True)
class Flag:
    """Something unusual about a case that a list says in a word or two."""

    words: str | Promise
    level: str
    is_on: Callable[[SubjectRequest], bool]


FLAGS = (
    Flag(gettext_lazy("problem"), "overdue", lambda case: bool(case.problem)),
    Flag(gettext_lazy("refused by silence"), "overdue", lambda case: bool(case.deemed_refused_on)),
    Flag(gettext_lazy("minor: urgent"), "overdue", lambda case: is_urgent(case)),
    Flag(gettext_lazy("minor"), "soon", lambda case: case.is_minor and not is_urgent(case)),
    Flag(gettext_lazy("by a representative"), "info", lambda case: getattr(case, "is_represented", False)),
    Flag(gettext_lazy("legal hold"), "soon", lambda case: getattr(case, "has_legal_hold", False)),
    Flag(gettext_lazy("fee pending"), "paused", lambda case: _waits_for_fee(case)),
    Flag(gettext_lazy("two officers"), "info", lambda case: case.state == RequestState.AWAITING_APPROVAL),
    Flag(gettext_lazy("complaint"), "soon", lambda case: case.kind == RequestKind.COMPLAINT),
    Flag(gettext_lazy("complained of"), "soon", lambda case: getattr(case, "has_complaint", False)),
)


def _waits_for_fee(case: SubjectRequest) -> bool:
    """A closed case waits for nothing, whatever it waited for when it ended."""
    return case.closed_at is None and Cause.FEE.value in case.waiting_for.split()


def is_urgent(case: SubjectRequest) -> bool:
    """Whether a case is open and worked on before all others."""
    return urgent(case.kind, case.is_minor) and case.closed_at is None


def flags(case: SubjectRequest) -> SafeString:
    """What is unusual about a case, as badges; those of holds and complaints come with `with_flags`."""
    found = [(flag.words, flag.level) for flag in FLAGS if flag.is_on(case)]
    return format_html_join(" ", '<span class="pd-badge pd-badge--{1}">{0}</span>', found)


def flags_line(case: SubjectRequest) -> SafeString:
    """The flags of a case below its reference in a list; nothing where nothing is unusual."""
    found = flags(case)
    return format_html('<span class="pd-flags">{}</span>', found) if found else found


def tasks_word(case: SubjectRequest) -> str:
    """How many tasks are done, of how many; for cases of `with_row_data`."""
    every = case.tasks  # type: ignore[attr-defined]
    if not every:
        return ""
    return _("%(done)d of %(all)d") % {"done": case.tasks_done or 0, "all": every}  # type: ignore[attr-defined]
