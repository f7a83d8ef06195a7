"""Builds jurisdictions and rules from rule files. What a rule file may say is what these functions ask for.

A kind of subject request is a list of dated rows, or `{like: other kind, ...}` where the law gives no figure of its
own: then the other kind's rows hold, changed by what stands beside `like`. Such a kind must restate how well it is
known and say in a note why it borrows.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from privacy.law.enums import Confidence, KindOfRequest, Measures, Statement
from privacy.law.errors import RuleFileError
from privacy.law.parts import (
    read_acknowledgement,
    read_correction_notice,
    read_extension,
    read_fee,
    read_period,
    read_recourse,
    read_span,
    read_stop,
)
from privacy.law.reading import Fields, read_yaml
from privacy.law.shapes import Jurisdiction, Rule

NOT_PART_OF_MEANING = ("version", "verified_by", "verified_on", "source", "confidence", "from_memory", "note")


def read_jurisdiction(path: Path) -> Jurisdiction:
    """Read one rule file.

    Raises RuleFileError naming file and key for anything missing, unknown, misspelt or contradictory.
    """
    fields = Fields(read_yaml(path), file=path.name, at="")
    code, law_name = fields.text("code"), fields.text("law_name")
    if path.stem != code.lower():
        raise fields.wrong("code", f"{code!r} belongs in a file named {code.lower()}.yaml")
    covers = fields.words("covers", KindOfRequest) or tuple(KindOfRequest)
    sources = _sources(fields)
    rows = _rows(fields, covers)
    jurisdiction = Jurisdiction(
        code=code,
        name=fields.text("name"),
        law_name=law_name,
        authorities=fields.texts("authorities"),
        refusal_must_say=fields.words("refusal_must_say", Statement),
        correction_notice=fields.build("correction_notice", read_correction_notice),
        rules=tuple(
            _rule(Fields(row, file=path.name, at=f"rules.{kind}[{n}]"), code, law_name, kind, sources)
            for kind in covers
            for n, row in enumerate(rows[kind])
        ),
    )
    fields.done()
    _check_dates(jurisdiction, path.name)
    return jurisdiction


def _sources(fields: Fields) -> Mapping[str, str]:
    listed = fields.child("sources")
    if listed is None:
        raise fields.wrong("sources", "is missing; a rule without a source cannot be checked")
    return {key: listed.text(key) for key in listed.names()}


def _rows(fields: Fields, covers: tuple[KindOfRequest, ...]) -> dict[KindOfRequest, list[dict[str, Any]]]:
    """Return the full rows of every kind, borrowed ones filled in."""
    kinds = fields.child("rules")
    if kinds is None:
        raise fields.wrong("rules", "is missing")
    written = {kind: kinds.raw(kind) for kind in covers}
    kinds.done()
    return {kind: _borrow(kinds, kind, entry, written) for kind, entry in written.items()}


def _borrow(fields: Fields, kind: KindOfRequest, entry: Any, written: Mapping[KindOfRequest, Any]) -> list[Any]:
    if isinstance(entry, list) and entry:
        return entry
    if not isinstance(entry, dict) or "like" not in entry:
        raise fields.wrong(kind, "must be a list of rows, or {like: another kind, note: why, confidence: ...}")
    for key in ("note", "confidence"):
        if not entry.get(key):
            raise fields.wrong(f"{kind}.{key}", "is missing; a borrowed rule restates it")
    lender = written.get(entry["like"])
    if not isinstance(lender, list):
        raise fields.wrong(f"{kind}.like", f"{entry['like']!r} is no kind with rows of its own in this file")
    own = {key: value for key, value in entry.items() if key != "like"}
    return [{**row, **own} for row in lender]


def _rule(row: Fields, code: str, law_name: str, kind: KindOfRequest, sources: Mapping[str, str]) -> Rule:
    source = row.text("source")
    if source not in sources:
        raise row.wrong("source", f"{source!r} is not among the sources of this file: {', '.join(sources)}")
    rule = Rule(
        id=f"{code}.{kind.value}",
        version="",
        law=code,
        law_name=row.text_or("law_name", law_name),
        kind=kind,
        section=row.text("section"),
        effective_from=row.day_or_none("effective_from"),
        measures=row.word("measures", Measures, Measures.ANSWER),
        period=read_period(row),
        target=row.build("target", read_span),
        extension=row.build("extension", read_extension),
        stops=row.build("stops", lambda stops: tuple(read_stop(stops, cause) for cause in stops.names())) or (),
        fee=row.build("fee", read_fee),
        acknowledgement=row.build("acknowledgement", read_acknowledgement),
        deemed_refusal=row.yes_or_no("deemed_refusal", False),
        recourse=read_recourse(row),
        hold_until_recourse_exhausted=row.yes_or_no("hold_until_recourse_exhausted", False),
        identity_check_allowed=row.yes_or_no("identity_check_allowed", True),
        answer_must_say=row.words("answer_must_say", Statement),
        keep_record=row.build("keep_record", read_span),
        note=row.text_or("note"),
        source=sources[source],
        confidence=row.word("confidence", Confidence),
        from_memory=row.texts("from_memory"),
        verified_by=row.text_or_none("verified_by"),
        verified_on=row.day_or_none("verified_on"),
    )
    row.done()
    return _sealed(rule, row)


def _sealed(rule: Rule, row: Fields) -> Rule:
    """Check what no single key can tell, and set the version."""
    unknown = [part for part in rule.from_memory if part not in row.names()]
    if unknown:
        raise row.wrong("from_memory", f"{unknown[0]!r} is no key of this row")
    if (rule.verified_by is None) != (rule.verified_on is None):
        raise row.wrong("verified_by", "and verified_on come together or not at all")
    if rule.extension and rule.extension.span.unit is not rule.period.span.unit:
        raise row.wrong("extension.unit", "must be the unit of the period itself")
    return _with_version(rule)


def _with_version(rule: Rule) -> Rule:
    meaning = {key: value for key, value in asdict(rule).items() if key not in NOT_PART_OF_MEANING}
    text = json.dumps(meaning, sort_keys=True, default=str)
    since = rule.effective_from.isoformat() if rule.effective_from else "always"
    fingerprint = hashlib.sha256(text.encode()).hexdigest()[:12]
    return replace(rule, version=f"{since}/{fingerprint}")


def _check_dates(jurisdiction: Jurisdiction, file: str) -> None:
    """A kind's rows begin at 'always' and go up in time, so that every day has exactly one rule."""
    for kind in {rule.kind for rule in jurisdiction.rules}:
        begins = [rule.effective_from for rule in jurisdiction.rules if rule.kind is kind]
        later = [day for day in begins[1:] if day is not None]
        ordered = begins[0] is None and len(later) == len(begins) - 1 and later == sorted(set(later))
        if not ordered:
            problem = "the first row has no effective_from, every later one has a later effective_from"
            raise RuleFileError(file=file, key=f"rules.{kind}", problem=problem)
