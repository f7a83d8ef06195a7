import pytest

from privacy.jobs.models import Job
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.letters import services
from privacy.letters.addresses import portal_url
from privacy.letters.errors import LinkMissing, UnknownKind
from privacy.letters.models import Letter
from privacy.subjects.models import Subject
from privacy.tenants.context import organisation_context
from tests.secrecy import check_readable_nowhere

LINK = "http://alpha.localhost/requests/track/secret/"


def write(subject: Subject, kind: str = "plain", name: str = "Ama", **more) -> Letter:
    return services.write_letter(
        kind=kind, subject=subject, address="ama@example.com", context={"name": name}, actor=SYSTEM, **more
    )


def test_a_letter_is_plain_text_in_which_nothing_is_escaped(subject):
    letter = write(subject, name="Ama <O'Brien> & Co")
    assert letter.body.startswith("Dear Ama <O'Brien> & Co, it's Ama <O'Brien> & Co.\n\nKind regards,\n")
    assert letter.heading == "About Ama <O'Brien> & Co"


def test_a_name_cannot_add_headers_to_the_mail(subject):
    assert write(subject, name="Ama\r\nBcc: all@example.com").heading == "About Ama Bcc: all@example.com"


def test_a_name_cannot_pose_as_the_place_of_the_link(subject):
    letter = write(subject, "linked", name="[[link]]", link=LINK)
    assert letter.body.count("[[link]]") == 1
    assert write(subject, name="[[link]]").body.startswith("Dear , it's .\n")


@pytest.mark.parametrize("name", ["[[li[[link]]nk]]", "[[[[link]]link]]", "[[li[[li[[link]]nk]]nk]]"])
def test_a_name_cannot_pose_as_it_by_what_is_left_of_it_either(subject, name):
    assert write(subject, "linked", name=name, link=LINK).body.count("[[link]]") == 1
    assert write(subject, name=name).body.startswith("Dear , it's .\n")


@pytest.mark.parametrize(("kind", "link"), [("plain", LINK), ("linked", None)])
def test_a_link_without_a_place_and_a_place_without_a_link_are_errors(subject, kind, link):
    with pytest.raises(LinkMissing, match="must hold"):
        write(subject, kind, link=link)
    assert Letter.objects.count() == 0


def test_an_unknown_kind_of_letter_is_an_error(subject):
    with pytest.raises(UnknownKind, match="unknown"):
        write(subject, "unknown")


def test_writing_queues_one_job_and_the_ledger_names_the_kind_only(subject):
    letter = write(subject)
    assert Job.objects.filter(kind="letters.send", slot=str(letter.pk)).count() == 1
    entry = LedgerEntry.objects.get(action="letter.written")
    assert entry.data == {"kind": "plain", "case": "", "pdf_sha256": letter.pdf_sha256}
    assert letter.address == "ama@example.com"
    check_readable_nowhere("ama@example.com", letter.body.strip())


def test_a_particular_that_the_kind_needs_cannot_be_left_out(subject):
    with pytest.raises(ValueError, match="needs name"):
        services.write_letter(kind="plain", subject=subject, address="a@example.com", context={}, actor=SYSTEM)
    assert Letter.objects.count() == 0


@pytest.mark.parametrize(
    ("asked", "written"), [("fr", "fr"), ("fr-CA", "fr"), ("FR_ca", "fr"), ("tw", "en"), ("", "en")]
)
def test_a_letter_is_in_the_language_of_the_person_where_we_write_it(subject, asked, written):
    letter = write(subject, language=asked)
    assert letter.language == written
    assert ("salutations distinguées" in letter.body, "Kind regards" in letter.body) == (
        written == "fr",
        written == "en",
    )


def test_the_portals_address_is_that_of_the_organisation_one_is_in(alpha, beta, settings):
    settings.PUBLIC_BASE_URL = "http://localhost:8123"
    assert portal_url("/requests/new/") == "http://alpha.localhost:8123/requests/new/"
    with organisation_context(beta):
        assert portal_url() == "http://beta.localhost:8123/"
    settings.PUBLIC_BASE_URL = "https://privacy.example"
    assert portal_url() == "https://alpha.localhost/"
