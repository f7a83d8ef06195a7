"""The file for an authority in the language of the case: French words, the same dates, digests and facts."""

import io
import json
import re
from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone, translation
from pypdf import PdfReader

from privacy.law.enums import Cause
from privacy.law.events import WaitBegan
from privacy.ledger.actors import SYSTEM
from privacy.letters.words import day_words
from requests.authority_file.making import make_file
from requests.authority_file.shape import For
from requests.models import SubjectRequest
from requests.services.clock_events import add_clock_event, reckon
from requests.services.moves import locked
from tests.requests.test_authority_file import complaint, handler, opened, words_of  # noqa: F401 - fixtures

_DAY = re.compile(r"\b\d{1,2}(?:er)? [^\W\d]+ 20\d\d")


@pytest.fixture
def in_french(complaint):  # noqa: F811 - the fixture
    SubjectRequest.objects.filter(pk=complaint.pk).update(language="fr")
    return complaint


def made(officer, case, reader=For.AUTHORITY):
    files = opened(make_file(case=case, officer=officer, reader=reader).data)
    return json.loads(files["file.json"]), files


def days_in(sentences, language):
    """Every day that the sentences of a clock name, in order of time: each is looked up as that language writes it."""
    with translation.override(language):
        known = {day_words(day): day for day in (date(2024, 1, 1) + timedelta(days=n) for n in range(8 * 365))}
    return sorted(known[each] for sentence in sentences for each in _DAY.findall(sentence))


def test_the_file_is_in_the_language_of_the_complaint(officer, in_french):
    document, files = made(officer, in_french)
    assert document["language"] == "fr"
    mine, about = document["complaint"], document["about"]
    assert mine["kind"] == "Plainte\u00a0: sur la façon dont mes données ont été traitées"
    chronology = [line["what"] for line in about["chronology"]]
    assert chronology[0] == "Demande envoyée"
    assert "Identité confirmée" in chronology
    assert [(event["what"], event["cause"], event["cause_words"]) for event in about["clock_events"]] == [
        ("début de l’attente", "fee", "une réponse au sujet des frais"),
        ("fin de l’attente", "fee", "une réponse au sujet des frais"),
    ]
    assert (about["decision"]["outcome"], about["evidence"][0]["what"]) == ("refusée", "copie des données remise")
    paper = words_of(files["file.pdf"])
    for words in ("Dossier de la plainte", "Comment les délais ont été calculés", "SECRET : la loi interdit"):
        assert words in paper.replace("\u00a0", " "), words
    for words in ("File of complaint", "How the dates", "Chronology", "Identity", "Letters", "bytes", "Received"):
        assert words not in paper, words
    assert PdfReader(io.BytesIO(files["file.pdf"])).trailer["/Root"]["/Lang"] == "fr"


def test_the_clocks_say_the_same_days_in_both_languages(officer, in_french):
    kept = SubjectRequest.objects.get(pk=in_french.about_case_id)
    clocks = made(officer, in_french)[0]["about"]["clocks"]
    assert len(clocks) == len(kept.deadlines) > 0
    for clock, stored in zip(clocks, kept.deadlines, strict=True):
        assert (clock["due_on"], clock["sentences_in"]) == (stored["due_on"], "fr")
        assert len(clock["sentences"]) == len(stored["sentences"]) > 1
        assert set(clock["sentences"]) & set(stored["sentences"]) == set()
        assert clock["citation"] in " ".join(clock["sentences"])
        days = days_in(clock["sentences"], "fr")
        assert days == days_in(stored["sentences"], "en")
        assert len(days) > 1


def test_a_clock_that_stands_is_explained_in_french_as_of_the_day_on_which_it_was_counted(officer, in_french):
    SubjectRequest.objects.filter(pk=in_french.about_case_id).update(closed_at=None, state="deciding")
    about = locked(SubjectRequest.objects.get(pk=in_french.about_case_id))
    begins = WaitBegan(about.received_on + timedelta(days=5), Cause.FEE)
    add_clock_event(case=about, event=begins, actor=SYSTEM, reason="They pay the rest first.")
    on_that_day = [each["sentences"] for each in about.deadlines]
    with time_machine.travel(timezone.now() + timedelta(days=20), tick=True):
        reckon(about)
        counted_anew = [each["sentences"] != before for each, before in zip(about.deadlines, on_that_day, strict=True)]
        assert counted_anew == [False, True]  # only one of the two laws has the clock stand for a fee
        clocks = made(officer, in_french)[0]["about"]["clocks"]
    assert [each["sentences_in"] for each in clocks] == ["fr", "fr"]
    assert [each["due_on"] for each in clocks] == [each["due_on"] for each in about.deadlines]


def test_sentences_that_cannot_be_said_anew_exactly_stand_as_they_were_kept_and_the_file_says_so(officer, in_french):
    kept = SubjectRequest.objects.get(pk=in_french.about_case_id)
    kept.deadlines[0]["sentences"][-1] = "The last day to answer is Monday 1 March 2027."
    SubjectRequest.objects.filter(pk=kept.pk).update(deadlines=kept.deadlines)
    document, files = made(officer, in_french)
    first, *others = document["about"]["clocks"]
    assert (first["sentences_in"], first["sentences"]) == ("en", kept.deadlines[0]["sentences"])
    assert [each["sentences_in"] for each in others] == ["fr"] * (len(kept.deadlines) - 1)
    notice = "Ces phrases figurent telles qu’elles ont été conservées, en anglais."
    assert words_of(files["file.pdf"]).count(notice) == 1


def test_rules_that_this_release_cannot_read_leave_the_kept_sentences(officer, in_french):
    kept = SubjectRequest.objects.get(pk=in_french.about_case_id)
    for each in kept.deadlines:
        each["rule"]["invented"] = 1
    SubjectRequest.objects.filter(pk=kept.pk).update(deadlines=kept.deadlines)
    clocks = made(officer, in_french)[0]["about"]["clocks"]
    assert [each["sentences"] for each in clocks] == [each["sentences"] for each in kept.deadlines]


def test_facts_are_the_same_in_both_languages(officer, in_french):
    french = made(officer, in_french)[0]
    SubjectRequest.objects.filter(pk=in_french.pk).update(language="en")
    english = made(officer, in_french)[0]
    for part in ("complaint", "about"):
        for name in ("letters", "evidence", "chronology"):
            french_ones, english_ones = french[part][name], english[part][name]
            assert [_facts(each) for each in french_ones] == [_facts(each) for each in english_ones]
        assert len(french[part]["letters"]) * len(french[part]["chronology"]) > 0
    assert len(french["about"]["evidence"]) == 1


def _facts(entry):
    names = ("sha256", "sha256_on_record", "entry", "at", "written", "sent", "file", "bytes", "kept")
    return {name: entry[name] for name in names if name in entry}


def test_the_persons_copy_is_french_too_and_keeps_its_secrets(officer, in_french):
    document, files = made(officer, in_french, For.PERSON)
    assert document["complaint"]["chronology"][0]["what"] == "Vous avez envoyé votre demande."
    assert document["about"]["decision"]["grounds"] == []
    assert "Copie pour la personne qui se plaint." in words_of(files["file.pdf"])


def test_the_page_says_in_which_language_the_file_is(officer_client, in_french):
    page = officer_client.get(f"/officer/requests/subjectrequest/{in_french.pk}/authority-file/").content.decode()
    assert "language of our letters to the person: French" in page
