"""Files of access packages: each organisation's in its own folder, under its own key, for its own person."""

import shutil
from datetime import timedelta

import pytest
from django.utils import timezone

from privacy.subjects.crypto import CannotDecrypt
from privacy.subjects.files import EncryptedWriter
from privacy.tenants.context import organisation_context, public_context
from privacy.tenants.errors import NoOrganisation
from requests.errors import PackageGone
from requests.fulfilment.access_package import open_package
from requests.fulfilment.downloads import take_download
from requests.fulfilment.storage import context_of, file_name_for, folder, path_of
from requests.models import AccessPackage
from tests.isolation.making import make_case

CONTENT = b"everything about Ama Mensah"


def make_package(**fields) -> AccessPackage:
    """A package with a file, in the organisation that the test is in."""
    case = make_case(**fields)
    with (
        (folder() / file_name_for(case.pk)).open("wb") as target,
        EncryptedWriter(target, context=context_of(case.pk)) as w,
    ):
        w.write(CONTENT)
    return AccessPackage.objects.create(
        case=case, file_name=file_name_for(case.pk), size=len(CONTENT), rows=1, digest="0" * 64,
        expires_at=timezone.now() + timedelta(days=1), downloads_left=3,
    )  # fmt: skip


@pytest.fixture
def package(alpha):
    made = make_package()
    yield made
    with organisation_context(alpha):
        path_of(made).unlink(missing_ok=True)


def test_each_organisation_has_a_folder_that_only_our_account_reads(alpha, beta):
    mine = folder()
    with organisation_context(beta):
        theirs = folder()
    assert mine != theirs
    assert mine not in theirs.parents
    assert theirs not in mine.parents
    assert mine.stat().st_mode & 0o077 == 0
    with public_context(), pytest.raises(NoOrganisation):
        folder()


def test_a_file_carried_to_another_organisation_cannot_be_opened_there(package, beta):
    assert b"".join(open_package(package)) == CONTENT
    source = path_of(package)
    with organisation_context(beta):
        twin = AccessPackage.objects.create(
            case=make_case(pk=package.case_id), file_name=package.file_name, size=1, rows=1, digest="0" * 64,
            expires_at=package.expires_at, downloads_left=3,
        )  # fmt: skip
        shutil.copy(source, path_of(twin))
        try:
            with pytest.raises(CannotDecrypt):
                b"".join(open_package(twin))
        finally:
            path_of(twin).unlink()


def test_nothing_of_the_content_is_in_the_file(package):
    stored = path_of(package).read_bytes()
    assert CONTENT not in stored
    assert b"Mensah" not in stored
    assert str(package.case_id) in path_of(package).name


def test_a_package_is_not_there_for_another_person_or_another_organisation(package, beta):
    other = make_case(email="kofi@example.com", reference="PR-KKKK-KKKK")
    with pytest.raises(PackageGone):
        take_download(case=package.case, subject=other.subject)
    with organisation_context(beta):
        twin = make_case(pk=package.case_id)
        with pytest.raises(PackageGone):
            take_download(case=twin, subject=twin.subject)
    assert take_download(case=package.case, subject=package.case.subject).size == len(CONTENT)
    package.refresh_from_db()
    assert package.downloads_left == 2
