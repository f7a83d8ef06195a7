"""Rules that could not be planned are looked at again as soon as they, or the data map, were changed.

Nothing is started: a rule that can be planned again is followed at the next daily look.
"""

from django.db import transaction
from django.utils import timezone

from privacy.datamap.engine.errors import EngineError
from privacy.datamap.models import Source
from privacy.datamap.services.looking import reconcile_map
from privacy.jobs.services import requeue
from privacy.ledger.actors import SYSTEM
from privacy.ledger.services import record
from retention.errors import RetentionError
from retention.models import Rule
from retention.rule_plan import plan_rule

PROBLEMS_JOB = "retention.rule_problems"


def ask_again(source: Source) -> None:
    """Have the rules over a source that could not be planned looked at again, in the caller's transaction."""
    if source.is_active and Rule.objects.filter(dataset__source=source).exclude(problem="").exists():
        requeue(kind=PROBLEMS_JOB, slot=str(source.pk), even_if_running=True)


def look_at_problems(source: Source) -> bool:
    """Say of each rule over a source that could not be planned whether it can be now. One that is off has no problem.

    Raises:
        EngineError: the source cannot be asked now (`retryable`).
    """
    rules = Rule.objects.filter(dataset__source=source).exclude(problem="")
    found = [(rule, _problem_of(rule)) for rule in rules.select_related("dataset__source", "start_dataset")]
    with transaction.atomic():
        for rule, words in found:
            note_problem(rule, words)
        if any(not words for _rule, words in found):
            reconcile_map(source)  # what such a rule ends has no rule while it cannot be planned
    return True


@transaction.atomic
def note_problem(rule: Rule, words: str) -> None:
    """Keep on a rule why it cannot be planned, empty when it can be, unless it was changed since it was read.

    Messages of engine and retention hold no values.
    """
    changed = Rule.objects.filter(pk=rule.pk, version=rule.version).exclude(problem=words).update(problem=words)
    if changed and words:
        record(action="rule.not_planned", actor=SYSTEM, target=rule, data={"version": rule.version})
    elif changed:
        record(action="rule.no_problem", actor=SYSTEM, target=rule, data={"version": rule.version})


def _problem_of(rule: Rule) -> str:
    if not rule.is_active:
        return ""
    try:
        plan_rule(rule, now=timezone.now())
    except EngineError as error:
        if error.retryable:
            raise
        return str(error)
    except RetentionError as error:
        return str(error)
    return ""
