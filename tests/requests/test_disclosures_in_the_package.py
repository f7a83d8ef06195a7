"""Every access package says to whom the person's data was disclosed: as a page, as CSV and as JSON."""

import csv
import io
import json
import zipfile

import pytest

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.ledger.actors import SYSTEM
from privacy.letters.models import Letter
from privacy.register.disclosures.recording import void_disclosure
from privacy.register.models import DisclosureNote, Recipient
from privacy.subjects.services import find_or_add_subject
from requests import services
from requests.letters import write_case_letter
from requests.models import Correction, NoticeChange, SubjectRequest
from requests.services.remembering import forget_after_erasure
from requests.services.telling_recipients import tell_recipients, told_changes
from tests.privacy.register.disclosures.conftest import enter, make_register
from tests.requests.conftest import confirmed, planned_case, run_jobs
from tests.requests.test_access_package import downloaded

SECTION = "to-whom-we-disclosed-your-data"
SECRET = {"ground": "investigation", "authority": "Order 7", "approver": "Esi", "is_secret": True}
COLUMNS = [
    "day", "to whom", "what they do for us", "country", "safeguard", "kinds of data", "what for", "on what basis",
    "how", "their privacy policy",
]  # fmt: skip


@pytest.fixture
def ama(offixpro):
    make_register()
    return find_or_add_subject(kind="email", value=AMA_MENSAH.email)


def package(officer) -> zipfile.ZipFile:
    case: SubjectRequest = planned_case(officer, kind="access", email=AMA_MENSAH.email)
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    run_jobs("requests.build_package")
    return downloaded(case)


def files(archive: zipfile.ZipFile) -> list[str]:
    return sorted(name for name in archive.namelist() if SECTION in name)


def test_none(ama, officer):
    enter(find_or_add_subject(kind="email", value="kofi@example.com"))
    void_disclosure(disclosure=enter(ama), reason="wrong", actor=SYSTEM)
    with package(officer) as archive:
        page = archive.read("index.html").decode()
        assert files(archive) == []
    assert "Our log has no disclosure of your data to anybody outside." in page


def test_one(ama, officer):
    enter(ama, categories=["contact", "identity"], note="To the nightly copy")
    with package(officer) as archive:
        page = archive.read("index.html").decode()
        as_csv, as_json = (archive.read(name) for name in files(archive))
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    heading, row = csv.reader(io.StringIO(as_csv.decode("utf-8-sig")))
    assert (heading, row) == (
        COLUMNS,
        [
            "2025-06-01", "Cloud Ltd", "stores files", "IE", "decision that the country protects data well enough",
            "identity, contact details", "Hosting", "contract", "by a system", "https://cloud.example.com/privacy",
        ],
    )  # fmt: skip
    (values,) = json.loads(as_json)["rows"]
    assert list(values.values()) == row
    for words in (
        "Cloud Ltd (IE)", "1 June 2025: identity, contact details. For: Hosting. Basis: contract. Sent by a system.",
        '<a href="https://cloud.example.com/privacy" rel="noreferrer">Their privacy policy</a>',
    ):  # fmt: skip
        assert words in page
    assert "no disclosure" not in page
    assert "nightly copy" not in everything


def test_three_and_what_a_law_forbids_telling_is_nowhere(ama, officer):
    enter(ama)
    enter(ama, categories=["financial"])
    ground = {"ground": "law", "authority": "Act 915, s. 27", "approver": "Esi Owusu"}
    enter(ama, recipient="Police", purpose="audit", **ground)
    enter(ama, recipient="Police", purpose="audit", **SECRET)
    with package(officer) as archive:
        page = archive.read("index.html").decode()
        as_csv, as_json = (archive.read(name) for name in files(archive))
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert len(as_csv.decode().strip().splitlines()) == 4
    assert [row["recipient"] for row in json.loads(as_json)["rows"]].count("Police") == 1
    assert page.count("<h3>Cloud Ltd (IE)</h3>") == page.count("<h3>Police (GH)</h3>") == 1
    assert "required by law (Act 915, s. 27)" in page
    assert ("Order 7" in everything, "investigation" in everything, "Esi" in everything) == (False, False, False)


def test_neither_a_notice_to_a_secret_recipient_nor_a_draft_is_among_the_letters_to_the_person(ama, officer):
    Recipient.objects.filter(name="Police").update(notice_email="police@example.com")
    enter(ama, recipient="Police", purpose="audit", **SECRET)
    case = confirmed(kind="rectification", email=AMA_MENSAH.email)
    name = Correction(case=case, label="Name", category="contact", old="Mensa", new="Mensah")
    tell_recipients(case=case, change=NoticeChange.CORRECTED, actor=SYSTEM, corrections=[name])
    written = {"actor": SYSTEM, "changes": told_changes([name]), "recipients": []}
    draft = write_case_letter(kind="corrected", case=case, draft=True, **written)
    sent = write_case_letter(kind="corrected", case=case, **written)
    Letter.objects.filter(pk=draft.pk).update(body="A draft that nobody sent.")
    Letter.objects.filter(pk=sent.pk).update(body="A letter that was sent.")
    notice = Letter.objects.get(kind="case_recipient_notice")
    with package(officer) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert (notice.heading in everything, "Dear Sir or Madam" in everything) == (False, False)
    assert ("that nobody sent" in everything, "A letter that was sent." in everything) == (False, True)


def test_an_erasure_takes_the_notes_and_leaves_who_got_the_data(ama, officer):
    row = enter(ama, note="To her sister, by mistake")
    forget_after_erasure(case=planned_case(officer, kind="erasure", email=AMA_MENSAH.email))
    assert (DisclosureNote.objects.count(), ama.disclosures.get()) == (0, row)
