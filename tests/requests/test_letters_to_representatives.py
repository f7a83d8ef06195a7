"""Letters to who acts for the person say whom they are about; letters to the person do not."""

import io
import zipfile

import pytest

from privacy.ledger.actors import SYSTEM
from privacy.letters.models import Letter
from privacy.letters.services import save_wording
from requests import services
from requests.addressees import BEFORE_AUTHORITY
from requests.fulfilment.access_package import open_package
from requests.letters import composed_case_letter, write_case_letter
from requests.models import SubjectRequest
from tests.requests.conftest import confirmed, letter_of, run_jobs
from tests.requests.test_letters import KINDS, code_of, link_of, own_particulars
from tests.requests.test_representing import KOFI, again, represented

PERSON = "Efua Boateng"
NAMED = {
    "en": "This letter is about Efua Boateng, for whom you act. Where it says “your data”, “about you” or the like, "
    "this person and their data are meant.",
    "fr": "Cette lettre concerne Efua Boateng, au nom de qui vous agissez. Lorsqu’elle dit « vos données », "
    "« vous concernant » ou quelque chose de semblable, il s’agit de cette personne et de ses données.",
}
NAMELESS = {
    "en": "This letter is about a request in the name of somebody else. Where it says “your data”, “about you” or the "
    "like, that person and their data are meant.",
    "fr": "Cette lettre concerne une demande présentée au nom de quelqu’un d’autre. Lorsqu’elle dit « vos données », "
    "« vous concernant » ou quelque chose de semblable, il s’agit de cette personne et de ses données.",
}
OPENINGS = (*NAMED.values(), *NAMELESS.values())
OF_ONES_OWN = ("your data", "your consent", "that it is you", "from you", "who you are",
               "vos données", "votre consentement", "de vous", "votre identité")  # fmt: skip


def acting(officer, **more) -> SubjectRequest:
    """A case in which somebody acts for Efua, and an officer has seen by what right."""
    case = represented(name=PERSON, **more)
    services.accept_authority(case=case, officer=officer, evidence="Signed mandate of 3 May.")
    return again(case)


def written(kind, case) -> Letter:
    return write_case_letter(kind=code_of(kind), case=case, actor=SYSTEM, link=link_of(kind), **own_particulars(kind))


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize("kind", KINDS, ids=code_of)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_letter_to_a_representative_says_once_whom_it_is_about(alpha, officer, kind, language):
    letter = written(kind, acting(officer, language=language))
    _greeting, opening, *rest = spaced(letter.body).split("\n\n")
    assert (letter.address, opening) == (KOFI, NAMED[language])
    assert PERSON not in "".join(rest) + letter.heading
    assert [words for words in OF_ONES_OWN if words in letter.heading.lower()] == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if code_of(kind) in BEFORE_AUTHORITY], ids=code_of)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_before_the_authority_was_seen_a_letter_says_that_it_is_about_another_and_not_whom(alpha, kind, language):
    letter = written(kind, represented(name=PERSON, language=language))
    assert spaced(letter.body).split("\n\n")[1] == NAMELESS[language]
    assert PERSON not in letter.body + letter.heading


@pytest.mark.parametrize("kind", KINDS, ids=code_of)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_letter_to_the_person_says_nothing_of_that(alpha, kind, language):
    letter = written(kind, confirmed(kind="access", name=PERSON, language=language))
    assert [each for each in OPENINGS if each in spaced(letter.body)] == []


def test_once_nobody_acts_for_the_person_any_more_letters_speak_to_them_again(alpha, officer):
    case = acting(officer, kind="erasure")
    assert "deletion of that person's data" in letter_of(case, "acknowledged").body
    services.end_representation(case=case, officer=officer, reason="The mandate was revoked.")
    letter = letter_of(case, "representative_ended")
    assert letter.body.startswith(f"Dear {PERSON},\n\nSomebody acted for you in your request (deletion of your data)")


@pytest.mark.parametrize(
    ("kind", "theirs", "own"),
    [
        ("access", "An officer makes sure who makes the request: by", "An officer makes sure that it is you: by"),
        (
            "reconsideration",
            "An officer makes sure who makes the request: by",
            "An officer makes sure that it is you: by",
        ),
    ],
)
def test_the_acknowledgement_does_not_take_the_representative_for_the_person(alpha, officer, kind, theirs, own):
    to_them = letter_of(acting(officer, kind=kind), "acknowledged").body
    to_the_person = letter_of(confirmed(kind=kind, email="b@example.com"), "acknowledged").body
    assert (theirs in to_them, own in to_them) == (True, False)
    assert (theirs in to_the_person, own in to_the_person) == (False, True)


@pytest.mark.parametrize(
    ("text", "before"), [("{greeting}\n\nIt is closed.", "Dear Kofi Lawyer,\n\n"), ("It is closed, {officer}.", "")]
)
def test_an_own_wording_of_the_organisation_says_it_too(alpha, officer, text, before):
    save_wording(
        kind="case_withdrawn", language="en", heading="{reference} is closed", text=text, based_on=0, officer=officer
    )
    case = acting(officer)
    letter = write_case_letter(kind="withdrawn", case=case, actor=SYSTEM)
    assert letter.wording == "v1"
    assert letter.body.startswith(f"{before}{NAMED['en']}\n\nIt is closed")
    assert letter.heading == f"{case.reference} is closed"


def test_the_preview_shows_it(alpha, officer):
    case = acting(officer)
    shown = composed_case_letter(kind="withdrawn", case=case)
    assert NAMED["en"] in shown.body
    assert write_case_letter(kind="withdrawn", case=case, actor=SYSTEM).body.startswith(shown.body)


def test_what_a_person_calls_themselves_cannot_pose_as_a_link(alpha, officer):
    case = acting(officer)
    SubjectRequest.objects.filter(pk=case.pk).update(name="Efua [[link]] {officer}")
    letter = write_case_letter(kind="withdrawn", case=again(case), actor=SYSTEM)
    assert "This letter is about Efua  {officer}, for whom you act." in letter.body


FILES = {
    "en": "This file was asked for in the name of Efua Boateng. Where it says “your data”, “about you” or the like, "
    "this person and their data are meant.",
    "fr": "Ce fichier a été demandé au nom de Efua Boateng. Lorsqu’il dit « vos données », « vous concernant » ou "
    "quelque chose de semblable, il s’agit de cette personne et de ses données.",
}


def read_me(officer, case, kind) -> str:
    """What explains the package of a case, once it is granted."""
    services.confirm_identity(case=case, officer=officer)
    run_jobs("requests.plan")
    case = again(case)
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    run_jobs("requests.build_package")
    name = "index.html" if kind == "access" else "README.txt"
    with zipfile.ZipFile(io.BytesIO(b"".join(open_package(again(case).package)))) as archive:
        return spaced(archive.read(name).decode())


@pytest.mark.parametrize("kind", ["access", "portability"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_package_says_in_whose_name_it_was_asked_for(offixpro, officer, kind, language):
    assert FILES[language] in read_me(officer, acting(officer, kind=kind, language=language), kind)
    own = read_me(officer, confirmed(kind=kind, language=language, name=PERSON, email="efua@example.com"), kind)
    assert FILES[language][:24] not in own
