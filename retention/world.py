"""What may have changed since a plan was made, asked before every chunk."""

from collections.abc import Callable, Sequence

from django.utils import timezone

from privacy.datamap.engine.journal import Permission
from privacy.datamap.engine.plan import Step
from privacy.datamap.engine.selection import Held
from privacy.datamap.models import Source
from privacy.register.selectors import profile
from privacy.tenants.context import current_organisation, public_context
from privacy.tenants.models import Organisation
from retention.approval import is_approved
from retention.enums import RunKind, RunState
from retention.holding import exempt_cases, held_datasets, held_people, holds_on
from retention.hours import may_work
from retention.models import Run
from retention.problems import problem_words
from retention.rule_standing import rule_problem
from retention.services.replays import is_replay_approved
from retention.transitions import AGAIN

RUN_ENDED = "run_ended"
OUTSIDE_HOURS = "outside_hours"


class PortalWorld:
    """Implements `privacy.datamap.engine.journal.World`. `blocked` is the code of the last refusal, empty for none."""

    def __init__(self, run: Run, *, keep_lease: Callable[[], None]) -> None:
        self._run = run
        self._keep_lease = keep_lease
        self.blocked = ""

    def ask(self, step: Step) -> Permission:
        """May the run go on with this step, and who is spared?"""
        return self.ask_at_once([step])[0]

    def ask_at_once(self, steps: Sequence[Step]) -> list[Permission]:
        """The same of several steps, with as many queries as of one."""
        self._keep_lease()
        codes = self._why_not(steps)
        self.blocked = next(filter(None, codes), "")
        held = held_people(except_cases=exempt_cases(self._run))
        return [Permission(not code, problem_words(code), held) for code in codes]

    def held(self, step: Step) -> Held:
        """Who is spared now, in whichever step; nothing is asked about the run."""
        self._keep_lease()
        return held_people(except_cases=exempt_cases(self._run))

    def refusal(self) -> str:
        """Why nothing of the run may be done now, as a code; empty when it may go on."""
        now = Run.objects.filter(pk=self._run.pk, state=RunState.RUNNING).defer("plan", "frozen_keys").first()
        if now is None:
            return RUN_ENDED
        if now.lacks_approval:
            return "approval_void"
        if self._run.kind == RunKind.ERASURE and not is_approved(self._run):
            return "approval_void"
        if self._run.kind in AGAIN and not is_replay_approved(self._run):
            return "approval_void"
        if not _organisation_is_active():
            return "organisation_inactive"
        if not Source.objects.filter(pk=self._run.source_id, is_active=True).exists():
            return "source_inactive"
        if self._run.kind == RunKind.RETENTION and (code := rule_problem(self._run)):
            return code
        if self._run.kind == RunKind.RETENTION and not may_work(profile(), timezone.now()):
            return OUTSIDE_HOURS
        subject = self._run.subject
        if subject is not None and holds_on(subject, except_cases=exempt_cases(self._run)).exists():
            return "held"
        return ""

    def _why_not(self, steps: Sequence[Step]) -> list[str]:
        """The code of a refusal for each step; empty when it may go on."""
        if code := self.refusal():
            return [code] * len(steps)
        held = held_datasets(self._run)
        return ["dataset_held" if step.dataset in held else "" for step in steps]


def _organisation_is_active() -> bool:
    """Asked anew with the owner's eyes: the object we entered with may be older than a cancellation."""
    key = current_organisation().pk
    with public_context():
        return Organisation.objects.filter(pk=key, state=Organisation.State.ACTIVE).exists()
