import hashlib

import pytest

from consent.errors import PurposeNotByConsent, PurposeProhibited, WordingInvalid
from consent.models import Wording
from consent.services import publish_wording
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry


def test_versions_count_up_for_each_language(purposes):
    made = [
        publish_wording(purpose=purposes["surveys"], language=language, text=text, actor=SYSTEM)
        for language, text in (("en", "One."), ("fr", "Un."), ("en", "Two."))
    ]
    assert [(row.language, row.version) for row in made] == [("en", 2), ("fr", 1), ("en", 3)]


def test_words_are_kept_word_for_word_with_their_digest(purposes):
    text = "  Oui, « merci » !\n\nAlinéa 2.  "
    made = publish_wording(purpose=purposes["surveys"], language="fr", text=text, actor=SYSTEM)
    stored = Wording.objects.get(pk=made.pk)
    assert stored.text == text
    assert stored.digest == hashlib.sha256(text.encode()).hexdigest()


def test_the_same_words_again_stay_the_same_version(purposes):
    first = publish_wording(purpose=purposes["surveys"], language="fr", text="Un.", actor=SYSTEM)
    assert publish_wording(purpose=purposes["surveys"], language="fr", text="Un.", actor=SYSTEM) == first
    assert LedgerEntry.objects.filter(action="consent.wording_published", object_id=str(first.pk)).count() == 1


@pytest.mark.parametrize(
    ("purpose", "language", "text", "error"),
    [
        ("billing", "en", "Yes.", PurposeNotByConsent),
        ("selling", "en", "Yes.", PurposeProhibited),
        ("surveys", "en", "  ", WordingInvalid),
        ("surveys", "english", "Yes.", WordingInvalid),
    ],
)
def test_words_that_nobody_could_agree_to_are_refused(purposes, purpose, language, text, error):
    before = Wording.objects.count()
    with pytest.raises(error):
        publish_wording(purpose=purposes[purpose], language=language, text=text, actor=SYSTEM)
    assert Wording.objects.count() == before
