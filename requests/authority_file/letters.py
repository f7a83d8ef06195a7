"""The letters of a case, each with its file in the archive and its digest."""

import hashlib
from typing import Any

from privacy.letters.kinds import kind_title
from privacy.letters.models import Letter, LetterState
from privacy.letters.selectors import letters_to_people
from requests.authority_file.shape import Contents, For, moment
from requests.models import SubjectRequest


def letters(case: SubjectRequest, reader: For, made: Contents) -> list[dict[str, Any]]:
    """Each letter with its file, which is put into the archive: the PDF as it was kept, else the text."""
    found = []
    written = Letter.objects.filter(case_id=case.pk).exclude(state=LetterState.DRAFT)
    if reader is For.PERSON:
        written = letters_to_people(written)
    for number, letter in enumerate(written.order_by("created_at", "id"), 1):
        pdf: bytes | None = letter.pdf
        data = pdf if pdf is not None else str(letter.body).encode()
        name = f"letters/{case.reference}/{number:02}-{letter.kind}.{'pdf' if pdf is not None else 'txt'}"
        made.files[name] = data
        found.append(
            {
                "file": name,
                "sha256": hashlib.sha256(data).hexdigest(),
                "sha256_on_record": letter.pdf_sha256 or None,
                "kind": str(kind_title(letter.kind)),
                "subject": letter.heading,
                "written": moment(letter.created_at),
                "state": str(letter.get_state_display()),
                "sent": moment(letter.sent_at),
            }
        )
    return found
