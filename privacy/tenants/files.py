"""Where an organisation's files lie: for each kind of file one folder, in it one folder for each organisation.

Danger: a file outside of these folders outlives its organisation.
Rule: every folder of files is made here, so that the destruction of an organisation finds all of them.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from django.core.files.storage import default_storage

from privacy.tenants.context import current_organisation
from privacy.tenants.errors import OrganisationInvalid
from privacy.tenants.names import is_organisation_schema


@dataclass(frozen=True)
class Files:
    """How many files an organisation has, and their size in bytes."""

    count: int
    size: int


def folder_for(kind: str) -> Path:
    """The current organisation's folder for a kind of file (`access`); made when it is missing."""
    path = Path(default_storage.path(f"{kind}/{current_organisation().schema_name}"))
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def count_files(schema_name: str) -> Files:
    """All files of an organisation."""
    sizes = [path.stat().st_size for folder in _folders(schema_name) for path in folder.rglob("*") if path.is_file()]
    return Files(len(sizes), sum(sizes))


def remove_files(schema_name: str) -> None:
    """Delete all files of an organisation. May be repeated."""
    for folder in _folders(schema_name):
        shutil.rmtree(folder, ignore_errors=False)


def _folders(schema_name: str) -> list[Path]:
    if not is_organisation_schema(schema_name):
        raise OrganisationInvalid(f"{schema_name!r} is not the schema of an organisation: it has no files")
    return sorted(path for path in Path(default_storage.path("")).glob(f"*/{schema_name}") if path.is_dir())
