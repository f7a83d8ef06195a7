"""A PDF of images and nothing else, written as a stream.

Danger: text, metadata, an attachment or an annotation that travels along under a black box.
Rule: this writer knows pages with one image each and no other object, so there is no place for anything else; and it
keeps no page, so that a document of any length costs the memory of one.
"""

from collections.abc import Iterable, Iterator

from privacy.documents.rendering import PageImage

_CATALOG, _PAGES = 1, 2


def image_pdf(pages: Iterable[PageImage]) -> Iterator[bytes]:
    """The file (PDF 1.4), piece by piece. Whatever the pages raise ends it without its end."""
    writer = _Writer()
    yield writer.raw(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    numbers = []
    for page in pages:
        number = writer.next_number
        numbers.append(number)
        yield from _page(writer, number, page)
    yield writer.thing(_CATALOG, f"<< /Type /Catalog /Pages {_PAGES} 0 R >>")
    kids = " ".join(f"{number} 0 R" for number in numbers)
    yield writer.thing(_PAGES, f"<< /Type /Pages /Count {len(numbers)} /Kids [{kids}] >>")
    yield writer.end()


class _Writer:
    """Counts bytes, because a PDF ends with the places of its objects."""

    def __init__(self) -> None:
        self._at = 0
        self._places: dict[int, int] = {}
        self.next_number = _PAGES + 1

    def raw(self, data: bytes) -> bytes:
        self._at += len(data)
        return data

    def thing(self, number: int, head: str, data: bytes | None = None) -> bytes:
        self._places[number] = self._at
        self.next_number = max(self.next_number, number + 1)
        body = b"" if data is None else b"\nstream\n" + data + b"\nendstream"
        return self.raw(b"%d 0 obj\n" % number + head.encode() + body + b"\nendobj\n")

    def end(self) -> bytes:
        start, count = self._at, self.next_number
        lines = [b"xref\n0 %d\n0000000000 65535 f \n" % count]
        lines += [b"%010d 00000 n \n" % self._places[number] for number in range(1, count)]
        lines.append(b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, _CATALOG, start))
        return b"".join(lines)


def _page(writer: _Writer, number: int, page: PageImage) -> Iterator[bytes]:
    width, height = page.size
    drawing = f"q {width:.2f} 0 0 {height:.2f} 0 0 cm /I Do Q".encode()
    yield writer.thing(
        number,
        f"<< /Type /Page /Parent {_PAGES} 0 R /MediaBox [0 0 {width:.2f} {height:.2f}] "
        f"/Contents {number + 1} 0 R /Resources << /XObject << /I {number + 2} 0 R >> >> >>",
    )
    yield writer.thing(number + 1, f"<< /Length {len(drawing)} >>", drawing)
    colours = "DeviceGray" if page.is_grey else "DeviceRGB"
    yield writer.thing(
        number + 2,
        f"<< /Type /XObject /Subtype /Image /Width {page.pixels[0]} /Height {page.pixels[1]} "
        f"/ColorSpace /{colours} /BitsPerComponent 8 /Filter /{page.filter} /Length {len(page.data)} >>",
        page.data,
    )
