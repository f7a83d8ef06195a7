"""Restrictions that were lifted long ago go; one that holds stays, however old it is."""

from django.utils import timezone

from privacy.ledger.actors import SYSTEM
from privacy.register.restrictions.models import Restriction, RestrictionChange
from privacy.register.restrictions.services import lift_restriction, place_restriction
from privacy.register.selectors import local_date
from retention.enums import RunState
from retention.services import start_rule_run
from tests.requests.own_data.conftest import LONG_AGO, person, rule_over
from tests.sources import work


def test_lifted_ones_go_after_their_period_with_their_changes(portal):
    placed = {
        name: place_restriction(subject=person(name), kind="objection", actor=SYSTEM)
        for name in ("old", "lately", "holds")
    }
    for name in ("old", "lately"):
        lift_restriction(restriction=placed[name], reason="Over.", told_on=local_date(timezone.now()), actor=SYSTEM)
    Restriction.objects.filter(pk=placed["old"].pk).update(lifted_at=timezone.now() - LONG_AGO)
    run = start_rule_run(rule=rule_over(Restriction), actor=SYSTEM)
    work(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.COMPLETED
    assert set(Restriction.objects.all()) == {placed["lately"], placed["holds"]}
    assert sorted(RestrictionChange.objects.values_list("what", flat=True)) == ["lifted", "placed", "placed"]
