"""Questions to the body of law that ships with this code. Read once per process; the files are part of the release.

Public entry: `rule_for`, `rules_for`, `rule_by_version`, `jurisdiction`, `jurisdictions`, `calendars_of`, `authority`,
`grounds_for`, `ground`. Unknown names are errors, never empty answers.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path

from privacy.law.authorities_and_grounds import read_authorities, read_grounds
from privacy.law.enums import KindOfRequest
from privacy.law.errors import RuleFileError, UnknownLaw
from privacy.law.rule_files import read_jurisdiction
from privacy.law.shapes import Authority, Jurisdiction, RefusalGround, Rule

HERE = Path(__file__).parent


@lru_cache(maxsize=1)
def _authorities() -> dict[str, Authority]:
    return {authority.code: authority for authority in read_authorities(HERE / "authorities.yaml")}


@lru_cache(maxsize=1)
def _jurisdictions() -> dict[str, Jurisdiction]:
    read = [read_jurisdiction(path) for path in sorted((HERE / "rules").glob("*.yaml"))]
    for one in read:
        named = {*one.authorities, *(code for rule in one.rules for code in rule.recourse.authorities)}
        for unknown in sorted(named - _authorities().keys()):
            problem = f"{unknown!r} is not in authorities.yaml"
            raise RuleFileError(file=f"{one.code.lower()}.yaml", key="authorities", problem=problem)
    return {one.code: one for one in read}


@lru_cache(maxsize=1)
def _grounds() -> dict[str, RefusalGround]:
    """Grounds by code, those of a law before those that hold under any."""
    found: dict[str, RefusalGround] = {}
    for path in sorted((HERE / "grounds").glob("*.yaml"), key=lambda path: (path.stem == "any", path.name)):
        for ground in read_grounds(path):
            if ground.law is not None and ground.law not in _jurisdictions():
                raise RuleFileError(file=path.name, key=ground.code, problem=f"there is no law {ground.law!r}")
            if (ground.law or "any").lower() != path.stem:
                problem = f"belongs in a file named {(ground.law or 'any').lower()}.yaml"
                raise RuleFileError(file=path.name, key=ground.code, problem=problem)
            found[ground.code] = ground
    return found


def jurisdictions() -> tuple[Jurisdiction, ...]:
    """Return every jurisdiction, ordered by code."""
    return tuple(_jurisdictions().values())


def jurisdiction(code: str) -> Jurisdiction:
    """Return one jurisdiction; raises UnknownLaw when there is none of that code."""
    try:
        return _jurisdictions()[code]
    except KeyError:
        raise UnknownLaw(f"There is no law {code!r}; known: {', '.join(_jurisdictions())}.") from None


def rule_for(*, law: str, kind: KindOfRequest, on: date) -> Rule:
    """Return the rule in force on the day of receipt.

    Raises UnknownLaw when the law is unknown or does not cover this kind (CASL knows withdrawal only).
    """
    of_kind = [rule for rule in jurisdiction(law).rules if rule.kind is kind]
    in_force = [rule for rule in of_kind if rule.effective_from is None or rule.effective_from <= on]
    if not in_force:
        raise UnknownLaw(f"The law {law!r} has no rule for {kind.value}.")
    return in_force[-1]


def rules_for(*, laws: Iterable[str], kind: KindOfRequest, on: date) -> tuple[Rule, ...]:
    """Return the rule of each law that covers this kind, in the order given.

    Raises UnknownLaw for an unknown law, and when none of the laws covers the kind.
    """
    chosen = list(laws)
    covering = [law for law in chosen if any(rule.kind is kind for rule in jurisdiction(law).rules)]
    if not covering:
        raise UnknownLaw(f"None of the laws {', '.join(chosen) or '(none given)'} has a rule for {kind.value}.")
    return tuple(rule_for(law=law, kind=kind, on=on) for law in covering)


def rule_by_version(*, rule_id: str, version: str) -> Rule:
    """Return the rule a stored snapshot names; raises UnknownLaw when this release no longer has that version."""
    for rule in jurisdiction(rule_id.partition(".")[0]).rules:
        if (rule.id, rule.version) == (rule_id, version):
            return rule
    raise UnknownLaw(f"This release has no version {version!r} of {rule_id!r}; rely on the stored snapshot.")


def calendars_of(laws: Iterable[str]) -> tuple[str, ...]:
    """Return the calendars whose holidays count under these laws, whatever the kind, in order of their code.

    Raises UnknownLaw for an unknown law.
    """
    periods = [
        period
        for law in laws
        for rule in jurisdiction(law).rules
        for period in (rule.period, rule.acknowledgement.period if rule.acknowledgement else rule.period)
    ]
    return tuple(sorted({name for one in periods for name in (one.calendar, *one.calendar_may_be) if name}))


def authorities() -> tuple[Authority, ...]:
    """Return every authority."""
    return tuple(_authorities().values())


def authority(code: str) -> Authority:
    """Return one authority; raises UnknownLaw when there is none of that code."""
    try:
        return _authorities()[code]
    except KeyError:
        raise UnknownLaw(f"There is no authority {code!r}; known: {', '.join(_authorities())}.") from None


def ground(code: str) -> RefusalGround:
    """Return one ground of refusal; raises UnknownLaw when there is none of that code."""
    try:
        return _grounds()[code]
    except KeyError:
        raise UnknownLaw(f"There is no ground of refusal {code!r}.") from None


def grounds_for(*, laws: Iterable[str], kind: KindOfRequest) -> tuple[RefusalGround, ...]:
    """Return the grounds on which this kind may be refused under these laws. Raises UnknownLaw for an unknown law."""
    codes = {jurisdiction(law).code for law in laws}
    return tuple(one for one in _grounds().values() if (one.law is None or one.law in codes) and kind in one.kinds)
