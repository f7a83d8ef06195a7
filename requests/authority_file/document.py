"""The main document of the file for an authority, on paper: made from its contents, with the JSON inside (PDF/A-3)."""

from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from fpdf.enums import XPos, YPos

from privacy.paper.page import INK, QUIET, Page

_LABEL = 40
_SECRET = (160, 32, 24)


def as_pdf(document: dict[str, Any], *, as_json: bytes, as_of: datetime) -> bytes:
    """The PDF of the contents; the same contents give the same bytes."""
    page = _Paper(document, as_of)
    page.front()
    page.how_to_check()
    page.case(_("The complaint"), document["complaint"])
    if document["about"]:
        page.case(_("The case complained of"), document["about"])
    page.embed_file(
        bytes=as_json, basename="file.json", modification_date=as_of, mime_type="application/json",
        associated_file_relationship="SOURCE",
    )  # fmt: skip
    return page.as_bytes()


class _Paper(Page):
    has_mono = True

    def __init__(self, document: dict[str, Any], as_of: datetime) -> None:
        reference = document["complaint"]["reference"]
        super().__init__(
            title=_("File of complaint %(reference)s") % {"reference": reference},
            author=document["organisation"]["name"],
            language="en",
            made_at=as_of,
        )
        self._document, self._reference = document, reference
        self.add_page()

    def footer(self) -> None:
        self.set_y(-16)
        self.ink("sans", 7, QUIET)
        words = _("File of complaint %(reference)s, page %(page)s of {nb}")
        self.cell(0, 4, words % {"reference": self._reference, "page": self.page_no()}, align="C")

    def front(self) -> None:
        """Whose file it is, and for whom."""
        ours, is_for_person = self._document["organisation"], self._document["for"] == "person"
        self.ink("sans", 9, QUIET)
        self.lines(ours["name"], 5)
        self.ink("sans", 18, INK, "B")
        self.lines(_("File of complaint %(reference)s") % {"reference": self._reference}, 10)
        self.ink("sans", 9.5, INK)
        if is_for_person:
            self.lines(_("Copy for the person who complains."), 5.5)
        else:
            self.lines(_("For the authority. It holds what the person must not be told, marked as such."), 5.5)
        self.rule()
        self._fact(_("As of"), _when(self._document["as_of"]))
        self._fact(_("Organisation"), _joined(ours["name"], ours["address"]))
        self._fact(_("Whom to ask"), _joined(ours["officer"], ours["email"], ours["phone"]))
        for body in self._document["authorities"]:
            self._fact(_("Authority"), _joined(*body.values()))

    def case(self, title: str, case: dict[str, Any]) -> None:
        """Everything about one case, on pages of its own."""
        self.add_page()
        self.ink("sans", 14, INK, "B")
        self.lines(f"{title}: {case['reference']}", 9)
        self.rule(before=1)
        self._facts_of(case)
        self._clocks(case)
        self._decision(case)
        self._investigation(case)
        self._chronology(case)
        self._letters(case)
        self._evidence(case)

    def how_to_check(self) -> None:
        self._title(_("How to check this file"))
        self.ink("sans", 8.5, INK)
        self.paragraph(
            _("The archive holds this document, the same as JSON (file.json), and every letter. SHA256SUMS lists the "
              "SHA-256 of each; check them with:")
        )  # fmt: skip
        self.ink("mono", 8, INK)
        self.paragraph("sha256sum --check SHA256SUMS")
        self.ink("sans", 8.5, INK)
        self.paragraph(
            _("Lines of the chronology are rows of the organisation's sealed ledger; the JSON names each by its id.")
        )

    def _facts_of(self, case: dict[str, Any]) -> None:
        self._fact(_("Kind"), case["kind"])
        self._fact(_("Stage"), case["stage"])
        self._fact(_("Person"), _joined(case["person"]["name"], case["person"]["email"]))
        self._fact(_("Received"), f"{_day(case['received_on'])}, {case['channel']}")
        if case.get("dated_back_because"):
            self._fact(_("Dated back because"), case["dated_back_because"])
        self._fact(_("Identity"), case["identity"])
        if case["said"]:
            self._quote(_("What the person wrote"), case["said"])

    def _clocks(self, case: dict[str, Any]) -> None:
        self._title(_("How the dates were counted"))
        for clock in case["clocks"]:
            self.ink("sans", 9, INK, "B")
            measures = _("for the acknowledgement") if clock["measures"] == "acknowledgement" else _("for the answer")
            self.lines(f"{clock['citation']}: {_day(clock['due_on'])}, {measures}", 5.2)
            self.ink("sans", 9, INK)
            for sentence in clock["sentences"]:
                self.paragraph(sentence, after=0.4)
            self.ln(1.5)
        for event in case["clock_events"]:
            words = ", ".join(filter(None, (event["what"], event["cause"], event["under"], event["reason"])))
            self._fact(_day(event["on"]), words)
        if case["deemed_refused_on"]:
            self._fact(_day(case["deemed_refused_on"]), _("The law takes it for refused."))

    def _decision(self, case: dict[str, Any]) -> None:
        decision = case["decision"]
        self._title(_("Decision"))
        if decision is None:
            self.ink("sans", 9, INK)
            self.paragraph(_("There is none yet."))
            return
        self._fact(_("Outcome"), decision["outcome"].capitalize())
        self._fact(_("Decided"), _joined(_when(decision["at"]), decision["by"]))
        for approval in decision["approvals"]:
            self._fact(_("Approved"), _joined(_when(approval["at"]), approval["by"]))
        for each in decision["grounds"]:
            if each["secret"]:
                self.ink("sans", 9, _SECRET, "B")
                self.paragraph(_("SECRET: the law forbids telling the person of this ground."))
            self._fact(_("Ground"), ": ".join(filter(None, (each["about"], each["section"], each["words"]))))
            if each["reasons"]:
                self._quote(_("Reasons"), each["reasons"])
        if decision["new_decision"]:
            self._quote(_("The new decision"), decision["new_decision"])
        if decision["answer"]:
            self._quote(_("What the person was told"), decision["answer"])

    def _investigation(self, case: dict[str, Any]) -> None:
        if "acknowledge_by" not in case:
            return
        self._title(_("How the complaint was handled"))
        self._fact(_("Acknowledge by"), _day(case["acknowledge_by"]) or _("no day in law"))
        self._fact(_("Acknowledged"), _day(case["acknowledged_on"]) or _("not yet"))
        for each in case["escalations"]:
            until = each["recourse_ends_on"]
            more = _("recourse until %(day)s") % {"day": _day(until)} if until else ""
            self._fact(_("Escalated"), _joined(_when(each["at"]), each["to"], more))
            if each["reasons"]:
                self._quote(_("Reasons"), each["reasons"])
        for each in case["measures"]:
            self._fact(_("Measure"), f"{each['text']} ({_when(each['at'])})")
        for each in case["notes"]:
            self._quote(_("Note of %(by)s, %(at)s") % {"by": each["by"], "at": _when(each["at"])}, each["text"])

    def _chronology(self, case: dict[str, Any]) -> None:
        self._title(_("Chronology"))
        for line in case["chronology"]:
            what = " – ".join([line["what"], *line["details"]])
            self._fact(_when(line["at"]), f"{what} ({line['by']})")

    def _letters(self, case: dict[str, Any]) -> None:
        self._title(_("Letters"))
        for letter in case["letters"]:
            sent = ", ".join(filter(None, (letter["state"], letter["sent"] and _when(letter["sent"]))))
            self._keep_together(18)
            self._fact(_when(letter["written"]), f"{letter['subject']} ({sent})")
            self._fact("", letter["file"], mono=True)
            self._fact("", letter["sha256"], mono=True)
            if letter["sha256_on_record"] not in (None, letter["sha256"]):
                self.ink("sans", 9, _SECRET, "B")
                self.paragraph(_("This letter is not the one whose digest was recorded when it was written."))
        if not case["letters"]:
            self._none()

    def _evidence(self, case: dict[str, Any]) -> None:
        self._title(_("Evidence on file, by its SHA-256"))
        for piece in case["evidence"]:
            self._keep_together(12)
            gone = "" if piece["kept"] else _("deleted since")
            size = _("%(n)s bytes") % {"n": f"{piece['bytes']:,}"}
            self._fact(_when(piece["at"]), _joined(piece["what"], piece["name"], size, gone))
            self._fact("", piece["sha256"], mono=True)
        if not case["evidence"]:
            self._none()

    def _keep_together(self, height: float) -> None:
        if self.will_page_break(height):
            self.add_page()

    def _none(self) -> None:
        self.ink("sans", 9, INK)
        self.paragraph(_("None."))

    def _fact(self, label: str, words: str, *, mono: bool = False) -> None:
        self._keep_together(11)
        self.ink("sans", 8.5, QUIET)
        self.cell(_LABEL, 5.2, label)
        self.ink("mono" if mono else "sans", 7.5 if mono else 9, INK)
        self.multi_cell(0, 5.2, words or "–", align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _quote(self, label: str, words: str) -> None:
        self._keep_together(18)
        self.ink("sans", 8.5, QUIET)
        self.lines(label, 5.2)
        self.ink("sans", 9, INK)
        self.set_left_margin(self.l_margin + 5)
        self.set_x(self.l_margin)
        self.lines(words, 5)
        self.set_left_margin(self.l_margin - 5)
        self.set_x(self.l_margin)
        self.ln(1.5)

    def _title(self, words: str) -> None:
        self._keep_together(28)
        self.ln(3)
        self.ink("sans", 12, INK, "B")
        self.lines(words, 8)


def _joined(*words: str | None) -> str:
    return ", ".join(" ".join(str(each).split()) for each in words if each)


def _when(text: str | None) -> str:
    return f"{datetime.fromisoformat(text):%-d %b %Y, %H:%M} UTC" if text else "–"


def _day(text: str | None) -> str:
    return date_format(date.fromisoformat(text), "l j F Y") if text else ""
