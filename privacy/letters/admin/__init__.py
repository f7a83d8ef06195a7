"""Letters and their wordings on the officers' site."""

from privacy.letters.admin.letters import LetterAdmin
from privacy.letters.admin.wordings import LetterTemplateAdmin

__all__ = ["LetterAdmin", "LetterTemplateAdmin"]
