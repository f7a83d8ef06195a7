"""The first pass of a run with notice: everybody who has to be told is told, in windows, a hundred at a time.

Danger: a worker dies between the notice and its letter, and somebody is told twice, or never. Rule: notices, their
letters and the jobs that send them are one transaction, made only by whoever owns the run's job; the place behind a
window is written when all of it was, and whoever reads a window again finds who was told. People under a hold are left
out, as everywhere: nothing will be done to them.
"""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from privacy.datamap.engine.counting import predicates_of
from privacy.datamap.engine.executor import Progress
from privacy.datamap.engine.executor import RunState as EngineState
from privacy.datamap.engine.moments import BeyondCalendar, Moment
from privacy.datamap.engine.pace import Allotment, SystemClock
from privacy.datamap.engine.screening import ROWS_AT_ONCE, Screen
from privacy.datamap.engine.source import Source as EngineSource
from privacy.jobs.registry import JobHandle
from privacy.jobs.services import renew
from privacy.ledger.actors import SYSTEM
from privacy.ledger.services import record
from privacy.register.models import OrganisationProfile
from privacy.register.selectors import local_date, profile
from retention.models import AdvanceNotice, NoticePass, Rule, Run
from retention.notices.counting import step_of
from retention.notices.gate import gate_of
from retention.notices.known import as_text, row_index
from retention.notices.letter import write_notice
from retention.notices.standing import WITHOUT_ADDRESS, Stand, Standing, columns_of, stand_of
from retention.notices.terms import NoticeTerms, stored_terms
from retention.periods import due_on
from retention.rule_plan import draft_rule, noon
from retention.world import PortalWorld

LETTERS_AT_ONCE = 100
_TOLD = ("rule_version", "dataset_key", "counted_from", "given_on", "acts_from", "letter_id", "taken_by")


def tell_people(run: Run, job: JobHandle, source: EngineSource, world: PortalWorld) -> Progress | None:
    """Tell whoever has to be told before the run acts. None: all of them are told, or the rule tells nobody.

    Raises:
        EngineError: the source cannot be read.
        privacy.jobs.registry.LeaseLost: another worker owns the run.
    """
    terms = stored_terms(run.plan.get("rule") or {})
    if terms is None or run.notice_pass.done_at is not None:
        return None
    return _Telling(run, job, source, world, terms).go()


class _Telling:
    def __init__(self, run: Run, job: JobHandle, source: EngineSource, world: PortalWorld, terms: NoticeTerms) -> None:
        self._run, self._job, self._source, self._world, self._terms = run, job, source, world, terms
        assert run.rule_id is not None
        self._rule = Rule.objects.select_related("dataset__source", "start_dataset").get(pk=run.rule_id)
        self._pass = NoticePass.objects.get(run=run)
        self._today = max(self._pass.day, local_date(timezone.now()))
        self._first_day = self._today + dt.timedelta(days=terms.days)
        self._column = self._rule.start_dataset.fields.get(column=self._rule.start_column).data_type
        self._organisation: OrganisationProfile = profile()

    def go(self) -> Progress | None:
        allotment = Allotment(SystemClock(), settings.JOB_SLICE_SECONDS)
        plan = draft_rule(self._rule, self._source, now=noon(self._pass.day + dt.timedelta(days=self._terms.days)))
        step, gate = step_of(plan, self._rule.dataset.key), gate_of(self._run)
        assert gate is not None
        at_once = getattr(settings, "RETENTION_WINDOW_ROWS", None) or ROWS_AT_ONCE
        screen = Screen(self._source, predicates_of(plan, self._source), gate, rows_at_once=at_once)
        with self._source.connect() as connection:
            while True:
                permission = self._world.ask(step)
                if not permission.proceed:
                    return Progress(EngineState.STOPPED, {}, 0, permission.reason)
                if allotment.is_up:
                    return Progress(EngineState.OUT_OF_TIME, {}, 0)
                after = None if self._pass.after is None else tuple(self._pass.after)
                window = next(screen.windows(connection, step, permission.held, after=after), None)
                if window is None:
                    self._end()
                    return None
                rows = screen.read(
                    connection, step, window.lower, window.upper, permission.held, texts=columns_of(self._terms)
                )
                stands = stand_of(
                    rows, rule_id=self._rule.pk, dataset=gate.root, version=self._rule.version, terms=self._terms,
                    day=self._today,
                )  # fmt: skip
                self._write(stands, list(window.upper or ()))
                allotment.begin()

    def _write(self, stands: Sequence[Stand], reached: list[str]) -> None:
        to_write = [each for each in stands if each.standing in (Standing.TO_TELL, Standing.TO_NOTE)]
        for start in range(0, len(to_write), LETTERS_AT_ONCE):
            self._give(to_write[start : start + LETTERS_AT_ONCE])
        with transaction.atomic():
            renew(job_id=self._job.id, lease_owner=self._job.lease_owner)
            self._pass.unreachable += sum(each.standing in WITHOUT_ADDRESS for each in stands)
            self._pass.after = reached
            self._pass.save(update_fields=["unreachable", "after"])

    def _give(self, stands: Sequence[Stand]) -> None:
        with transaction.atomic():
            renew(job_id=self._job.id, lease_owner=self._job.lease_owner)
            AdvanceNotice.objects.bulk_create(
                [self._notice(each) for each in stands],
                update_conflicts=True, unique_fields=["rule", "row_index"], update_fields=_TOLD,
            )  # fmt: skip
            self._pass.told += sum(each.standing is Standing.TO_TELL for each in stands)
            self._pass.save(update_fields=["told"])

    def _notice(self, stand: Stand) -> AdvanceNotice:
        row = stand.row
        acts_from = max(self._first_day, self._due_on(row.event))
        letter_id = None
        if stand.standing is Standing.TO_TELL:
            letter_id = write_notice(
                rule=self._rule, address=stand.address, language=row.texts[1] if len(row.texts) > 1 else None,
                acts_from=acts_from, organisation=self._organisation,
            ).pk  # fmt: skip
        return AdvanceNotice(
            rule=self._rule, rule_version=self._rule.version, dataset_key=self._rule.dataset.key,
            row_index=row_index(self._rule.dataset.key, row.root), counted_from=as_text(row.event),
            given_on=self._today, acts_from=acts_from, letter_id=letter_id,
        )  # fmt: skip

    def _due_on(self, event: Moment) -> dt.date:
        """When the rule asks for a row with this date. The source finds it due: an early end is beyond the calendar."""
        assert event is not None, "rows without a date are never due"
        if isinstance(event, BeyondCalendar):
            return self._first_day
        try:
            return due_on(self._rule.period, event, self._column)
        except (OverflowError, ValueError):
            return self._first_day

    def _end(self) -> None:
        with transaction.atomic():
            renew(job_id=self._job.id, lease_owner=self._job.lease_owner)
            self._pass.done_at, self._pass.after = timezone.now(), None
            self._pass.save(update_fields=["done_at", "after"])
            data = {"told": self._pass.told, "without_address": self._pass.unreachable, "days": self._terms.days}
            record(action="run.notices_given", actor=SYSTEM, target=self._run, data=data)
