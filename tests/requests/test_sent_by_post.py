"""People without an e-mail address get their data by post: taken once, with a letter, and only then completed."""

import io
import zipfile
from datetime import timedelta
from hashlib import sha256

import pytest
from django.utils import timezone
from pypdf import PdfReader

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.jobs.models import Job
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter, LetterState
from privacy.register.selectors import local_date
from requests import services
from requests.deciding.found import found_lines
from requests.deciding.preview import preview_decision
from requests.enums import RequestState
from requests.errors import NotAllowed, PackageGone, PostRefused, WrongState
from requests.fulfilment.downloads import take_download
from requests.fulfilment.storage import path_of
from requests.models import SubjectRequest
from requests.selectors import next_step, public_status
from requests.services.by_post import (
    Medium,
    note_case_letter_posted,
    record_package_posted,
    take_for_post,
    write_covering_letter,
)
from requests.services.packaging import covering_letter
from tests.requests.conftest import letter_kinds, planned_case, run_jobs
from tests.requests.deciding import said
from tests.requests.test_staff_intake import entry

DOWNLOAD_WORDS = ("ownload", "link to yourself", "[[link]]", "has no link", "élécharg", "lien")


def today():
    return local_date(timezone.now())


def on_paper(officer, kind="access", language="en", refused="") -> SubjectRequest:
    """A granted case of somebody who wrote a letter and is known by telephone only; its package is made."""
    given = entry(kind=kind, identifier_kind="phone", identifier=AMA_MENSAH.phone, language=language)
    case = services.enter_case(entry=given, officer=officer)
    services.confirm_identity(case=case, officer=officer)
    run_jobs("requests.plan")
    case.refresh_from_db()
    if refused:
        lines = [
            said(line, "refuse" if line.category == refused else "grant", reasons="It tells of somebody else.")
            for line in found_lines(case)
        ]
        services.decide_case(case=case, officer=officer, plan_hash=case.plan_hash, decisions=lines)
    else:
        services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    run_jobs("requests.build_package")
    case.refresh_from_db()
    return case


def unmarked(text: str) -> list[str]:
    """Lines without the marks of headings."""
    return [line.removeprefix("## ") for line in text.splitlines() if not line or line.strip("-")]


@pytest.mark.parametrize("kind", ["access", "portability"])
@pytest.mark.parametrize("refused", ["", "contact"])
def test_the_preview_is_the_letter_that_goes_by_post(offixpro, officer, kind, refused):
    case = on_paper(officer, kind=kind, refused=refused)
    letter = write_covering_letter(case=case, officer=officer, medium=Medium.CARRIER)
    lines = [
        said(line, "refuse" if line.category == refused else "grant", reasons="It tells of somebody else.")
        for line in found_lines(case)
    ]
    shown = preview_decision(SubjectRequest.objects.get(pk=case.pk), lines, officer=officer, now=timezone.now())
    assert shown is not None
    sent = letter.body.replace(case.package.digest, "(its SHA-256, which is known when the file is made)")
    sent = sent.replace(case.package.size_words, "its size")
    assert "its SHA-256" in shown.text
    assert unmarked(sent)[: len(unmarked(shown.text))] == unmarked(shown.text)
    assert unmarked(sent)[len(unmarked(shown.text)) :][:2] == ["", "Kind regards,"]
    assert (shown.heading, shown.goes_by_post) == (letter.heading, True)


def address(case) -> str:
    return f"/officer/requests/subjectrequest/{case.pk}/send-by-post/"


def test_an_officer_posts_the_package_from_the_page_and_the_case_is_completed(offixpro, officer, officer_client):
    case = on_paper(officer)
    assert (case.state, case.package.for_post, case.package.downloads_left) == ("executing", True, 1)
    assert next_step(case, officer).code == "send_by_post"
    run_jobs("requests.build_package")
    assert LedgerEntry.objects.filter(action="subject_request.package_made_for_post").count() == 1
    page = officer_client.get(f"/officer/requests/subjectrequest/{case.pk}/change/").content.decode()
    assert (address(case) in page, "rebuild-package" in page) == (True, False)
    with pytest.raises(WrongState):
        services.rebuild_package(case=case, officer=officer)

    assert officer_client.post(address(case), {"step": "letter", "medium": "carrier"}).status_code == 302
    letter = covering_letter(case)
    assert (letter.kind, letter.state) == ("case_package_by_post", LetterState.BY_POST)
    paper = "".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(letter.pdf)).pages).split())
    assert case.package.digest in paper
    assert "Enclosedisadatacarrier" in paper
    assert "in it." in letter.body
    assert [words for words in DOWNLOAD_WORDS if words in letter.body] == []

    data = b"".join(officer_client.post(address(case), {"step": "take"}).streaming_content)
    assert sha256(data).hexdigest() == case.package.digest
    assert AMA_MENSAH.email in zipfile.ZipFile(io.BytesIO(data)).read("index.html").decode()
    again = officer_client.post(address(case), {"step": "take"})
    assert (again.streaming, again["Content-Type"].startswith("text/html")) == (False, True)
    taken = LedgerEntry.objects.get(action="access_package.given_out_for_post")
    assert (taken.actor_kind, taken.actor_id, taken.data) == (
        "officer", str(officer.pk), {"sha256": case.package.digest},
    )  # fmt: skip

    assert officer_client.post(address(case), {"step": "posted", "on": today().isoformat()}).status_code == 302
    case.refresh_from_db()
    case.package.refresh_from_db()
    letter.refresh_from_db()
    assert (case.state, case.package.posted_on, letter.state) == ("completed", today(), LetterState.SENT)
    assert LedgerEntry.objects.get(action="subject_request.package_posted").data["on"] == today().isoformat()
    assert public_status(case) == "Done. We have sent you your data by post."
    assert letter_kinds(case) == ["acknowledged", "package_by_post"]
    assert Job.objects.filter(kind="requests.expire_packages", slot=str(case.package.pk)).count() == 1
    timeline = officer_client.get(f"/officer/requests/subjectrequest/{case.pk}/change/?tab=timeline").content.decode()
    for words in ("it has to be posted", "given out to be posted", "Access package posted; case closed"):
        assert words in timeline


