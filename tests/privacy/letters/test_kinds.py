"""Every kind of letter of every app, in every language, with its sample."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from privacy.letters.composing import Composed, built_in, compose_with
from privacy.letters.kinds import LetterKind, LinkUse, letter_kinds
from privacy.letters.samples import SAMPLE_LAW
from privacy.letters.standing_in import ActedFor
from privacy.letters.wording import LINK_PLACEHOLDER, check_link, check_wording, places
from tests.translations.reading import read_po

FOLDER = Path(settings.BASE_DIR) / "templates" / "letters"
FOR_ANOTHER = FOLDER / "for_another"
PO = read_po(Path(settings.BASE_DIR) / "locale" / "fr" / "LC_MESSAGES" / "django.po")
KINDS = sorted(letter_kinds().values(), key=lambda kind: kind.code)
BOTH = [(kind, language) for kind in KINDS for language in kind.languages]
FRENCH = [kind for kind in KINDS if "fr" in kind.languages]
# lines that are the same in every language: names and addresses
EVERYWHERE = {
    "https://dataprotection.org.gh", "https://privacy.baobab.example/",
    "https://privacy.baobab.example/preferences/", "- Ama Mensah", "- Sahara Couriers Ltd", LINK_PLACEHOLDER, "",
    "P.O. Box CT 7195, Cantonments, Accra, Ghana", "30 Victoria Street, Gatineau, Quebec K1A 1H3, Canada",
    "https://www.priv.gc.ca",
}  # fmt: skip


def named(given) -> str | None:
    return given.code if isinstance(given, LetterKind) else None


def sample_of(kind: LetterKind, language: str, without: str = "") -> Composed:
    with translation.override(language):
        particulars = kind.sample(SAMPLE_LAW)
    particulars.pop(without, None)
    return compose_with(kind, built_in(kind, language=language), particulars=particulars, language=language)


def lines(letter: Composed) -> set[str]:
    return {letter.heading, *letter.text.splitlines()}


def test_each_kind_has_its_wording_and_each_wording_its_kind():
    codes = {kind.code for kind in KINDS}
    names = {name for code in codes for name in (f"{code}.subject.txt", f"{code}.txt")}
    assert {path.name for path in FOLDER.glob("*.txt")} == names
    assert {path.name for path in FOR_ANOTHER.glob("*.txt")} < names


@pytest.mark.parametrize("kind", KINDS, ids=named)
def test_a_built_in_wording_knows_the_declared_placeholders_only(kind):
    known = {each.name for each in kind.placeholders}
    for name in (f"{kind.code}.subject.txt", f"{kind.code}.txt"):
        source = "".join(path.read_text() for path in (FOLDER / name, FOR_ANOTHER / name) if path.exists())
        assert set(re.findall(r"\{\{\s*([^}]+?)\s*\}\}", source)) <= known, name
        assert not re.search(r"\{%\s*(?!\s|load i18n|translate|blocktranslate|endblocktranslate)", source), name


@pytest.mark.parametrize("for_whom", [None, ActedFor("Ama Mensah")], ids=["to the person", "for another"])
@pytest.mark.parametrize(("kind", "language"), BOTH, ids=named)
def test_a_built_in_wording_is_one_that_an_officer_could_save(kind, language, for_whom):
    ours, in_english = (built_in(kind, language=each, for_whom=for_whom) for each in (language, "en"))
    check_wording(kind, heading=ours.heading, text=ours.text)
    assert sorted(places(ours.text)) == sorted(places(in_english.text))
    assert sorted(places(ours.heading)) == sorted(places(in_english.heading))


@pytest.mark.parametrize(("kind", "language"), BOTH, ids=named)
def test_a_sample_letter_is_whole(alpha, kind, language):
    letter = sample_of(kind, language)
    assert letter.heading.strip()
    assert not re.search(r"[{}]|%\(|None|&amp;|&#|\n{3}|\[\[(?!link\]\])", letter.heading + letter.text)
    has_link = LINK_PLACEHOLDER in letter.text
    assert check_link(kind, letter.text, has_link=has_link) is None
    assert has_link == (kind.link != LinkUse.NEVER)


@pytest.mark.parametrize("kind", FRENCH, ids=named)
def test_a_french_letter_has_no_english_line(alpha, kind):
    assert lines(sample_of(kind, "fr")) & lines(sample_of(kind, "en")) <= EVERYWHERE


@pytest.mark.parametrize("kind", FRENCH, ids=named)
def test_no_sentence_that_has_a_translation_is_left_in_english_in_a_french_letter(alpha, kind):
    sentences = [text for (_context, text, _plural), said in PO.items() if " " in text.strip() and said[0] != text]
    sentences = [text for text in sentences if "%(" not in text]
    in_english = sample_of(kind, "en").text
    assert [each for each in sentences if each in in_english] != []
    in_french = sample_of(kind, "fr").text
    assert [each for each in sentences if each in in_french] == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.link == LinkUse.SOMETIMES], ids=named)
def test_a_letter_without_a_package_has_no_link(alpha, kind):
    assert LINK_PLACEHOLDER not in sample_of(kind, "en", without="package").text


def test_every_visible_word_of_the_letters_can_be_translated():
    for path in FOLDER.rglob("*.txt"):
        text = re.sub(r"\{% blocktranslate.*?%\}.*?\{% endblocktranslate %\}", "", path.read_text(), flags=re.S)
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.S)
        assert re.findall(r"[A-Za-z]{2,}", text) == [], path.name


def test_letters_that_no_rule_file_speaks_of_say_what_they_are_for():
    """What laws demand by their rule files: tests/requests/test_what_laws_demand.py."""
    expected = {
        "case_fee_estimate": {"amount", "work", "link", "authorities"},
        "case_deemed_refused": {"deemed_refused_on", "authorities"},
        "case_complaint_outcome": {"complaint_decision", "findings", "authorities"},
    }
    mandatory = {kind.code: {each.name for each in kind.placeholders if each.is_mandatory} for kind in KINDS}
    assert {code: mandatory[code] for code in expected} == expected
