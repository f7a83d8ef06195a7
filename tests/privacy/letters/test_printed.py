"""Every kind of letter in every language under every law, as it goes out; and the command that prints them all."""

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from pypdf import PdfReader

from privacy.law.catalogue import jurisdictions
from privacy.letters.composing import _values, built_in
from privacy.letters.kinds import Audience, LetterKind, letter_kinds
from privacy.letters.printing import printed
from privacy.letters.samples import SAMPLE_LAW
from privacy.letters.wording import LINK_PLACEHOLDER, places
from privacy.letters.words import money_words

KINDS = sorted(letter_kinds().values(), key=lambda kind: kind.code)
BOTH = [(kind, language) for kind in KINDS for language in kind.languages]
FRENCH = [kind for kind in KINDS if "fr" in kind.languages]
LAWS = [each.code for each in jurisdictions()]
ENGLISH = re.compile(
    r"\b(the|and|of|you|your|we|to|is|are|with|from|was|not|for|this|that|by|our|it|be|has|have|records?"
    r"|[A-Z][a-z]+day|March|April|May|GDPR|PIPEDA|Act)\b|\bss?\. \d"
)
ADDRESSES = re.compile(
    r"\S+@\S+|https?://\S+|Baobab Office Ltd|Sahara Couriers Ltd|[\w ]+ (Street|Avenue|Road|Lane)\b.*"
)


def named(given) -> str | None:
    return given.code if isinstance(given, LetterKind) else None


def english_in(words: str) -> list[str]:
    return [found[0] for found in ENGLISH.finditer(ADDRESSES.sub("", words))]


@pytest.mark.parametrize(("kind", "language"), BOTH, ids=named)
def test_a_sample_fills_every_place_of_its_letter(kind, language):
    wording = built_in(kind, language=language)
    used = {*places(wording.heading), *places(wording.text)}
    assert used != set()
    with translation.override(language):
        values = _values(kind, kind.sample(SAMPLE_LAW), LINK_PLACEHOLDER)
    assert {name for name in used if not values[name].strip()} == set()


@pytest.mark.parametrize(("kind", "language"), BOTH, ids=named)
def test_a_letter_is_whole_under_every_law(kind, language):
    for law in LAWS:
        letter = printed(kind, language=language, law=law)
        whole = f"{letter.heading}\n{letter.mail}"
        assert not re.search(r"[{}]|%\(|None(?! of)|&amp;|&#|\n{4}|[^\S\n]{2}|\(s\)|\[\[", whole), law
        assert not re.search(r"(?m)^[^\S\n]|[^\S\n]$", whole), law
        if kind.code.startswith("case_") and kind.audience != Audience.OFFICER:
            assert "PR-7F3K-92QD" in letter.mail


@pytest.mark.parametrize("kind", FRENCH, ids=named)
def test_no_english_word_is_left_in_a_french_letter_under_any_law(kind):
    assert english_in(printed(kind, language="en", law=SAMPLE_LAW).mail) != []
    for law in LAWS:
        letter = printed(kind, language="fr", law=law)
        assert english_in(f"{letter.heading}\n{letter.mail}") == [], law


@pytest.mark.parametrize("kind", FRENCH, ids=named)
def test_french_letters_have_no_break_spaces_where_french_wants_them(kind):
    bare = re.compile(r"[^\S\u00a0\u202f][:;!?»](?!\S)|\w[;!?»](?!\S)|\w:(?!\S)|«(?!\u00a0)")
    assert bare.search("Voici : «ceci»") is not None
    letter = printed(kind, language="fr", law="EU")
    assert bare.findall(f"{letter.heading}\n{letter.mail}") == []


@pytest.mark.parametrize(("kind", "language"), [(k, each) for k, each in BOTH if k.is_on_paper], ids=named)
def test_a_letter_on_paper_says_what_the_mail_says(kind, language):
    letter = printed(kind, language=language, law="EU")
    on_paper = "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(letter.on_paper())).pages).split())
    said = [line for line in letter.text.splitlines() if line and "[[link]]" not in line]
    assert len(said) > 1
    for line in said:
        assert "".join(line.removeprefix("## ").removeprefix("- ").split()) in on_paper, line


def test_money_is_written_as_its_language_does():
    with translation.override("fr"):
        assert money_words(1120, "CAD") == "1\u00a0120,00\u00a0CAD"
    with translation.override("en"):
        assert money_words(1120, "CAD") == "CAD\u00a01,120.00"


def test_the_command_prints_every_letter_in_every_language(tmp_path, capsys):
    call_command("print_letters", tmp_path / "all", law="UK", mail_only=True)
    texts = {f"{kind.code}.{language}.txt" for kind, language in BOTH}
    assert {path.name for path in (tmp_path / "all").iterdir()} == texts
    assert "UK GDPR art. 12A, 15" in (tmp_path / "all" / "case_acknowledged.en.txt").read_text()
    assert f"{len(BOTH)} letters" in capsys.readouterr().out


def test_the_command_prints_one_letter_and_refuses_what_there_is_not(tmp_path):
    call_command("print_letters", tmp_path, kind="case_refused", language="fr")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case_refused.fr.pdf", "case_refused.fr.txt"]
    for wrong in ({"kind": "case_unknown"}, {"language": "de"}):
        with pytest.raises(CommandError):
            call_command("print_letters", tmp_path, **wrong)
