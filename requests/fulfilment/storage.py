"""Where the files of access packages lie: a folder for each organisation, encrypted, readable by our account only."""

import uuid
from pathlib import Path

from privacy.tenants.files import folder_for
from requests.models import AccessPackage


def folder() -> Path:
    """The current organisation's folder; made when it is missing."""
    return folder_for("access")


def file_name_for(case_id: uuid.UUID) -> str:
    """A case has one package, so the case names its file."""
    return f"{case_id}.sealed"


def path_of(package: AccessPackage) -> Path:
    return folder() / package.file_name


def new_part(case_id: uuid.UUID) -> Path:
    """A file to write to before it is complete; what an attempt that died left behind is removed."""
    for left_over in folder().glob(f"{case_id}.*.part"):
        left_over.unlink(missing_ok=True)
    return folder() / f"{case_id}.{uuid.uuid4().hex}.part"


def remove_file(package: AccessPackage) -> None:
    """Delete the file. Without it and without the organisation's key nothing is left of it; may be repeated."""
    if package.file_name:
        path_of(package).unlink(missing_ok=True)


def context_of(case_id: uuid.UUID) -> str:
    """What the file says it is (see `privacy.subjects.files`): the package of this case and of no other."""
    return f"requests.accesspackage.{case_id}"
