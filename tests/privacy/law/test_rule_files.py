"""A rule file is read strictly: whatever is wrong is named with file and key."""

from pathlib import Path

import pytest
import yaml

from privacy.law.authorities_and_grounds import read_authorities, read_grounds
from privacy.law.enums import Confidence, Unit
from privacy.law.errors import RuleFileError
from privacy.law.rule_files import read_jurisdiction

ROW = {
    "section": "s. 1",
    "n": 30,
    "unit": "calendar_day",
    "calendar": "GH",
    "recourse": {"authorities": ["DPC-GH"]},
    "source": "act",
    "confidence": "statute",
}


def file_with(tmp_path: Path, rows: object, **others: object) -> Path:
    content = {
        "code": "XX",
        "name": "Example",
        "law_name": "Example Act",
        "authorities": ["DPC-GH"],
        "covers": ["access"],
        "refusal_must_say": ["reasons"],
        "sources": {"act": "The Act"},
        "rules": {"access": rows},
        **others,
    }
    path = tmp_path / "xx.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def problem_of(path: Path) -> str:
    with pytest.raises(RuleFileError) as caught:
        read_jurisdiction(path)
    return str(caught.value)


def test_a_correct_file_becomes_rules(tmp_path):
    (rule,) = read_jurisdiction(file_with(tmp_path, [ROW])).rules

    assert (rule.id, rule.citation, rule.period.span.n, rule.period.span.unit) == (
        "XX.access",
        "Example Act s. 1",
        30,
        Unit.CALENDAR_DAY,
    )
    assert (rule.source, rule.confidence, rule.verified_by) == ("The Act", Confidence.STATUTE, None)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"unit": "days"}, "unit: 'days' is not one of: calendar_day, business_day, calendar_month"),
        ({"n": "30"}, "n: must be a whole number, not '30'"),
        ({"n": 0}, "n: must be 1 to 10000, not 0"),
        ({"n": True}, "n: must be a whole number, not True"),
        ({"section": None}, "section: is missing"),
        ({"section": 8}, "section: must be text (put it in quotes), not 8"),
        ({"calendar": None}, "calendar: is missing; name a calendar, or offer some in calendar_may_be"),
        ({"source": "book"}, "source: 'book' is not among the sources of this file: act"),
        ({"stops": {"weather": {"effect": "pause"}}}, "stops.weather: is not one of: identity, clarification, fee"),
        ({"stops": {"fee": {"effect": "stop"}}}, "stops.fee.effect: 'stop' is not one of: none, pause, restart"),
        ({"extension": {"n": 1, "unit": "calendar_month"}}, "extension.unit: must be the unit of the period itself"),
        ({"deemed_refusal": "yes"}, "deemed_refusal: must be true or false, not 'yes'"),
        ({"verified_by": "Counsel"}, "verified_by: and verified_on come together or not at all"),
        ({"from_memory": ["fees"]}, "from_memory: 'fees' is no key of this row"),
        ({"recourse": {"authorities": []}}, "recourse.authorities: must name at least one authority"),
        ({"answer_must_say": ["reasons", "reasons"]}, "answer_must_say: names something twice"),
        ({"answer_must_say": "reasons"}, "answer_must_say: must be a list [a, b], not 'reasons'"),
    ],
)
def test_a_wrong_value_is_named_with_its_key(tmp_path, change, message):
    assert problem_of(file_with(tmp_path, [{**ROW, **change}])) == f"xx.yaml: rules.access[0].{message}"


def test_a_misspelt_key_is_an_error_that_lists_the_known_ones(tmp_path):
    problem = problem_of(file_with(tmp_path, [{**ROW, "firstday": "included"}]))

    assert problem.startswith("xx.yaml: rules.access[0].firstday: is not a known key; known here: acknowledgement,")
    assert ", first_day, " in problem


def test_a_misspelt_key_inside_a_part_is_an_error(tmp_path):
    problem = problem_of(file_with(tmp_path, [{**ROW, "fee": {"mode": "free", "depositt": True}}]))

    assert problem.startswith("xx.yaml: rules.access[0].fee.depositt: is not a known key")


def test_a_calendar_that_does_not_exist_is_an_error(tmp_path):
    problem = problem_of(file_with(tmp_path, [{**ROW, "calendar": "GG-ZZ"}]))

    assert problem.startswith("xx.yaml: rules.access[0].calendar: There is no holiday calendar 'GG-ZZ'")


