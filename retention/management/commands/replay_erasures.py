import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from privacy.datamap.engine.errors import EngineError
from privacy.datamap.engine.plan import Action
from privacy.datamap.errors import DatamapError
from privacy.datamap.models import Source
from privacy.jobs.models import Job, JobState
from privacy.jobs.runner import run_job
from privacy.ledger.actors import Actor, ActorKind
from privacy.tenants.db import connection
from retention.enums import RunState
from retention.erased.files import import_erasures
from retention.erased.returned import look_for_erased
from retention.errors import NothingCameBack, RetentionError
from retention.management.choosing import add_organisation, chosen_organisations, chosen_sources, inside
from retention.models import Run
from retention.services import plan_replay, start_replay
from retention.services.replays import Replay
from retention.waking import RUN_JOB

OPERATOR = Actor(ActorKind.OPERATOR)
_LIVE = (RunState.PENDING, RunState.RUNNING)


class Command(BaseCommand):
    help = (
        "Erase again, through the engine, what was erased before and came back with a restore or an import. "
        "Shows what it would do; --execute does it, under the approval of the original erasures, and verifies it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_organisation(parser)
        parser.add_argument("--source", metavar="NAME", help="only the source of this name")
        parser.add_argument(
            "--from", dest="file", metavar="FILE", type=Path, help="first add what export_erasures wrote"
        )
        parser.add_argument("--execute", action="store_true", help="do it; without this nothing is changed in a source")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["file"] and not options["organisation"]:
            raise CommandError("a file belongs to one organisation: name it with --organisation")
        failed, looked = 0, 0
        for organisation in inside(chosen_organisations(options["organisation"])):
            sources = chosen_sources(options["source"])
            looked += len(sources)
            if options["file"] and (sources or not options["source"]):
                self._import(options["file"])
            for source in sources:
                failed += not self._replay(f"{organisation.slug}, {source.name}", source, execute=options["execute"])
        if options["source"] and not looked:
            raise CommandError(f"no active source is called {options['source']!r}; nothing was looked at or erased")
        if failed:
            raise CommandError(f"{failed} sources were not done; the lines above say why")

    def _import(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                added = import_erasures(file, actor=OPERATOR)
        except OSError as error:
            raise CommandError(f"the file cannot be read ({error.strerror})") from None
        except RetentionError as error:
            raise CommandError(f"{error}; nothing was added") from None
        self.stdout.write(f"{added} fingerprints added from {path}")

    def _replay(self, where: str, source: Source, *, execute: bool) -> bool:
        """Whether nothing is left to do, or everything was only to be shown.

        People of whom different parts were left are erased by one run after the other.
        """
        done: list[str] = []
        try:
            look_for_erased(source=source, actor=OPERATOR)
            while replay := _next(source, done):
                self._show(where, replay)
                done.append(replay.plan.hash)
                if execute and not self._carry_out(where, source, replay):
                    return False
            left = execute and bool(done) and _next(source, ()) is not None
        except (EngineError, DatamapError, RetentionError) as error:
            self.stderr.write(f"{where}: {error}")
            return False
        if not done:
            self.stdout.write(f"{where}: nothing of erased people")
        elif not execute:
            self.stdout.write(f"{where}: nothing was changed; --execute does it")
        return not left

    def _show(self, where: str, replay: Replay) -> None:
        for step in replay.plan.steps:
            if step.expected_count or step.held_count or step.newer_count:
                held = f", {step.held_count} spared by a hold" if step.held_count else ""
                newer = f", {step.newer_count} left as newer than {replay.received_on}" if step.newer_count else ""
                self.stdout.write(f"{where}, {step.dataset}: {step.action} {step.expected_count} rows{held}{newer}")

    def _carry_out(self, where: str, source: Source, replay: Replay) -> bool:
        """Whether the run is done: here, or by the worker that was faster, for which this waits."""
        run = start_replay(source=source, replay=replay, actor=OPERATOR)
        job = Job.objects.get(schema_name=connection.schema_name, kind=RUN_JOB, slot=str(run.pk))
        while _is_going_on(run, job):
            if not run_job(job_id=job.pk):
                time.sleep(0.1)
        if run.state != RunState.COMPLETED:
            self.stderr.write(f"{where}: run {run.pk} is not done ({run.problem or run.state}); see Runs")
            return False
        done = sum(step.rows for step in run.steps.exclude(action=Action.KEEP))
        held = sum(step.held or 0 for step in run.steps.exclude(action=Action.KEEP))
        left = sum(each.back for each in look_for_erased(source=source, actor=OPERATOR))
        what = f"completed and verified, {done} rows"
        if held and not done:
            what = f"changed nothing, because {held} rows are under a hold; erase again when that is over"
        self.stdout.write(f"{where}: run {run.pk} {what}; {left} rows of erased people left")
        return True


def _next(source: Source, done: Collection[str]) -> Replay | None:
    try:
        return plan_replay(source=source, done=done)
    except NothingCameBack:
        return None


def _is_going_on(run: Run, job: Job) -> bool:
    """Whether somebody is at work, or should be: a job that was put off to later waits for a worker."""
    run.refresh_from_db()
    job.refresh_from_db()
    busy = job.state == JobState.RUNNING or (job.state == JobState.PENDING and not job.problem)
    return run.state in _LIVE and busy
