"""The main document of the file for an authority, on paper: made from its contents, with the JSON inside (PDF/A-3)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from privacy.paper.page import INK, QUIET
from requests.authority_file.paper import SECRET, Sheets, day, grouped, joined, labelled, short_day, when


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


class _Paper(Sheets):
    def __init__(self, document: dict[str, Any], as_of: datetime) -> None:
        reference = document["complaint"]["reference"]
        super().__init__(
            title=_("File of complaint %(reference)s") % {"reference": reference},
            author=document["organisation"]["name"],
            language=document["language"],
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
        self.fact(_("As of"), when(self._document["as_of"]))
        self.fact(_("Organisation"), joined(ours["name"], ours["address"]))
        self.fact(_("Whom to ask"), joined(ours["officer"], ours["email"], ours["phone"]))
        for body in self._document["authorities"]:
            self.fact(_("Authority"), joined(*body.values()))

    def case(self, title: str, case: dict[str, Any]) -> None:
        """Everything about one case, on pages of its own."""
        self.add_page()
        self.ink("sans", 14, INK, "B")
        self.lines(labelled(title, case["reference"]), 9)
        self.rule(before=1)
        self._facts_of(case)
        self._clocks(case)
        self._decision(case)
        self._investigation(case)
        self._chronology(case)
        self._letters(case)
        self._evidence(case)

    def how_to_check(self) -> None:
        self.heading(_("How to check this file"))
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
        self.fact(_("Kind"), case["kind"])
        self.fact(_("Stage"), case["stage"])
        self.fact(_("Person"), joined(case["person"]["name"], case["person"]["email"]))
        self.fact(_("Received"), f"{day(case['received_on'])}, {case['channel']}")
        if case["asked_again_on"]:
            words = _("%(day)s: what came up to that day is meant as well")
            self.fact(_("Asked again"), words % {"day": day(case["asked_again_on"])})
        if case.get("dated_back_because"):
            self.fact(_("Dated back because"), case["dated_back_because"])
        self.fact(_("Identity"), case["identity"])
        if case["said"]:
            self.quote(_("What the person wrote"), case["said"])

    def _clocks(self, case: dict[str, Any]) -> None:
        self.heading(_("How the dates were counted"))
        for clock in case["clocks"]:
            self.ink("sans", 9, INK, "B")
            measures = _("for the acknowledgement") if clock["measures"] == "acknowledgement" else _("for the answer")
            self.lines(labelled(clock["citation"], f"{day(clock['due_on'])}, {measures}"), 5.2)
            self.ink("sans", 9, INK)
            if clock["sentences_in"] != self._document["language"]:
                self.paragraph(_("These sentences stand as they were kept, in English."), after=0.4)
            for sentence in clock["sentences"]:
                self.paragraph(sentence, after=0.4)
            self.ln(1.5)
        for event in case["clock_events"]:
            words = ", ".join(filter(None, (event["what"], event["cause_words"], event["law"], event["reason"])))
            self.fact(short_day(event["on"]), words)
        if case["deemed_refused_on"]:
            self.fact(short_day(case["deemed_refused_on"]), _("The law takes it for refused."))

    def _decision(self, case: dict[str, Any]) -> None:
        decision = case["decision"]
        self.heading(_("Decision"))
        if decision is None:
            self.ink("sans", 9, INK)
            self.paragraph(_("There is none yet."))
            return
        self.fact(_("Outcome"), decision["outcome"].capitalize())
        self.fact(_("Decided"), joined(when(decision["at"]), decision["by"]))
        for approval in decision["approvals"]:
            self.fact(_("Approved"), joined(when(approval["at"]), approval["by"]))
        for each in decision["grounds"]:
            if each["secret"]:
                self.ink("sans", 9, SECRET, "B")
                self.paragraph(_("SECRET: the law forbids telling the person of this ground."))
            self.fact(_("Ground"), _ground(each))
            if each["reasons"]:
                self.quote(_("Reasons"), each["reasons"])
        if decision["new_decision"]:
            self.quote(_("The new decision"), decision["new_decision"])
        if decision["answer"]:
            self.quote(_("What the person was told"), decision["answer"])

    def _investigation(self, case: dict[str, Any]) -> None:
        if "acknowledge_by" not in case:
            return
        self.heading(_("How the complaint was handled"))
        self.fact(_("Acknowledge by"), day(case["acknowledge_by"]) or _("no day in law"))
        self.fact(_("Acknowledged"), day(case["acknowledged_on"]) or _("not yet"))
        for each in case["escalations"]:
            until = each["recourse_ends_on"]
            more = _("recourse until %(day)s") % {"day": day(until)} if until else ""
            self.fact(_("Escalated"), joined(when(each["at"]), each["to"], more))
            if each["reasons"]:
                self.quote(_("Reasons"), each["reasons"])
        for each in case["measures"]:
            self.fact(_("Measure"), f"{each['text']} ({when(each['at'])})")
        for each in case["notes"]:
            self.quote(_("Note of %(by)s, %(at)s") % {"by": each["by"], "at": when(each["at"])}, each["text"])

    def _chronology(self, case: dict[str, Any]) -> None:
        self.heading(_("Chronology"))
        for line in case["chronology"]:
            what = " – ".join([line["what"], *line["details"]])
            self.fact(when(line["at"]), f"{what} ({line['by']})" if line["by"] else what)

    def _letters(self, case: dict[str, Any]) -> None:
        self.heading(_("Letters"))
        for letter in case["letters"]:
            sent = ", ".join(filter(None, (letter["state"], letter["sent"] and when(letter["sent"]))))
            self.keep_together(18)
            self.fact(when(letter["written"]), f"{letter['subject']} ({sent})")
            self.fact("", letter["file"], mono=True)
            self.fact("", letter["sha256"], mono=True)
            if letter["sha256_on_record"] not in (None, letter["sha256"]):
                self.ink("sans", 9, SECRET, "B")
                self.paragraph(_("This letter is not the one whose digest was recorded when it was written."))
        if not case["letters"]:
            self.none()

    def _evidence(self, case: dict[str, Any]) -> None:
        self.heading(_("Evidence on file, by its SHA-256"))
        for piece in case["evidence"]:
            self.keep_together(12)
            gone = "" if piece["kept"] else _("deleted since")
            size = _("%(n)s bytes") % {"n": grouped(piece["bytes"])}
            self.fact(when(piece["at"]), joined(piece["what"], piece["name"], size, gone))
            self.fact("", piece["sha256"], mono=True)
        if not case["evidence"]:
            self.none()


def _ground(each: dict[str, Any]) -> str:
    parts = [part for part in (each["about"], each["section"], each["words"]) if part]
    words = parts.pop()
    for part in reversed(parts):
        words = labelled(part, words)
    return words
