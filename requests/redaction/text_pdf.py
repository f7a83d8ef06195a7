"""Plain text, and HTML reduced to its text, as a PDF whose pages can be shown and painted over.

Danger: HTML that fetches something, or runs. Rule: nothing of it is interpreted; only its text is kept.
"""

from html.parser import HTMLParser

from fpdf import FPDF
from fpdf.fonts import TTFFont

from privacy.paper.latin import large

_MARGIN, _SIZE, _LINE = 20, 10, 5.2
_SILENT = frozenset({"script", "style", "head", "template", "noscript"})
_BLOCKS = frozenset(
    {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "section", "article", "hr",
     "header", "footer", "dt", "dd", "pre", "blockquote"}
)  # fmt: skip


def text_of_html(source: str) -> str:
    """What a reader of the page would read, block by block."""
    reader = _Text()
    reader.feed(source)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)


def text_pdf(text: str) -> bytes:
    """A4 pages with the text as it is. Letters that the font lacks are shown as question marks."""
    page = FPDF(format="A4")
    page.set_margins(_MARGIN, _MARGIN, _MARGIN)
    page.set_auto_page_break(True, margin=_MARGIN)
    page.add_font("sans", "", large("DejaVuSans"))
    page.set_font("sans", size=_SIZE)
    page.add_page()
    font_used = page.fonts["sans"]
    known = font_used.cmap if isinstance(font_used, TTFFont) else {}
    shown = "".join(each if each == "\n" or ord(each) in known else "?" for each in text.expandtabs(4))
    page.multi_cell(0, _LINE, shown or " ", align="L", new_x="LMARGIN", new_y="NEXT")
    return bytes(page.output())


def decoded(content: bytes) -> str:
    """As UTF-8, which is what nearly everything is; else as the one code that takes every byte."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        if tag in _BLOCKS:
            self.parts.append("\n")
        if tag in ("td", "th"):
            self.parts.append("  ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT and self._silent:
            self._silent -= 1
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(" ".join(data.split("\n")))