def test_every_kind_needs_a_rule(tmp_path):
    path = file_with(tmp_path, [ROW], covers=["access", "erasure"])

    assert problem_of(path) == "xx.yaml: rules.erasure: is missing"


def test_a_kind_that_is_not_covered_must_not_have_a_rule(tmp_path):
    path = file_with(tmp_path, [ROW], rules={"access": [ROW], "erasure": [ROW]})

    assert problem_of(path) == "xx.yaml: rules.erasure: is not a known key; known here: access"


def test_a_borrowed_rule_keeps_what_it_does_not_change(tmp_path):
    erasure = {"like": "access", "section": "s. 2", "note": "No figure.", "confidence": "analogy"}
    path = file_with(tmp_path, None, covers=["access", "erasure"], rules={"access": [ROW], "erasure": erasure})
    access, borrowed = read_jurisdiction(path).rules

    assert (borrowed.id, borrowed.section, borrowed.period) == ("XX.erasure", "s. 2", access.period)
    assert (borrowed.note, borrowed.confidence) == ("No figure.", Confidence.ANALOGY)


@pytest.mark.parametrize(
    ("erasure", "message"),
    [
        ({"like": "access", "confidence": "analogy"}, "erasure.note: is missing; a borrowed rule restates it"),
        ({"like": "access", "note": "why"}, "erasure.confidence: is missing; a borrowed rule restates it"),
        (
            {"like": "erasure", "note": "why", "confidence": "analogy"},
            "erasure.like: 'erasure' is no kind with rows of its own in this file",
        ),
        ([], "erasure: must be a list of rows, or {like: another kind, note: why, confidence: ...}"),
    ],
)
def test_a_rule_that_borrows_badly_is_refused(tmp_path, erasure, message):
    path = file_with(tmp_path, None, covers=["access", "erasure"], rules={"access": [ROW], "erasure": erasure})

    assert problem_of(path) == f"xx.yaml: rules.{message}"


@pytest.mark.parametrize("days", [["2026-01-01"], [None, None], [None, "2026-01-01", "2025-01-01"]])
def test_rows_that_leave_a_day_without_exactly_one_rule_are_refused(tmp_path, days):
    dates = [yaml.safe_load(day) if day else None for day in days]
    path = file_with(tmp_path, [{**ROW, "effective_from": day} for day in dates])

    assert problem_of(path) == (
        "xx.yaml: rules.access: the first row has no effective_from, every later one has a later effective_from"
    )


def test_a_key_that_stands_twice_is_an_error(tmp_path):
    path = tmp_path / "xx.yaml"
    path.write_text("code: XX\ncode: YY\n", encoding="utf-8")

    assert "the key 'code' stands twice" in problem_of(path)


def test_a_file_is_named_after_its_law(tmp_path):
    path = file_with(tmp_path, [ROW], code="YY")

    assert problem_of(path) == "xx.yaml: code: 'YY' belongs in a file named yy.yaml"


def test_the_version_changes_with_the_meaning_and_not_with_who_verified_it(tmp_path):
    def version(**change: object) -> str:
        (rule,) = read_jurisdiction(file_with(tmp_path, [{**ROW, **change}])).rules
        return rule.version

    plain = version()
    verified = version(verified_by="Counsel", verified_on=yaml.safe_load("2026-11-01"), confidence="secondary")

    assert plain == verified
    assert plain != version(n=31)


def test_an_authority_without_a_secure_address_is_refused(tmp_path):
    path = tmp_path / "authorities.yaml"
    path.write_text('A: {name: Authority, url: "http://example.org"}', encoding="utf-8")

    with pytest.raises(RuleFileError, match=r"^authorities\.yaml: A\.url: must begin with https://"):
        read_authorities(path)


def test_a_ground_stands_under_its_own_law(tmp_path):
    path = tmp_path / "grounds.yaml"
    ground = '{law: UK, section: s. 1, words: "No.", source: a, confidence: statute}'
    path.write_text(f"sources: {{a: The Act}}\ngrounds:\n  EU.no: {ground}\n", encoding="utf-8")

    with pytest.raises(RuleFileError, match=r"^grounds\.yaml: grounds\.EU\.no\.law: must be the part of the code"):
        read_grounds(path)
