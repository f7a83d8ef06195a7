"""Downloading the answer to an access request."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from privacy.register.selectors import local_date
from privacy.subjects.files import EncryptedWriter
from privacy.subjects.models import LinkPurpose
from requests.fulfilment.storage import context_of, file_name_for, folder, path_of
from requests.models import AccessPackage, Representation, SubjectRequest
from tests.portal.conftest import enter, submit, text_of


def _zip() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("index.html", "what we hold about you " * 10_000)
    return target.getvalue()


@pytest.fixture
def package(alpha):
    """A package as it lies on disk, with two downloads left."""
    case = submit()
    content = _zip()
    path = folder() / file_name_for(case.pk)
    with path.open("wb") as target, EncryptedWriter(target, context=context_of(case.pk)) as writer:
        writer.write(content)
    made = AccessPackage.objects.create(
        case=case,
        file_name=file_name_for(case.pk),
        size=len(content),
        expires_at=timezone.now() + timedelta(days=14),
        downloads_left=2,
    )
    yield made
    path_of(made).unlink(missing_ok=True)


@pytest.mark.parametrize("purpose", [LinkPurpose.TRACK, LinkPurpose.DOWNLOAD])
def test_the_person_gets_the_file_as_it_was_made(visitor, package, purpose):
    enter(visitor, package.case, purpose)
    assert "Downloads left" in text_of(visitor.get("/requests/download/"))
    response = visitor.post("/requests/download/")
    content = b"".join(response.streaming_content)
    assert zipfile.ZipFile(io.BytesIO(content)).read("index.html") == b"what we hold about you " * 10_000
    assert len(content) == package.size
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == f'attachment; filename="{package.case.reference}.zip"'
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Length"] == str(package.size)


def test_a_representative_whose_authority_is_not_there_any_more_gets_nothing(visitor, package):
    today = local_date(timezone.now())
    kofi = Representation.objects.create(
        case=package.case, name="Kofi", email="kofi@example.com", authority="lawyer", evidence="Mandate of 3 May.",
        checked_at=timezone.now(), valid_until=today,
    )  # fmt: skip
    enter(visitor, package.case)
    assert visitor.post("/requests/download/").status_code == 200
    for ended in ({"valid_until": today - timedelta(days=1)}, {"valid_until": None, "checked_at": None}):
        Representation.objects.filter(pk=kofi.pk).update(**ended)
        assert "Downloads left" not in text_of(visitor.get("/requests/download/"))
        assert visitor.post("/requests/download/").status_code == 410
    package.refresh_from_db()
    assert package.downloads_left == 1


def test_looking_at_the_page_counts_nothing_and_each_download_counts(visitor, package):
    enter(visitor, package.case)
    for left in (2, 1):
        visitor.get("/requests/download/")
        package.refresh_from_db()
        assert package.downloads_left == left
        b"".join(visitor.post("/requests/download/").streaming_content)
    response = visitor.post("/requests/download/")
    assert response.status_code == 410
    assert "This file is no longer available" in text_of(response)
    assert "This file is no longer available" in text_of(visitor.get("/requests/download/"))


def test_an_expired_file_is_not_handed_out(visitor, package):
    enter(visitor, package.case)
    AccessPackage.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert visitor.post("/requests/download/").status_code == 410


def test_nobody_else_gets_the_file(visitor, package):
    assert visitor.post("/requests/download/").url == "/requests/track/"
    enter(visitor, submit(email="kofi@example.com"))
    assert visitor.post("/requests/download/").status_code == 410
    package.refresh_from_db()
    assert package.downloads_left == 2


def test_the_confirmation_link_does_not_open_the_file(visitor, package):
    enter(visitor, package.case, LinkPurpose.CONFIRM)
    assert visitor.post("/requests/download/").url == "/requests/track/"


def test_the_status_page_leads_to_the_file_while_there_is_one(visitor, package):
    enter(visitor, package.case)
    assert "Go to the download" in text_of(visitor.get("/requests/status/"))
    AccessPackage.objects.update(downloads_left=0)
    assert "Go to the download" not in text_of(visitor.get("/requests/status/"))
    assert SubjectRequest.objects.count() == 1
