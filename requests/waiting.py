"""What waiting for the person does to the clocks of a case, for the letter that makes them wait."""

from collections.abc import Collection

from privacy.law.enums import Cause, Condition, Effect
from privacy.law.shapes import Rule
from requests.clocks import rules_of
from requests.models import SubjectRequest


def effect_of_waiting(case: SubjectRequest, cause: Cause, confirmed: Collection[Condition] = ()) -> Effect:
    """What the person can be told. Where laws differ, the time that ends first runs on, so that is what is said.

    Args:
        confirmed: what the officer vouches for, where a law makes a condition of it.
    """
    effects = {_effect(rule, cause, confirmed) for rule in rules_of(case.deadlines)}
    if not effects or Effect.NONE in effects:
        return Effect.NONE
    return Effect.PAUSE if Effect.PAUSE in effects else Effect.RESTART


def _effect(rule: Rule, cause: Cause, confirmed: Collection[Condition]) -> Effect:
    stop = next((each for each in rule.stops if each.cause is cause), None)
    return stop.effect if stop is not None and set(stop.needs) <= set(confirmed) else Effect.NONE
