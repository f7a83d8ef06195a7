"""Files of a case: what came in, what is asked for, what was redacted."""

from requests.admin.cards.shape import Card
from requests.case_files.selectors import files_card

CARDS = (Card("files", "files", "officer/requests/cards/files.html", files_card),)
