"""Subject requests: the cases of the review queue."""

import uuid
from datetime import date

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from privacy.officers.models import Officer
from privacy.subjects.fields import EncryptedJSONField, EncryptedTextField
from privacy.subjects.models import Subject
from requests.enums import Channel, IdentityLevel, Outcome, RequestKind, RequestState
from requests.transitions import CLOSED


class LawCodes(models.Func):
    """The codes of the laws whose clocks a case was opened under, out of `deadlines`."""

    function = "jsonb_path_query_array"
    template = "%(function)s(%(expressions)s, '$[*].law')"
    output_field = models.JSONField()


# What the views and filters of the queue ask for. The indexes in the order of the queue hold it, so that a case is
# counted, or passed over, without being read: its clocks and texts make it large.
_ASKED_FOR = [
    "id", "state", "kind", "channel", "law_codes", "received_on", "assignee", "waiting_for", "stands_until", "problem",
]  # fmt: skip


def is_overdue_on(today: date) -> Q:
    """The cases of which a clock that runs has run out before this local day."""
    return Q(due_on__lt=today) & (Q(stands_until__isnull=True) | Q(stands_until__lt=today))


def runs_out_between(first: date, last: date) -> Q:
    """The cases of which the clock that runs, runs out on one of these days."""
    return Q(stands_until__isnull=True, due_on__range=(first, last)) | Q(stands_until__range=(first, last))


