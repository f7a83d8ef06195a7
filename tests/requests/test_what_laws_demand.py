"""What each law demands of a letter stands in the letter that is sent under it: in both languages, whatever wording.

The demands are read from the rule files. EVIDENCE says by which words of a letter each of them is met; a demand that a
rule file names for the first time has none there, and fails.
"""

from collections.abc import Callable

import pytest
from django.utils import translation

from privacy.law.catalogue import jurisdictions
from privacy.law.enums import Statement
from privacy.law.shapes import Jurisdiction
from privacy.letters.composing import _values, built_in
from privacy.letters.errors import WordingInvalid
from privacy.letters.kinds import letter_kind
from privacy.letters.printing import printed
from privacy.letters.samples import sample_organisation
from privacy.letters.wording import LINK_PLACEHOLDER, check_wording, places
from requests.letter_kinds.demands import MET_BY, demands

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
    Statement.RIGHT_TO_COMPLAIN_ABOUT_EXTENSION: sentence("You have the right to complain about this extension."),
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
    """Taken out of our own wording one by one: each is missed by its name, and the whole of it is accepted."""
    for code in sorted({code for _law, code, _statement in ALL}):
        kind = letter_kind(code)
        ours = built_in(kind, language="en")
        heading, text = ours.heading, ours.text
        check_wording(kind, heading=heading, text=text)
        demanded = {name for _law, its, statement in ALL if its == code for name in MET_BY[statement]}
        for name in sorted(demanded & set(places(text))):
            with pytest.raises(WordingInvalid) as refused:
                check_wording(kind, heading=heading, text=text.replace(f"{{{name}}}", ""))
            assert [each for each in refused.value.problems if each.startswith(f"{{{name}}} is missing")] != []
        assert demanded - set(places(text)) <= {each for each in demanded if kind.placeholder(each) is None}, code


def test_the_places_that_the_extension_the_refusal_and_the_acknowledgement_must_keep():
    must = {
        code: {each.name for each in letter_kind(code).placeholders if each.is_mandatory}
        for code in ("case_extended", "case_refused", "case_acknowledged", "case_tracking")
    }
    assert must == {
        "case_extended": {"new_due_on", "reasons", "right_to_complain", "authorities"},
        "case_refused": {"grounds", "reasons", "alternatives", "authorities"},
        "case_acknowledged": {"answer_when", "what_next", "link"},
        "case_tracking": {"link"},  # no law speaks of it
    }


@pytest.mark.parametrize("law", [each.code for each in jurisdictions() if each.code != "CA-CASL"])
def test_a_sample_letter_of_an_extension_cites_the_law_for_which_it_is_shown(law):
    kind = letter_kind("case_extended")
    said = _values(kind, kind.sample(law), LINK_PLACEHOLDER)["law"]
    assert said in {rule.citation for rule in jurisdiction_of(law).rules}


def test_every_statement_that_a_law_can_demand_has_its_places():
    assert set(MET_BY) == set(Statement)
