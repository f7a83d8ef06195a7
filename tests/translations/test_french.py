"""French is complete in what is said to be complete, and what is compiled is what is written.

A file joins COMPLETE when all of it is translated; the tests then keep it so.
"""

import gettext
import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.translations.reading import Message, messages_in, read_po

BASE = Path(settings.BASE_DIR)
FOLDER = BASE / "locale" / "fr" / "LC_MESSAGES"
COMPLETE = (
    "templates/letters/**/*.txt",
    "requests/letter_kinds/*.py",
    "requests/authority_file/*.py",
    "requests/admin/timeline.py",
    "requests/enums.py",
    "privacy/register/categories.py",
    "retention/problems.py",
    "consent/how_decided.py",
    "consent/letter_kinds.py",
    "consent/selectors.py",
    "consent/cookies/enums.py",
    "consent/cookies/texts.py",
    "retention/letter_kinds.py",
    "privacy/errands/letter_kinds.py",
    "privacy/offboarding/letter_kinds.py",
    "privacy/letters/places.py",
    "privacy/letters/pdf.py",
    "requests/services/outcome.py",
    "requests/fulfilment/**/*.py",
    "templates/access_package/*.html",
    "templates/portability_package/*.txt",
)
PO = read_po(FOLDER / "django.po")


def wanted() -> dict[Message, Path]:
    files = sorted(path for pattern in COMPLETE for path in BASE.glob(pattern))
    return {message: path for path in files for message in messages_in(path)}


def test_the_reader_finds_what_is_to_be_translated(tmp_path):
    page = tmp_path / "page.txt"
    page.write_text(
        '{% load i18n %}{% translate "It\'s one" %}{% blocktranslate trimmed %}\nTwo {{ x }}\n{% endblocktranslate %}'
        "{% blocktranslate count n=n %}a{% plural %}b{% endblocktranslate %}"
    )
    module = tmp_path / "module.py"
    module.write_text('_("one"); gettext_lazy("two" " and more"); ngettext("a", "b", n); other("no")')
    assert set(messages_in(page)) == {(None, "It's one", None), (None, "Two %(x)s", None), (None, "a", "b")}
    assert set(messages_in(module)) == {(None, "one", None), (None, "two and more", None), (None, "a", "b")}


def test_every_pattern_names_files():
    assert [pattern for pattern in COMPLETE if not list(BASE.glob(pattern))] == []
    assert len(wanted()) > 300


def test_everything_in_the_complete_files_is_translated():
    untranslated = {message: path for message, path in wanted().items() if not all(PO.get(message, [""]))}
    assert {(path.name, message[1]) for message, path in untranslated.items()} == set()


@pytest.mark.parametrize("pattern", [r"%\(\w+\)[sd]", r"\{nb\}", r"%%"])
def test_a_translation_has_the_same_places_as_the_original(pattern):
    for (_context, text, plural), translated in PO.items():
        allowed = [sorted(re.findall(pattern, original)) for original in (text, plural) if original is not None]
        for each in translated:
            assert sorted(re.findall(pattern, each)) in allowed, text


def test_the_compiled_catalogue_is_in_step_with_the_written_one():
    """`make messages` compiles it. Read by Python's own reader of such files."""
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    expected: dict[object, str] = {}
    for (context, text, plural), translated in PO.items():
        key = f"{context}\x04{text}" if context else text
        if plural is None:
            expected[key] = translated[0]
        else:
            expected |= {(key, number): each for number, each in enumerate(translated)}
    assert {key: value for key, value in compiled._catalog.items() if key} == expected
    assert [compiled.plural(n) for n in (0, 1, 2)] == [0, 0, 1]


def test_the_portal_offers_no_language_in_which_its_pages_are_not_complete():
    assert (list(dict(settings.LANGUAGES)), list(dict(settings.LETTER_LANGUAGES))) == (["en"], ["en", "fr"])
