"""A receipt on paper: for people to keep, with the signed receipt inside as a file (PDF/A-3).

The paper proves nothing by itself; what is inside does.
"""

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from fpdf.enums import XPos, YPos

from consent.receipts.facts import Facts
from consent.receipts.making import receipt_of
from consent.receipts.words import (
    Line,
    agreed_words,
    data_lines,
    decision_lines,
    heading,
    organisation_lines,
    proof_lines,
)
from privacy.paper.page import INK, QUIET, Page

_LABEL_WIDTH = 42
_BELOW_TITLE = 15  # the first lines under a title


def as_pdf(facts: Facts) -> bytes:
    """The PDF of a receipt; the same bytes as long as the receipt is the same."""
    page = _Paper(facts)
    page.head()
    page.part("", decision_lines(facts))
    page.words(agreed_words(facts))
    page.part(_("Your data"), data_lines(facts))
    page.part(_("Who is answerable"), organisation_lines(facts))
    page.part(_("Proof"), proof_lines(facts))
    page.how_to_check()
    page.embed_file(
        bytes=receipt_of(facts).jws.encode(),
        basename=f"receipt-{facts.record.pk}.jws",
        modification_date=facts.record.recorded_at,
        mime_type="application/jose",
        associated_file_relationship="SOURCE",
    )
    return page.as_bytes()


class _Paper(Page):
    has_mono = True

    def __init__(self, facts: Facts) -> None:
        super().__init__(
            title=_("Receipt %(id)s") % {"id": facts.record.pk},
            author=facts.organisation.legal_name,
            language=get_language() or "en",
            made_at=facts.record.recorded_at,
        )
        self._facts = facts
        self.add_page()

    def footer(self) -> None:
        self.set_y(-16)
        self.ink("sans", 7, QUIET)
        words = _("Receipt %(id)s, page %(page)s of {nb}")
        self.cell(0, 4, words % {"id": self._facts.record.pk, "page": self.page_no()}, align="C")

    def head(self) -> None:
        self.ink("sans", 9, QUIET)
        self.lines(self._facts.organisation.trading_name, 5)
        self.ink("sans", 18, INK, "B")
        self.lines(heading(self._facts), 10)
        self.rule()

    def part(self, title: str, lines: list[Line]) -> None:
        if title and lines:
            self._title(title)
        for line in lines:
            self.ink("sans", 8.5, QUIET)
            self.cell(_LABEL_WIDTH, 5.4, line.label)
            self.ink("mono" if line.is_code else "sans", 7.5 if line.is_code else 9, INK)
            self.multi_cell(0, 5.4, line.words, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def words(self, text: str) -> None:
        if not text:
            return
        self._title(_("The words, as they were shown"))
        self.ink("sans", 9.5, INK)
        self.paragraph(text, height=5.2)

    def how_to_check(self) -> None:
        self._title(_("How to check it"))
        self.ink("sans", 8.5, INK)
        self.paragraph(
            _("This file carries the signed receipt as an attachment (receipt-….jws). It is signed with Ed25519 "
              "(RFC 8032) as a JSON Web Signature (RFC 7515). Save the attachment and the keys from %(keys)s; then "
              "check it, without a network, with:") % {"keys": f"{self._facts.portal}/.well-known/jwks.json"}
        )  # fmt: skip
        self.ink("mono", 8, INK)
        self.paragraph("python manage.py verify_receipt receipt.jws --keys jwks.json")
        self.ink("sans", 8.5, INK)
        words = (
            _("You can see all your consents here: %(page)s")
            if self._facts.bar or not self._facts.rests_on_consent
            else _("You can change your mind at any time: %(page)s")
        )
        self.paragraph(words % {"page": f"{self._facts.portal}/preferences/"})

    def _title(self, words: str) -> None:
        """A title goes to the next page with what it is the title of."""
        if self.will_page_break(3 + 8 + _BELOW_TITLE):
            self.add_page()
        self.ln(3)
        self.ink("sans", 12, INK, "B")
        self.lines(words, 8)
