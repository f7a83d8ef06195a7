"""What can be done with letters."""

from privacy.letters.services.again import send_again
from privacy.letters.services.claiming import claim_letters
from privacy.letters.services.drafts import discard_draft, edit_draft, send_draft
from privacy.letters.services.opening import open_pdf
from privacy.letters.services.posting import discard_unposted, note_posted
from privacy.letters.services.wordings import restore_built_in, save_wording
from privacy.letters.services.writing import write_letter
from privacy.letters.wording import LINK_PLACEHOLDER

__all__ = [
    "LINK_PLACEHOLDER",
    "claim_letters",
    "discard_draft",
    "discard_unposted",
    "edit_draft",
    "note_posted",
    "open_pdf",
    "restore_built_in",
    "save_wording",
    "send_again",
    "send_draft",
    "write_letter",
]
