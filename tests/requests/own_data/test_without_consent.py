"""Processing without consent that ended long ago goes; what goes on stays, however old it is."""

from django.utils import timezone

from privacy.ledger.actors import SYSTEM
from privacy.officers.models import Officer
from privacy.register.activities.models import ProcessingWithoutConsent
from privacy.register.selectors import local_date
from retention.enums import RunState
from retention.services import start_rule_run
from tests.requests.own_data.conftest import LONG_AGO, rule_over
from tests.sources import work


def test_ended_and_declined_entries_go_after_their_period(portal):
    today, now, officer = local_date(timezone.now()), timezone.now(), Officer.objects.get()
    old = today - LONG_AGO
    made = {
        name: ProcessingWithoutConsent.objects.create(
            ground="law", authority=name, what="Telling an authority", about_whom="debtors", categories=["contact"],
            begins_on=old, review_on=old, standing=standing, entered_by=officer,
            decided_at=None if standing == "awaiting" else now, ended_on=ended_on,
            end_reason=None if ended_on is None else "Over.",
        )
        for name, standing, ended_on in (
            ("ended", "ended", old), ("declined", "declined", old), ("lately", "ended", today),
            ("goes on", "approved", None), ("waits", "awaiting", None),
        )
    }  # fmt: skip
    run = start_rule_run(rule=rule_over(ProcessingWithoutConsent), actor=SYSTEM)
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.COMPLETED, "")
    assert set(ProcessingWithoutConsent.objects.all()) == {made[name] for name in ("lately", "goes on", "waits")}
