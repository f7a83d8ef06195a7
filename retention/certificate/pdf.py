"""A certificate on paper: made from the signed document whenever it is asked for, with the JSON file inside (PDF/A-3).

It proves nothing by itself; what is inside does.
"""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

from privacy.paper.page import INK, QUIET, SOFT, Page
from retention.certificate.document import as_file, check_file
from retention.certificate.moments import from_text
from retention.certificate.words import newer_words
from retention.enums import Result, RunKind

_LEFT = ("rows_under_hold", "rows_waiting_for_notice", "rows_kept_by_law", "rows_newer_than_request")
_LABEL_WIDTH = 42
_BELOW_TITLE = 15  # the first lines under a title


def as_pdf(document: str) -> bytes:
    """The PDF of a signed certificate.

    Raises:
        CertificateInvalid: the signature is not ours.
    """
    content = check_file(document)
    page = _Certificate(content)
    page.heading()
    page.facts()
    page.tables()
    page.proofs()
    page.statements()
    page.embed_file(
        bytes=as_file(document),
        basename=f"certificate-{content['certificate_id']}.json",
        modification_date=from_text(content["issued_at"]),
        mime_type="application/json",
        associated_file_relationship="SOURCE",
    )
    return page.as_bytes()


class _Certificate(Page):
    has_mono = True

    def __init__(self, content: dict[str, Any]) -> None:
        super().__init__(
            title=_("Certificate %(id)s") % {"id": content["certificate_id"]},
            author=content["issuer"]["name"],
            language="en",
            made_at=from_text(content["issued_at"]),
        )
        self._content = content
        self.add_page()

    def footer(self) -> None:
        self.set_y(-16)
        self.ink("sans", 7, QUIET)
        words = _("Certificate %(id)s, page %(page)s of {nb}")
        self.cell(0, 4, words % {"id": self._content["certificate_id"], "page": self.page_no()}, align="C")

    def heading(self) -> None:
        content = self._content
        self.ink("sans", 9, QUIET)
        self.lines(content["issuer"]["name"], 5)
        self.ink("sans", 18, INK, "B")
        is_erasure = content["run"]["kind"] != RunKind.RETENTION
        self.lines(_("Certificate of erasure") if is_erasure else _("Certificate of a retention run"), 10)
        self.ink("sans", 9.5, INK)
        words = _("Carried out in “%(source)s” and verified on %(day)s.")
        if content.get("word"):
            words = _("Declared done in “%(source)s” on %(day)s.")
        day = f"{from_text(content['run']['completed_at']):%-d %B %Y}"
        self.lines(words % {"source": content["source"], "day": day}, 5.5)
        self.rule()

    def facts(self) -> None:
        run, rule, result = self._content["run"], self._content["rule"], self._content["result"]
        facts = [(_("Reason"), run["kind_words"])]
        if rule:
            rule_name = _("%(name)s, version %(version)s") % rule
            facts += [(_("Rule"), f"{rule_name}. {rule['words']}"), (_("Because"), rule["legal_reason"])]
            facts += [(_("Cutoff"), _("events before %(moment)s") % {"moment": _shown(rule["cutoff"])})]
        if day := run.get("request_received_on"):  # older certificates do not say it
            words = _("%(day)s; data from after that day is not part of it")
            facts.append((_("Request received"), words % {"day": f"{date.fromisoformat(day):%-d %B %Y}"}))
        facts += [
            (_("Ordered by"), run["ordered_by"]),
            *self._approval_facts(),
            (_("Started"), _shown(run["started_at"])),
            (_("Completed"), _shown(run["completed_at"])),
        ]
        facts += self._word_facts() or [
            (_("Rows left over"), _("none, counted after the work")),
            (_("Result in law"), " – ".join(filter(None, (_class_words(result["class"]), result["words"])))),
        ]
        for label, words in facts:
            self._fact(label, words)
        self._fact(_("Hash of the plan"), self._content["plan_hash"], mono=True)
        self._fact(_("Run"), run["id"], mono=True)

    def _approval_facts(self) -> list[tuple[str, str]]:
        """In which role a second officer approved it; nothing where nobody had to. Older certificates do not say it."""
        if not (approval := self._content["run"].get("approval")):
            return []
        who = _("%(role)s, as the second officer, on %(moment)s") % {
            "role": approval["role"], "moment": _shown(approval["at"])
        }  # fmt: skip
        return [(_("Approved by"), who), (_("Why a second look"), approval["reason_words"])]

    def _word_facts(self) -> list[tuple[str, str]]:
        """On whose word it is done; nothing where it was counted. Older certificates do not have the part."""
        if not (word := self._content.get("word")):
            return []
        return [
            (_("Rows left over"), _("not counted: the portal cannot look into this source")),
            (_("On whose word"), f"{word['given_by']}, {_shown(word['declared_at'])}"),
            (_("What it says"), word["words"]),
        ]

    def proofs(self) -> None:
        """The digests of what was filed with a declaration."""
        if not (word := self._content.get("word")):
            return
        self._title(_("Proof, by its SHA-256"))
        self.ink("sans", 9, INK)
        if not word["proofs"]:
            self.paragraph(_("No file was filed with the declaration."))
        for each in word["proofs"]:
            self._fact(_("%(n)s bytes") % {"n": f"{each['bytes']:,}"}, each["sha256"], mono=True)

    def tables(self) -> None:
        if self._content.get("word"):
            return
        self._title(_("What was done"))
        tables = self._content["tables"]
        changed = [each for each in tables if _was_changed(each)]
        for table in changed:
            self._table(table)
        if not changed:
            self.ink("sans", 9, INK)
            self.paragraph(_("No row was changed."))
        if left := [each for each in tables if each not in changed and _leaves_rows(each)]:
            self._title(_("Looked through, and its rows left for now"))
            for table in left:
                self._left(table)
        if untouched := [each["name"] for each in tables if each not in changed and each not in left]:
            self._title(_("Looked through, nothing to change"))
            self.ink("sans", 9, INK)
            self.paragraph(", ".join(untouched) + ".")
        if kept := self._content["kept_tables"]:
            self._title(_("Kept as it is"))
            for each in kept:
                self._fact(each["name"], " – ".join(filter(None, (each["words"], each["reason"]))))
                if newer := each.get("rows_newer_than_request"):  # older certificates do not count them apart
                    self._fact("", newer_words(newer))

    def statements(self) -> None:
        self._title(_("What this says, and how to check it"))
        self.ink("sans", 8.5, INK)
        for sentence in self._content["scope"]:
            self.paragraph(sentence)
        self.paragraph(
            _("This file carries the signed certificate as an attachment (certificate-….json). It is signed with "
              "Ed25519 (RFC 8032) as a JSON Web Signature (RFC 7515). Save the attachment and the keys from %(keys)s; "
              "then check it, without a network, with:") % {"keys": self._content["issuer"]["keys"]}
        )  # fmt: skip
        self.ink("mono", 8, INK)
        self.paragraph("python manage.py verify_certificate certificate.json --keys jwks.json")

    def _table(self, table: dict[str, Any]) -> None:
        with self.unbreakable() as block:
            block.ink("sans", 10, INK, "B")
            block.lines(table["name"], 6)
            block.ink("sans", 9, INK)
            block.lines(". ".join([table["action_words"], *_left_words(table)]) + ".", 5)
            block.lines(f"{_class_words(table['result']['class']).capitalize()}. {table['result']['words']}", 5)
            block.ink("sans", 8.5, INK)
            block._columns(table)
            block._kept_columns(table)
            block._passes(table)
            block.ink("mono", 7, QUIET)
            block.lines(table["digest"] and _("digest %(digest)s") % {"digest": table["digest"]}, 4)
            block.ln(3)

    def _left(self, table: dict[str, Any]) -> None:
        """A table in which nothing was done, and why: it has no result in law."""
        with self.unbreakable() as block:
            block.ink("sans", 10, INK, "B")
            block.lines(table["name"], 6)
            block.ink("sans", 9, INK)
            block.lines(". ".join(_left_words(table)) + ".", 5)
            block.ln(3)

    def _columns(self, table: dict[str, Any]) -> None:
        lines = [(each["name"], each["done"], _class_words(each["class"])) for each in table["fields"]]
        if not lines:
            return
        head = FontFace(emphasis="BOLD", color=QUIET, fill_color=SOFT)
        with self.table(
            col_widths=(45, 80, 41), headings_style=head, line_height=5, borders_layout="HORIZONTAL_LINES",
            padding=0.8, text_align="LEFT",
        ) as rows:  # fmt: skip
            for line in [(_("Column"), _("What was done"), _("Result in law")), *lines]:
                row = rows.row()
                for words in line:
                    row.cell(words)

    def _kept_columns(self, table: dict[str, Any]) -> None:
        """Columns that stay as they are, together where the reason is the same."""
        by_reason: dict[str, list[str]] = {}
        for each in table["kept"]:
            by_reason.setdefault(each["reason"], []).append(each["name"])
        self.ln(1)
        for reason, names in by_reason.items():
            self.paragraph(_("Kept: %(names)s. %(why)s") % {"names": ", ".join(names), "why": reason})

    def _passes(self, table: dict[str, Any]) -> None:
        """What was done to rows whose group was too small. Certificates of other runs have none."""
        for each in table.get("made_coarser", ()):
            columns = ", ".join(f"{field['name']}: {field['done']}" for field in each["fields"])
            self.paragraph(f"{each['words']} ({columns}).")

    def _fact(self, label: str, words: str, *, mono: bool = False) -> None:
        self.ink("sans", 8.5, QUIET)
        self.cell(_LABEL_WIDTH, 5.2, label)
        self.ink("mono" if mono else "sans", 8 if mono else 9, INK)
        self.multi_cell(0, 5.2, words, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _title(self, words: str) -> None:
        """A title goes to the next page with what it is the title of."""
        if self.will_page_break(3 + 8 + _BELOW_TITLE):
            self.add_page()
        self.ln(3)
        self.ink("sans", 12, INK, "B")
        self.lines(words, 8)


def _was_changed(table: dict[str, Any]) -> bool:
    return bool(table["rows"] or any(each["rows"] for each in table.get("made_coarser", ())))


def _leaves_rows(table: dict[str, Any]) -> bool:
    return any(table.get(rows) for rows in _LEFT)


def _left_words(table: dict[str, Any]) -> list[str]:
    """Which rows were not touched, and why. Older certificates do not name every reason."""
    sentences = []
    if table["rows_under_hold"]:
        sentences.append(_("%(n)s under a hold, not touched") % {"n": f"{table['rows_under_hold']:,}"})
    if by_law := table.get("rows_kept_by_law"):
        sentences.append(_("%(n)s not touched, because the law wants them kept") % {"n": f"{by_law:,}"})
    if newer := table.get("rows_newer_than_request"):
        sentences.append(newer_words(newer))
    if waiting := table.get("rows_waiting_for_notice"):
        words = _("%(n)s not touched, because the person is told first and the time of notice is not over")
        sentences.append(words % {"n": f"{waiting:,}"})
    return [*sentences, _("Left over: %(n)s") % {"n": table["rows_left"]}]


def _class_words(code: str) -> str:
    """The class of a result; classes of masks have the same codes."""
    return str(Result(code).label) if code else ""


def _shown(text: str | None) -> str:
    return f"{from_text(text):%-d %B %Y, %H:%M:%S} UTC" if text else ""
