import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consent.addresses import preferences_path
from consent.services import ask_for_preferences_link
from consent.services.links import LETTERS_AN_HOUR
from privacy.jobs.models import Job
from privacy.letters.models import Letter
from privacy.subjects.enquiries import RESOLVE, resolve
from privacy.subjects.identifiers import IdentifierInvalid
from privacy.subjects.links import redeem
from privacy.subjects.models import LinkEnquiry, LinkPurpose, MailLink


def _resolve_all():
    for enquiry in LinkEnquiry.objects.all():
        resolve(enquiry_id=enquiry.pk)


def test_somebody_we_know_gets_a_link_that_opens_their_preferences(ama):
    ask_for_preferences_link(email=" AMA@example.com")
    assert not Letter.objects.exists()
    _resolve_all()
    letter = Letter.objects.get()
    path = "/" + letter.secret.split("/", 3)[3]
    token = path.split("/")[2]
    assert path == preferences_path(token)
    assert letter.address == "ama@example.com"
    assert redeem(token=token, purpose=LinkPurpose.PREFERENCES).subject == ama
    assert token not in letter.body


def test_somebody_we_do_not_know_gets_nothing(ama):
    ask_for_preferences_link(email="nobody@example.com")
    _resolve_all()
    assert not Letter.objects.exists()
    assert not MailLink.objects.exists()
    assert not LinkEnquiry.objects.exists()


def test_asking_is_the_same_work_for_known_and_unknown(ama):
    statements = []
    for email in ("ama@example.com", "nobody@example.com"):
        with CaptureQueriesContext(connection) as captured:
            ask_for_preferences_link(email=email)
        statements.append([query["sql"][:40] for query in captured if "SAVEPOINT" not in query["sql"]])
    assert statements[0] == statements[1]
    assert len(statements[0]) == 2
    assert Job.objects.filter(kind=RESOLVE).count() == 2


def test_a_person_is_not_flooded_with_letters(ama):
    for _ in range(LETTERS_AN_HOUR + 2):
        ask_for_preferences_link(email="ama@example.com")
    _resolve_all()
    assert Letter.objects.count() == LETTERS_AN_HOUR


def test_what_is_no_address_is_said_at_once(alpha):
    with pytest.raises(IdentifierInvalid):
        ask_for_preferences_link(email="no address")
    assert not LinkEnquiry.objects.exists()
