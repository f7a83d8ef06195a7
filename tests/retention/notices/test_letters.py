"""A letter about a person belongs to their file, whether or not the portal knew them when it was written."""

from privacy.ledger.actors import SYSTEM
from privacy.letters.models import Letter
from privacy.letters.services import claim_letters
from privacy.letters.to_officers import write_to_officers
from privacy.register.models import OrganisationProfile
from requests.enums import RequestKind
from requests.services import submit_request
from tests.retention.notices.club import run_on
from tests.sources import known


def letters_of(subject) -> list[str]:
    return sorted(each.address for each in Letter.objects.filter(subject=subject, kind="advance_notice"))


def test_letters_to_people_the_portal_knows_are_theirs_and_others_wait_for_them(club):
    ama = known("AMA@example.com")
    run_on(club.rule(), 0)
    assert (letters_of(ama), letters_of(None)) == (["ama@example.com"], ["kofi@example.com"])
    kofi = known("kofi@example.com")
    assert letters_of(kofi) == []
    submit_request(kind=RequestKind.ACCESS, email="Kofi@example.com", name="Kofi", details="")
    assert (letters_of(kofi), letters_of(None)) == (["kofi@example.com"], [])


def test_a_letter_to_an_officer_never_becomes_a_persons(alpha):
    context = {"day": "today", "page": "https://example.com/", "placed_on": None}
    address = OrganisationProfile.objects.get().officer_email
    assert write_to_officers(kind="hold_review", context=context, actor=SYSTEM) > 0
    assert claim_letters(subject=known(address), address=address) == 0
    assert not Letter.objects.filter(subject__isnull=False).exists()
