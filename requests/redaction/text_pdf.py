"""Plain text, and HTML reduced to its text, as a PDF whose pages can be shown and painted over.

Danger: HTML that fetches something, or runs. Rule: nothing of it is interpreted; only its text is kept.
"""

from html.parser import HTMLParser

from privacy.paper.every_letter import EveryLetter, drawable
from privacy.paper.latin import large
from privacy.paper.more import letters_of

_FONT = "DejaVuSans"
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
    """A4 pages with the text as it is, but letters that no font has: these are shown by their numbers."""
    page = EveryLetter(format="A4")
    page.set_margins(_MARGIN, _MARGIN, _MARGIN)
    page.set_auto_page_break(True, margin=_MARGIN)
    page.add_font("sans", "", large(_FONT))
    page.set_font("sans", size=_SIZE)
    page.add_page()
    page.multi_cell(0, _LINE, text.expandtabs(4) or " ", align="L", new_x="LMARGIN", new_y="NEXT")
    return bytes(page.output())


def shows_numbers(text: str) -> bool:
    """Whether there are such letters on the pages of a text."""
    return drawable(text.expandtabs(4), letters_of(_FONT)).has_numbers


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
