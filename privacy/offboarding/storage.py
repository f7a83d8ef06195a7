"""Where complete exports lie: encrypted under the organisation's own key, readable by our account only."""

import uuid
from pathlib import Path

from privacy.tenants.files import folder_for


def path_of(export_id: uuid.UUID) -> Path:
    return folder_for("exports") / f"{export_id}.sealed"


def new_part(export_id: uuid.UUID) -> Path:
    """A file to write to before it is complete; what an attempt that died left behind is removed."""
    for left_over in folder_for("exports").glob(f"{export_id}.*.part"):
        left_over.unlink(missing_ok=True)
    return folder_for("exports") / f"{export_id}.{uuid.uuid4().hex}.part"


def remove_export_files() -> None:
    """Delete every complete export of the current organisation."""
    for path in folder_for("exports").iterdir():
        path.unlink(missing_ok=True)


def context_of(export_id: uuid.UUID) -> str:
    """What the file says it is (see `privacy.subjects.files`)."""
    return f"offboarding.organisationexport.{export_id}"