def test_nothing_goes_out_of_order_nor_to_anybody_else(offixpro, officer, make_officer):
    case = on_paper(officer)
    with pytest.raises(PostRefused):
        record_package_posted(case=case, officer=officer, on=today())
    letter = write_covering_letter(case=case, officer=officer, medium=Medium.PAPER)
    with pytest.raises(PostRefused):
        write_covering_letter(case=case, officer=officer, medium=Medium.PAPER)
    with pytest.raises(PostRefused):
        note_case_letter_posted(letter=letter, officer=officer)
    for act in (
        lambda who: take_for_post(case=case, officer=who),
        lambda who: record_package_posted(case=case, officer=who, on=today()),
    ):
        with pytest.raises(NotAllowed):
            act(make_officer("auditor"))
    with pytest.raises(PackageGone):
        take_download(case=case, subject=case.subject)
    with pytest.raises(PostRefused):
        record_package_posted(case=case, officer=officer, on=today())
    take_for_post(case=case, officer=officer)
    with pytest.raises(PostRefused):
        take_for_post(case=case, officer=officer)
    for day in (today() + timedelta(days=1), today() - timedelta(days=1)):
        with pytest.raises(PostRefused):
            record_package_posted(case=case, officer=officer, on=day)
    case.refresh_from_db()
    assert (case.state, Letter.objects.get(pk=letter.pk).state) == (RequestState.EXECUTING, LetterState.BY_POST)
    assert path_of(case.package).exists()
    record_package_posted(case=case, officer=officer, on=today())
    case.refresh_from_db()
    assert case.state == RequestState.COMPLETED


def test_a_partial_answer_by_post_in_french_speaks_of_what_is_enclosed_and_of_no_download(offixpro, officer):
    case = on_paper(officer, language="fr", refused="technical")
    letter = write_covering_letter(case=case, officer=officer, medium=Medium.PAPER)
    assert (letter.kind, letter.language) == ("case_partly_granted", "fr")
    assert "Vous trouverez ci-joint vos données, imprimées sur papier" in letter.body
    assert case.package.digest in letter.body
    assert [words for words in DOWNLOAD_WORDS if words in letter.body] == []


def test_data_to_take_elsewhere_goes_on_a_data_carrier_only(offixpro, officer):
    case = on_paper(officer, kind="portability")
    with pytest.raises(PostRefused):
        write_covering_letter(case=case, officer=officer, medium=Medium.PAPER)
    letter = write_covering_letter(case=case, officer=officer, medium=Medium.CARRIER)
    assert (letter.kind, "another provider can take it in" in letter.body) == ("case_package_by_post", True)
    assert [words for words in DOWNLOAD_WORDS if words in letter.body] == []


def test_who_has_an_e_mail_address_gets_the_mail_and_nothing_waits_for_the_post(offixpro, officer, officer_client):
    case = planned_case(officer, kind="access", email=AMA_MENSAH.email)
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    run_jobs("requests.build_package")
    case.refresh_from_db()
    assert (case.state, case.package.for_post, letter_kinds(case)[-1]) == ("completed", False, "package_ready")
    assert officer_client.post(address(case), {"step": "take"}).status_code == 302
    assert not LedgerEntry.objects.filter(action="access_package.given_out_for_post").exists()


def test_a_package_that_was_lost_on_the_way_is_made_again_with_another_letter(offixpro, officer):
    case = on_paper(officer)
    lost = case.package
    letter = write_covering_letter(case=case, officer=officer, medium=Medium.CARRIER)
    take_for_post(case=case, officer=officer)
    services.rebuild_package(case=case, officer=officer)
    assert (Letter.objects.filter(pk=letter.pk).exists(), path_of(lost).exists()) == (False, False)
    assert LedgerEntry.objects.filter(action="letter.discarded_unposted", object_id=str(letter.pk)).count() == 1
    run_jobs("requests.build_package")
    case = SubjectRequest.objects.get(pk=case.pk)
    assert (case.state, case.package.downloads_left, case.package.pk == lost.pk) == ("executing", 1, False)
    assert case.package.digest in write_covering_letter(case=case, officer=officer, medium=Medium.CARRIER).body