class SubjectRequest(models.Model):
    """One request of one person. `state` is assigned by `services.move` and by nobody else.

    `deadlines` is a snapshot of every clock the case was opened under, each with its arithmetic in words; `due_on` is
    the earliest of them. Both follow from the snapshot and the clock events (`services.clock_events`). `waiting_for`
    holds the causes of the waits that go on, joined by spaces, for lists to show and filter. `law_codes` is taken out
    of `deadlines` by the database, because to look into the clocks of every case takes seconds. `work_by` is the order
    of the queue: the due date, and for what is urgent (`traits.urgent`) our own target when that is earlier.

    While a clock stands, its date moves with every day; `due_on` is then what it was at the last daily look. So nobody
    may call such a case overdue by `due_on`: `stands_until` is empty while the binding clock runs, else the last day of
    the next clock that runs (the end of the calendar where none does). `is_overdue_on` says it for lists.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(_("reference"), max_length=16, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=RequestKind.choices)
    state = models.CharField(_("stage"), max_length=20, choices=RequestState.choices, default=RequestState.UNCONFIRMED)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.PORTAL)
    language = models.CharField(_("language"), max_length=5, default="en")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="requests")
    name = EncryptedTextField(_("name as given"), null=True, blank=True)
    details = EncryptedTextField(_("what the person wrote"), null=True, blank=True)
    particulars = EncryptedJSONField(_("answers to the questions of its kind"), null=True, editable=False)
    residence = models.CharField(_("where the person lives"), max_length=6, blank=True)
    is_minor = models.BooleanField(_("about a minor"), default=False)
    entered_by = models.ForeignKey(
        Officer, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("entered by")
    )
    received_reason = EncryptedTextField(_("why it is dated back"), null=True, blank=True)
    closing_reason = EncryptedTextField(_("why it is no request"), null=True, blank=True)
    # Ids and no foreign keys: the other case goes by its own retention, and this one stays without it.
    about_case_id = models.UUIDField(_("the case complained of"), null=True, editable=False)
    joined_to_id = models.UUIDField(_("handled as"), null=True, editable=False)
    received_at = models.DateTimeField(_("received"))
    received_on = models.DateField(_("received on"))
    # Of the last case that was joined to this one: clocks run from the first day, what is asked for reaches to this.
    asked_again_on = models.DateField(_("asked again on"), null=True, editable=False)
    due_on = models.DateField(_("due"))
    target_on = models.DateField(_("internal target"))
    work_by = models.GeneratedField(
        expression=models.Case(
            models.When(is_minor=True, kind=RequestKind.ERASURE, then=Least("target_on", "due_on")), default="due_on"
        ),
        output_field=models.DateField(),
        db_persist=True,
        verbose_name=_("to be worked on by"),
    )
    deadlines = models.JSONField(_("clocks"))
    law_codes = models.GeneratedField(
        expression=LawCodes("deadlines"), output_field=models.JSONField(), db_persist=True, verbose_name=_("laws")
    )
    stands_until = models.DateField(_("the clock stands; the next one runs out"), null=True, editable=False)
    waiting_for = models.CharField(_("waiting for the person"), max_length=60, blank=True)
    deemed_refused_on = models.DateField(_("silence counts as refusal since"), null=True)
    cooling_off_until = models.DateTimeField(_("can be cancelled until"), null=True)
    identity_level = models.CharField(
        _("identity"), max_length=16, choices=IdentityLevel.choices, default=IdentityLevel.NONE
    )
    on_file = models.JSONField(_("where the person is on file"), null=True, editable=False)
    identity_until = models.DateField(_("identity to be shown by"), null=True)
    assignee = models.ForeignKey(
        Officer, null=True, blank=True, on_delete=models.SET_NULL, related_name="cases", verbose_name=_("assigned to")
    )
    plan = models.JSONField(_("plan"), null=True)
    plan_hash = models.CharField(max_length=64, blank=True)
    planned_at = models.DateTimeField(null=True)
    frozen_keys = EncryptedJSONField(null=True, editable=False)
    decided_by = models.ForeignKey(Officer, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome.choices, blank=True)
    refusal_ground = models.CharField(_("ground of refusal"), max_length=60, blank=True)
    refusal_text = EncryptedTextField(_("reasons told to the person"), null=True, blank=True)
    offered_instead = EncryptedTextField(_("offered to the person instead"), null=True, blank=True)
    problem = models.CharField(_("problem"), max_length=60, blank=True)
    problem_details = models.TextField(_("details of the problem"), blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True)

    class Meta:
        verbose_name = _("subject request")
        verbose_name_plural = _("subject requests")
        ordering = ["work_by", "received_at"]
        permissions = [
            ("view_all_subjectrequests", "Can see every case"),
            ("handle_subjectrequest", "Can handle a case"),
            ("assign_subjectrequest", "Can assign cases"),
            ("approve_erasure", "Can approve an erasure as second officer"),
            ("export_subjectrequests", "Can export lists of cases"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state__in=sorted(CLOSED)) & Q(closed_at__isnull=False))
                | (~Q(state__in=sorted(CLOSED)) & Q(closed_at__isnull=True)),
                name="closed_case_has_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | (~Q(refusal_ground="") & Q(refusal_text__isnull=False)),
                name="refused_case_has_reasons",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["awaiting_approval", "cooling_off", "executing", "completed"])
                | Q(decided_at__isnull=False),
                name="carried_out_only_when_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="cooling_off") | Q(cooling_off_until__isnull=False),
                name="cooling_off_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(state="joined") | Q(joined_to_id__isnull=False), name="joined_case_says_to_which"
            ),
            models.CheckConstraint(condition=~Q(pk=models.F("joined_to_id")), name="case_not_joined_to_itself"),
            models.CheckConstraint(condition=~Q(pk=models.F("about_case_id")), name="complaint_not_about_itself"),
        ]
        indexes = [
            models.Index(
                fields=["work_by", "received_at"],
                name="case_open",
                condition=Q(closed_at__isnull=True),
                include=[*_ASKED_FOR, "due_on"],
            ),
            models.Index(fields=["state", "work_by"], name="case_stage"),
            models.Index(fields=["-closed_at"], name="case_closed", condition=Q(closed_at__isnull=False)),
            models.Index(
                fields=["-received_at"], name="case_received", include=[*_ASKED_FOR, "closed_at", "due_on", "work_by"]
            ),
            models.Index(fields=["received_on"], name="case_received_on"),
            models.Index(
                fields=["work_by", "received_at"],
                name="case_waiting",
                condition=Q(closed_at__isnull=True) & ~Q(waiting_for=""),
            ),
            models.Index(
                fields=["work_by", "received_at"],
                name="case_problem",
                condition=Q(closed_at__isnull=True) & ~Q(problem=""),
            ),
            GinIndex(fields=["law_codes"], name="case_law_codes"),
            models.Index(fields=["subject"], name="case_subject"),
            models.Index(fields=["about_case_id"], name="case_complaints", condition=Q(about_case_id__isnull=False)),
            models.Index(fields=["joined_to_id"], name="case_duplicates", condition=Q(joined_to_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def asked_until(self) -> date:
        """The day of the last of all requests that this case answers; what came about after it is not asked for."""
        return max(self.received_on, self.asked_again_on or self.received_on)

    @property
    def clock_stands(self) -> bool:
        """Whether the clock that binds stands until the person has done something."""
        return self.stands_until is not None

    @property
    def runs_until(self) -> date:
        """The last day of the earliest clock that runs; the end of the calendar while all stand."""
        return self.stands_until or self.due_on


class CaseOfficerPermission(UserObjectPermissionBase):
    """Need-to-know: an officer's right on one case. Goes with the case, unlike guardian's generic table."""

    content_object = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE)


class CaseGroupPermission(GroupObjectPermissionBase):
    """Need-to-know: a group's right on one case."""

    content_object = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE)


class Approval(models.Model):
    """The second officer's yes to exactly one plan."""

    case = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="approvals")
    plan_hash = models.CharField(_("hash of the approved plan"), max_length=64)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+", verbose_name=_("approved by"))
    approved_at = models.DateTimeField(_("approved"), auto_now_add=True)

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = [models.UniqueConstraint(fields=["case", "plan_hash"], name="approval_once")]

    def __str__(self) -> str:
        return self.plan_hash[:12]
