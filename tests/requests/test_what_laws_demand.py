"""What each law demands of a letter stands in the letter that is sent under it: in both languages, whatever wording.

The demands are read from the rule files. EVIDENCE says by which words of a letter each of them is met; a demand that a
rule file names for the first time has none there, and fails.
"""

from collections.abc import Callable, Iterator

import pytest
from django.utils import translation

from privacy.law.catalogue import jurisdictions
from privacy.law.enums import Statement
from privacy.law.shapes import Jurisdiction
from privacy.letters.composing import _values
from privacy.letters.kinds import letter_kind
from privacy.letters.printing import printed
from privacy.letters.samples import sample_organisation
from privacy.letters.wording import LINK_PLACEHOLDER

REFUSALS = ("case_refused", "case_partly_granted", "case_correction_refused")
ANSWERS = {
    "objection": ("case_objection_answered",), "restriction": ("case_restriction_answered",),
    "consent_withdrawal": ("case_consent_withdrawn",), "rectification": ("case_corrected", "case_correction_refused"),
    "erasure": ("case_erased",),
}  # fmt: skip
Said = dict[str, str]
"""Values of the placeholders of a letter, by their names."""


def place(*names: str) -> Callable[[Said, str], list[str]]:
    """Met by the first of these places that the letter has."""
    return lambda said, law: [next((said[name] for name in names if said.get(name)), "")]


def court(said: Said, law: str) -> list[str]:
    return [translation.gettext("Where the law gives you a remedy before a court, it is open to you as well.")]


def time_limit(said: Said, law: str) -> list[str]:
    spans = {rule.recourse.within for rule in jurisdiction_of(law).rules if rule.recourse.within}
    return [str(span.n) for span in spans] or [""]


def contact(said: Said, law: str) -> list[str]:
    ours = sample_organisation(law)
    return [ours.officer_name, ours.officer_email, ours.officer_phone, *ours.address.splitlines()]


def sentence(text: str) -> Callable[[Said, str], list[str]]:
    return lambda said, law: [translation.gettext(text)]


EVIDENCE: dict[Statement, Callable[[Said, str], list[str]]] = {
    Statement.ALTERNATIVES: place("alternatives"),
    Statement.COMPLIED_OR_INTENDS_OR_REASONS: place("stopped", "changes", "reasons", "erased_done", "purposes"),
    Statement.CONFIRM_HONOURED: place("stopped", "purposes"),
    Statement.CONTACT_PERSON: contact,
    Statement.DECISION: place("severed", "grounds"),
    Statement.JUDICIAL_REMEDY: court,
    Statement.NEW_LIMIT: place("new_due_on"),
    Statement.PART_REFUSED: place("severed"),
    Statement.PROVISION: place("grounds", "severed"),
    Statement.REASONS: place("reasons", "severed"),
    Statement.RECOURSE: place("authorities"),
    Statement.RIGHT_TO_COMPLAIN: place("authorities"),
    Statement.RIGHT_TO_COMPLAIN_ABOUT_EXTENSION: sentence(
        "You need not do anything. You have the right to complain about this extension."
    ),
    Statement.TIME_LIMIT_OF_RECOURSE: time_limit,
    Statement.VERIFICATION_PROCESS: sentence(
        "An officer makes sure that it is you: by the address you write from, by what we know of you, and only where "
        "that is not enough by something that you show us. Then we find your data, and decide. While your request is "
        "open, your data is locked and is not deleted by routine."
    ),
    Statement.WHEN_TO_EXPECT_ANSWER: place("due_on"),
}


def jurisdiction_of(law: str) -> Jurisdiction:
    return next(each for each in jurisdictions() if each.code == law)


def demands() -> Iterator[tuple[str, str, Statement]]:
    """Law, code of a letter, and what the law demands it to say."""
    for each in jurisdictions():
        for statement in each.refusal_must_say:
            for code in REFUSALS:
                if code == "case_correction_refused" and statement is Statement.ALTERNATIVES:
                    continue  # instead of it, the person's words are put beside the data: the letter says so
                yield each.code, code, statement
        for rule in each.rules:
            for statement in rule.extension.must_say if rule.extension else ():
                yield each.code, "case_extended", statement
            for statement in rule.acknowledgement.must_say if rule.acknowledgement else ():
                yield each.code, "case_acknowledged", statement
            for statement in rule.answer_must_say:
                for code in ANSWERS[rule.kind.value]:
                    yield each.code, code, statement


ALL = sorted(set(demands()))


def missing(code: str, law: str, statement: Statement, language: str, without: str = "") -> list[str]:
    """What the letter should say for this demand, and does not."""
    kind = letter_kind(code)
    letter = printed(kind, language=language, law=law)
    with translation.override(language):
        said = _values(kind, kind.sample(law), LINK_PLACEHOLDER)
        wanted = EVIDENCE[statement](said, law)
    text = " ".join(letter.mail.replace(without, "").split() if without else letter.mail.split())
    lines = [line.removeprefix("## ") for words in wanted for line in words.split("\n") or [""]]
    found = [line for line in lines if line.strip()]
    return [line for line in found if " ".join(line.split()) not in text] if found else ["nothing to say"]


def test_the_rule_files_demand_something_of_every_law_but_the_one_on_marketing():
    assert {law for law, _code, _statement in ALL} == {each.code for each in jurisdictions()} - {"CA-CASL"}
    assert len(ALL) > 100


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("law", sorted({law for law, _code, _statement in ALL}))
def test_a_letter_says_all_that_its_law_demands(law, language):
    unsaid = {
        (code, statement.value): lines
        for its, code, statement in ALL
        if its == law and (lines := missing(code, law, statement, language))
    }
    assert unsaid == {}


def test_a_demand_that_is_not_met_is_found():
    remedy = "Where the law gives you a remedy before a court, it is open to you as well."
    assert missing("case_refused", "EU", Statement.JUDICIAL_REMEDY, "en") == []
    assert missing("case_refused", "EU", Statement.JUDICIAL_REMEDY, "en", without=remedy) == [remedy]
    assert missing("case_tracking", "EU", Statement.REASONS, "en") == ["nothing to say"]


def test_no_wording_of_an_organisation_can_leave_out_what_a_law_demands():
    """Where the evidence is a place, the place is mandatory: an officer cannot save a wording without it."""
    by_place = {
        Statement.REASONS: ("reasons", "severed"), Statement.RECOURSE: ("authorities",),
        Statement.PROVISION: ("grounds", "severed"), Statement.NEW_LIMIT: ("new_due_on",),
    }  # fmt: skip
    for _law, code, statement in ALL:
        kind = letter_kind(code)
        if statement in by_place:
            places = [kind.placeholder(name) for name in by_place[statement]]
            assert any(each is not None and each.is_mandatory for each in places), (code, statement)
