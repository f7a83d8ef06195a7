"""What every letter of a case must say, and where its links lead."""

import re
from typing import Any

import pytest
from django.urls import resolve

from privacy.ledger.actors import SYSTEM
from privacy.letters.addresses import portal_url
from privacy.letters.kinds import Audience, LetterKind, LinkUse
from privacy.letters.models import Letter, LetterState
from privacy.letters.to_officers import write_to_officers
from privacy.register.models import OrganisationProfile
from privacy.subjects.models import LinkPurpose
from requests import letter_kinds
from requests.addresses import path_for
from requests.letter_kinds.samples import sample_case_particulars
from requests.letters import new_link_for, write_case_letter, write_recipient_notice
from requests.models import SubjectRequest
from tests.requests.conftest import confirmed, letter_of

KINDS = [kind for kind in letter_kinds.KINDS if kind.audience == Audience.PERSON]
LINKS = {"confirm": LinkPurpose.CONFIRM, "package_ready": LinkPurpose.DOWNLOAD,
         "partly_granted": LinkPurpose.DOWNLOAD, "portability_ready": LinkPurpose.DOWNLOAD}  # fmt: skip


def code_of(kind: LetterKind) -> str:
    return kind.code.removeprefix("case_")


def link_of(kind: LetterKind) -> LinkPurpose | None:
    return None if kind.link == LinkUse.NEVER else LINKS.get(code_of(kind), LinkPurpose.TRACK)


def own_particulars(kind: LetterKind) -> dict[str, Any]:
    """The sample of a kind without what every letter of a case is given."""
    common = sample_case_particulars("access", "GH")
    return {name: value for name, value in kind.sample("GH").items() if name not in common}


@pytest.fixture
def full_profile(alpha) -> OrganisationProfile:
    OrganisationProfile.objects.update(
        legal_name="BulkOffice & Sons Ltd", trading_name="OffixPro", address="12 Ring Road\nAccra",
        officer_name="Esi Owusu", officer_title="Data Protection Officer", officer_phone="+233 30 200 0000",
    )  # fmt: skip
    return OrganisationProfile.objects.get()


def test_there_is_a_letter_for_each_turn_of_a_case():
    assert sorted(map(code_of, KINDS)) == [
        "acknowledged",
        "authority_needed",
        "authority_rejected",
        "clarification",
        "complaint_acknowledged",
        "complaint_escalated",
        "complaint_outcome",
        "complaint_progress",
        "confirm",
        "consent_withdrawn",
        "cooling_off",
        "corrected",
        "correction_refused",
        "deemed_refused",
        "erased",
        "erasure_begins",
        "extended",
        "fee_estimate",
        "fee_lapsed",
        "file_asked",
        "identity_lapsed",
        "identity_needed",
        "identity_rejected",
        "joined",
        "not_confirmed",
        "objection_answered",
        "package_by_post",
        "package_ready",
        "partly_granted",
        "portability_ready",
        "question_answered",
        "reconsidered",
        "refused",
        "representative_ended",
        "representative_recorded",
        "restriction_answered",
        "restriction_ending",
        "tracking",
        "withdrawn",
    ]


@pytest.mark.parametrize("kind", KINDS, ids=code_of)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_letter_says_who_writes_about_what_and_how_to_answer(full_profile, case, kind, language):
    SubjectRequest.objects.update(language=language)
    case.refresh_from_db()
    letter = write_case_letter(kind=code_of(kind), case=case, actor=SYSTEM, link=link_of(kind), **own_particulars(kind))
    title = {"en": "Data Protection Officer", "fr": "Délégué à la protection des données"}[language]
    for words in ("BulkOffice & Sons Ltd", "12 Ring Road", "Esi Owusu", title, case.reference,
                  full_profile.officer_email, "+233 30 200 0000", "http://alpha.localhost"):  # fmt: skip
        assert words in letter.body
    assert case.reference in letter.heading or "OffixPro" in letter.heading
    assert not re.search(r"\{[{%#]|&amp;|&#|\n{4}", letter.body)
    assert letter.body.count("[[link]]") == (0 if kind.link == LinkUse.NEVER else 1)
    assert (letter.language, letter.reference, letter.law) == (language, case.reference, "GH")
    assert letter.pdf.startswith(b"%PDF-")


def test_a_recipient_is_told_what_was_corrected(full_profile, case):
    letter = write_recipient_notice(
        case=case, name="Sahara Couriers Ltd", address="privacy@sahara.example", actor=SYSTEM, language="fr",
        person=["Ama Mensah"], change="corrected", changes=[{"what": "Nom", "old": "Mensa", "new": "Mensah"}],
    )  # fmt: skip
    assert (letter.address, letter.name, letter.subject) == (
        "privacy@sahara.example",
        "Sahara Couriers Ltd",
        case.subject,
    )
    assert "« Mensa » devient « Mensah »" in letter.body.replace("\u00a0", " ")
    assert full_profile.officer_email in letter.body


@pytest.mark.parametrize("mark", ["target", "limit", "deemed_refusal"])
def test_an_officer_is_reminded_of_a_case_without_a_word_about_the_person(alpha, case, mark):
    number = write_to_officers(
        kind="case_due", actor=SYSTEM,
        context={"reference": case.reference, "day": case.due_on, "mark": mark, "page": "http://alpha.localhost/officer/"},
    )  # fmt: skip
    letter = Letter.objects.get(kind="case_due")
    assert (number, letter.subject, letter.pdf) == (1, None, None)
    assert case.reference in letter.heading
    assert "Ama" not in letter.body


def test_a_draft_of_a_case_gets_its_link_when_it_is_sent(case):
    draft = write_case_letter(kind="tracking", case=case, actor=SYSTEM, link=LinkPurpose.TRACK, draft=True)
    assert (draft.state, draft.secret, draft.link_purpose) == (LetterState.DRAFT, None, LinkPurpose.TRACK)
    assert new_link_for(draft).startswith(portal_url("/requests/track/"))
    Letter.objects.filter(pk=draft.pk).update(case_id=None)
    draft.refresh_from_db()
    assert new_link_for(draft) is None


def test_the_acknowledgement_says_by_when_and_under_which_law(case):
    body = letter_of(case, "acknowledged").body
    assert f"{case.due_on:%A} {case.due_on.day} {case.due_on:%B %Y}" in body
    assert case.deadlines[0]["citation"] in body


@pytest.mark.parametrize("purpose", [LinkPurpose.CONFIRM, LinkPurpose.TRACK, LinkPurpose.DOWNLOAD])
def test_every_link_of_a_letter_leads_to_a_page_of_the_portal(purpose):
    match = resolve(path_for(purpose, "x" * 43), urlconf="config.urls_tenant")
    assert match.kwargs == {"token": "x" * 43}


def test_a_person_without_an_address_gets_no_letter(case):
    case.subject.identifiers.all().delete()
    assert write_case_letter(kind="withdrawn", case=case, actor=SYSTEM) is None


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("access", "Then we find your data, and decide. While your request is open, your data is locked"),
        ("objection", "Then we look at what you object to, and decide"),
        ("restriction", "Then we look at what you want left alone, and decide."),
        ("reconsideration", "Then a person looks at the decision anew"),
        ("question", "Somebody looks into it and answers you in writing."),
    ],
)
def test_the_acknowledgement_promises_what_happens_with_a_request_of_its_kind(alpha, kind, words):
    body = letter_of(confirmed(kind=kind), "acknowledged").body
    assert (words in body, "find your data" in body, "makes sure that it is you: by" in body) == (
        True, kind == "access", kind != "question",
    )  # fmt: skip
