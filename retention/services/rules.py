"""Writing and switching rules. Every change makes a new version; a run that follows an older one stops."""

import datetime as dt
import zlib
from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils import timezone

from privacy.datamap.engine.values import exact
from privacy.datamap.models import Dataset
from privacy.jobs.services import set_schedule
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.tenants.context import current_organisation
from retention.errors import RuleInvalid
from retention.models import Minimum, Rule
from retention.notices.reporting import report_notices
from retention.rule_problems import ask_again
from retention.services.versions import remember_version
from retention.trying import Trial, nobody

DAILY = dt.timedelta(days=1)


@transaction.atomic
def save_rule(*, rule: Rule, actor: Actor, along: Iterable[Dataset] | None = None) -> Rule:
    """Store a new or changed rule. `Rule.save` gives a changed one its next version.

    Args:
        along: datasets whose rows go together with those of the rule; None leaves them as they are.

    Raises:
        ValidationError: it is not complete.
    """
    rule.full_clean()
    is_new = rule.pk is None
    rule.save()
    if along is not None:
        rule.along.set(along)
    remember_version(rule=rule, actor=actor)
    action = "rule.added" if is_new else "rule.changed"
    record(action=action, actor=actor, target=rule, data={"version": rule.version, "active": rule.is_active})
    if not rule.is_active or rule.notice_days is None:
        report_notices(rule=rule, counts=None)
    if rule.is_active:
        _schedule()
    ask_again(rule.dataset.source)
    return rule


@transaction.atomic
def activate_rule(*, rule: Rule, actor: Actor, tell_untried: Callable[[str], None] = nobody) -> Rule:
    """Have a rule followed from now on, every day.

    Args:
        tell_untried: is told why the source could not be asked whether conditions fit their columns. Plans ask again.

    Raises:
        RuleInvalid: nothing can be done under it, or a condition does not fit its column in the source.
    """
    locked = Rule.objects.select_for_update().get(pk=rule.pk)
    if not locked.is_active:
        locked.is_active = True
        if problems := Trial(tell_untried).problems(locked):
            raise RuleInvalid(" ".join(problems))
        locked.save()
        remember_version(rule=locked, actor=actor)
        record(action="rule.activated", actor=actor, target=locked, data={"version": locked.version})
        ask_again(locked.dataset.source)
    _schedule()
    return locked


@transaction.atomic
def deactivate_rule(*, rule: Rule, actor: Actor) -> Rule:
    """Stop following a rule. Its run stops before its next chunk."""
    locked = Rule.objects.select_for_update().get(pk=rule.pk)
    if locked.is_active:
        locked.is_active = False
        locked.save()
        remember_version(rule=locked, actor=actor)
        report_notices(rule=locked, counts=None)
        record(action="rule.deactivated", actor=actor, target=locked, data={"version": locked.version})
        ask_again(locked.dataset.source)
    return locked


@transaction.atomic
def save_minimum(*, minimum: Minimum, actor: Actor) -> Minimum:
    """Store a new or changed statutory minimum. Runs and erasures planned without it stop before their next chunk.

    Raises:
        ValidationError: it is not complete, or a rule would begin before it is over.
    """
    minimum.full_clean()
    is_new = minimum.pk is None
    minimum.save()
    action = "minimum.added" if is_new else "minimum.changed"
    data = exact(minimum.counting()) | {"active": minimum.is_active}
    record(action=action, actor=actor, target=minimum, data=data)
    return minimum


def _schedule() -> None:
    set_schedule(kind="retention.rules_due", key="daily", every=DAILY, first_due_at=_first_due())


def _first_due() -> dt.datetime:
    """A time of day of the organisation's own, so that ten thousand organisations do not start at once."""
    now = timezone.now()
    second = zlib.crc32(current_organisation().schema_name.encode()) % int(DAILY.total_seconds())
    today = now.replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(seconds=second)
    return today if today > now else today + DAILY
