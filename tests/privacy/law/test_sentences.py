"""Explanations in other languages: the words are translated, the date does not change."""

import string
from datetime import date

from django.utils.translation import override

from privacy.law import words
from privacy.law.catalogue import rule_for
from privacy.law.clock import due_date
from privacy.law.display import explain, explain_acknowledgement
from privacy.law.enums import KindOfRequest
from privacy.law.sentences import Step, Word, sentence

FRENCH = {
    "It cannot end on %(moved_from)s (%(reason)s), so it moves to %(day)s.": (
        "Il ne peut finir le %(moved_from)s (%(reason)s) : reporté au %(day)s."
    ),
    "Good Friday": "Vendredi saint",
}


def test_a_sentence_is_translated_with_the_words_inside_it():
    step = Step(
        words.ROLLED,
        (("moved_from", date(2026, 4, 3)), ("reason", Word("Good Friday")), ("day", date(2026, 4, 4))),
    )
    shown = sentence(step, translate=lambda text: FRENCH.get(text, text), show_date=lambda day: f"{day:%d/%m/%Y}")

    assert shown == "Il ne peut finir le 03/04/2026 (Vendredi saint) : reporté au 04/04/2026."


def test_a_value_that_is_not_a_word_is_never_translated():
    step = Step("%(citation)s", (("citation", "Good Friday"),))

    assert sentence(step, translate=lambda text: FRENCH.get(text, text)) == "Good Friday"


def test_one_day_and_many_days_have_their_own_word():
    assert [words.unit_word(n, unit) for unit in words._UNITS for n in (1, 3)] == [
        "calendar day",
        "calendar days",
        "business day",
        "business days",
        "calendar month",
        "calendar months",
    ]


def test_every_sentence_has_gaps_a_translator_can_move():
    templates = [value for name, value in vars(words).items() if name.isupper() and isinstance(value, str)]

    assert len(templates) > 10
    assert [text for text in templates if "%(" not in text or "%s" in text or not text.endswith(".")] == []
    assert all(not set(text) - set(string.printable) for text in templates)


def test_the_officer_sees_the_sentences_with_dates_of_the_active_language():
    found = due_date(rule_for(law="BR", kind=KindOfRequest.ACCESS, on=date(2026, 3, 2)), date(2026, 3, 2))

    with override("en"):
        assert explain(found)[-1] == "The last day to answer is Tuesday 17 March 2026."
    with override("fr"):
        assert explain(found)[-1].endswith("mardi 17 mars 2026.")


def test_the_last_day_to_acknowledge_is_explained_too_and_nothing_where_none_is_asked_for():
    received_on = date(2026, 3, 2)
    california, brazil = (rule_for(law=law, kind=KindOfRequest.ACCESS, on=received_on) for law in ("US-CA", "BR"))

    assert explain_acknowledgement(due_date(california, received_on)) == [
        "Received on Monday 2 March 2026.",
        "CCPA regulations s. 7021 gives 10 business days; the day of receipt is not counted.",
        "Counted from Monday 2 March 2026, the period ends on Monday 16 March 2026.",
        "The last day to acknowledge is Monday 16 March 2026.",
    ]
    assert explain_acknowledgement(due_date(brazil, received_on)) == []
