"""What every letter of a case must say, and where its links lead."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import resolve

from privacy.ledger.actors import SYSTEM
from privacy.register.models import OrganisationProfile
from privacy.subjects.models import LinkPurpose
from requests.addresses import path_for
from requests.letters import write_case_letter
from tests.requests.conftest import letter_of

FOLDER = Path(settings.BASE_DIR) / "templates" / "letters"
LINKS = {
    "confirm": LinkPurpose.CONFIRM,
    "acknowledged": LinkPurpose.TRACK,
    "file_asked": LinkPurpose.TRACK,
    "tracking": LinkPurpose.TRACK,
    "package_ready": LinkPurpose.DOWNLOAD,
}
KINDS = sorted(
    path.name.removeprefix("case_").removesuffix(".subject.txt") for path in FOLDER.glob("case_*.subject.txt")
)


@pytest.fixture
def full_profile(alpha) -> OrganisationProfile:
    OrganisationProfile.objects.update(
        legal_name="BulkOffice & Sons Ltd", trading_name="OffixPro", address="12 Ring Road\nAccra",
        officer_name="Esi Owusu", officer_title="Data Protection Officer", officer_phone="+233 30 200 0000",
    )  # fmt: skip
    return OrganisationProfile.objects.get()


def test_there_is_a_letter_for_each_turn_of_a_case():
    assert KINDS == [
        "acknowledged", "confirm", "erased", "file_asked", "identity_rejected", "package_ready", "refused", "tracking",
        "withdrawn",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_says_who_writes_about_what_and_how_to_answer(full_profile, case, kind):
    letter = write_case_letter(kind=kind, case=case, actor=SYSTEM, link=LINKS.get(kind))
    for words in ("BulkOffice & Sons Ltd", "12 Ring Road", "Esi Owusu", "Data Protection Officer", case.reference,
                  full_profile.officer_email, "+233 30 200 0000", "http://alpha.localhost"):  # fmt: skip
        assert words in letter.body
    assert case.reference in letter.heading or "OffixPro" in letter.heading
    assert not re.search(r"\{[{%#]|&amp;|&#|\n{4}", letter.body)
    assert letter.body.count("[[link]]") == (1 if kind in LINKS else 0)


def test_the_acknowledgement_says_by_when_and_under_which_law(case):
    body = letter_of(case, "acknowledged").body
    assert f"{case.due_on:%A} {case.due_on.day} {case.due_on:%B %Y}" in body
    assert case.deadlines[0]["citation"] in body


@pytest.mark.parametrize("purpose", sorted(set(LINKS.values())))
def test_every_link_of_a_letter_leads_to_a_page_of_the_portal(purpose):
    match = resolve(path_for(purpose, "x" * 43), urlconf="config.urls_tenant")
    assert match.kwargs == {"token": "x" * 43}


def test_a_person_without_an_address_gets_no_letter(case):
    case.subject.identifiers.all().delete()
    assert write_case_letter(kind="withdrawn", case=case, actor=SYSTEM) is None


def test_every_visible_word_of_the_letters_can_be_translated():
    for path in FOLDER.glob("case_*.txt"):
        text = re.sub(
            r"\{% (?:blocktranslate|block greeting).*?\{% end(?:blocktranslate|block) %\}",
            "",
            path.read_text(),
            flags=re.S,
        )
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\[\[link\]\]", "", text, flags=re.S)
        assert re.findall(r"[A-Za-z]{2,}", text) == [], path.name
