"""Versions of rules, word for word: what a rule said, from when until when, and who made it say so."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from privacy.ledger.actors import Actor
from retention.models import Rule, RuleVersion
from retention.wording import in_words


@transaction.atomic
def remember_version(*, rule: Rule, actor: Actor) -> RuleVersion:
    """Write down the present version of a rule, and end the one before. Asking again changes nothing.

    The datasets that go along are stored apart from the rule; where they changed, that is a version of its own.
    """
    locked = Rule.objects.select_for_update(of=("self",)).select_related("dataset", "start_dataset").get(pk=rule.pk)
    now, definition = timezone.now(), _definition(locked)
    before = locked.versions.filter(valid_until__isnull=True).first()
    if before is not None and before.number == locked.version:
        if before.definition == definition:
            return before
        locked.version += 1
        Rule.objects.filter(pk=locked.pk).update(version=locked.version, last_checked_on=None)
    if before is not None:
        RuleVersion.objects.filter(pk=before.pk).update(valid_until=now)
    rule.version = locked.version
    return RuleVersion.objects.create(
        rule=locked,
        number=locked.version,
        definition=definition,
        words=in_words(locked),
        valid_from=now,
        actor_kind=actor.kind,
        actor_id=actor.id,
    )


def _definition(rule: Rule) -> dict[str, Any]:
    days = {"in_force_from": rule.in_force_from, "in_force_until": rule.in_force_until}
    definition = rule.counting() | {
        "along": sorted(each.key for each in rule.along.all()),
        "action": rule.action,
        "category": rule.category,
        "is_active": rule.is_active,
        **{name: day.isoformat() if day else None for name, day in days.items()},
    }
    if rule.notice_days:
        definition["notice"] = {"days": rule.notice_days, "without_address": rule.without_address}
    return definition
