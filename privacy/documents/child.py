"""Reads one document in a process of its own. Started by `privacy.documents.rendering`, never imported by the portal.

Danger: documents come from strangers, and whoever reads them may crash, loop, eat all memory, or be taken over.
Rule: the process starts with no environment, no key in its memory, no connection and nothing but the one document; its
memory and time are limited, and it can write to its pipe only. What it cannot do is an exit code. It is no jail: it
runs under the portal's account. PDFium is not made for threads, and here there is one only.

Reads from its standard input: length of a JSON question (4 bytes), the question, the document.
Writes frames: length of a JSON head (4 bytes), length of what follows it (4 bytes), head, bytes. The last says "end".
"""

import io
import json
import math
import resource
import struct
import sys
import zlib
from collections.abc import Iterator
from typing import Any

MEMORY_BYTES = 1024 * 1024 * 1024
DPI = 150
MOST_PIXELS = 9_000_000
MOST_PIXELS_OF_AN_IMAGE = 60_000_000
MOST_PAGES = 1000

Frame = tuple[dict[str, Any], bytes]


def limit(seconds: int) -> None:
    """Before anything of the document is looked at."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Pdf:
    """A PDF document; each page is opened, drawn and closed by itself."""

    def __init__(self, content: bytes) -> None:
        import pypdfium2

        self._document = pypdfium2.PdfDocument(content)
        if not 0 < len(self._document) <= MOST_PAGES:
            raise ValueError("number of pages")
        if self._document.get_formtype():
            self._document.init_forms()  # what was filled in is part of what is seen

    def __len__(self) -> int:
        return len(self._document)

    def size(self, index: int) -> tuple[float, float]:
        """In points, as it is shown: a rotated page is as wide as it is seen."""
        page = self._document[index]
        try:
            width, height = page.get_size()
        finally:
            page.close()
        return max(width, 1.0), max(height, 1.0)

    def draw(self, index: int, scale: float) -> Any:
        page = self._document[index]
        try:
            bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
            image = bitmap.to_pil().convert("RGB")
            bitmap.close()
        finally:
            page.close()
        return image


class Picture:
    """An image file is a document of one page."""

    def __init__(self, content: bytes) -> None:
        self._image = upright(content)

    def __len__(self) -> int:
        return 1

    def size(self, index: int) -> tuple[float, float]:
        width, height = self._image.size
        return width * 72 / DPI, height * 72 / DPI

    def draw(self, index: int, scale: float) -> Any:
        width, height = (max(1, math.ceil(side * scale)) for side in self.size(index))
        return self._image if (width, height) == self._image.size else self._image.resize((width, height))


def upright(content: bytes) -> Any:
    """The pixels of an image as people see them, and nothing else of it."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # the next lines refuse, instead of a warning
    image: Image.Image = Image.open(io.BytesIO(content), formats=["PNG", "JPEG"])
    if image.width * image.height > MOST_PIXELS_OF_AN_IMAGE:
        raise ValueError("too many pixels")
    image = ImageOps.exif_transpose(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return image.convert("RGB")


def scale_for(size: tuple[float, float], dpi: float = DPI) -> float:
    """Pixels for each point: as asked, less where the page is so large that the image would be too."""
    return min(dpi / 72, math.sqrt(MOST_PIXELS / (size[0] * size[1])))


def cover(image: Any, boxes: list[list[float]]) -> Any:
    """Paint over what lies in the boxes (left, top, width and height as parts of the page), rounded outwards."""
    from PIL import ImageDraw

    pen = ImageDraw.Draw(image)
    for left, top, width, height in boxes:
        pen.rectangle(
            (
                math.floor(left * image.width), math.floor(top * image.height),
                math.ceil((left + width) * image.width), math.ceil((top + height) * image.height),
            ),
            fill="black",
        )  # fmt: skip
    return image


def is_grey(image: Any) -> bool:
    from PIL import ImageChops

    red, green, blue = image.split()
    return ImageChops.difference(red, green).getbbox() is None and ImageChops.difference(red, blue).getbbox() is None


def packed(image: Any) -> tuple[dict[str, Any], bytes]:
    """The pixels as a PDF holds them: without loss where that is small, as for a page of text; else as JPEG."""
    if is_grey(image):
        image = image.convert("L")
    head = {"pixels": image.size, "grey": image.mode == "L"}
    exact = zlib.compress(image.tobytes(), 6)
    target = io.BytesIO()
    image.save(target, "JPEG", quality=85)
    lossy = target.getvalue()
    if len(exact) <= 3 * len(lossy):
        return head | {"filter": "FlateDecode"}, exact
    return head | {"filter": "DCTDecode"}, lossy


def measure(document: Pdf | Picture) -> Iterator[Frame]:
    yield {"pages": [document.size(index) for index in range(len(document))]}, b""


def page(document: Pdf | Picture, index: int, boxes: list[list[float]], dpi: float) -> Iterator[Frame]:
    """One page for the screen."""
    size = document.size(index)
    image = cover(document.draw(index, scale_for(size, dpi)), boxes)
    target = io.BytesIO()
    image.save(target, "PNG")
    yield {"pixels": image.size}, target.getvalue()


def copy(document: Pdf | Picture, boxes: dict[str, list[list[float]]]) -> Iterator[Frame]:
    """Every page, painted over; one at a time, so that the number of pages costs no memory."""
    for index in range(len(document)):
        size = document.size(index)
        image = cover(document.draw(index, scale_for(size)), boxes.get(str(index), []))
        head, data = packed(image)
        yield head | {"size": size}, data


def strip(content: bytes, kind: str) -> Iterator[Frame]:
    """The same picture without what a camera wrote beside it: place, time, device, thumbnail."""
    image, target = upright(content), io.BytesIO()
    if kind == "png":
        image.save(target, "PNG")
    else:
        image.save(target, "JPEG", quality=92)
    yield {}, target.getvalue()


def answer(question: dict[str, Any], content: bytes) -> Iterator[Frame]:
    if question["do"] == "strip":
        yield from strip(content, question["kind"])
        return
    document = Pdf(content) if question["kind"] == "pdf" else Picture(content)
    if question["do"] == "measure":
        yield from measure(document)
    elif question["do"] == "page":
        yield from page(document, question["index"], question["boxes"], question["dpi"])
    else:
        yield from copy(document, question["boxes"])


def main() -> int:
    given = sys.stdin.buffer
    length = struct.unpack(">I", given.read(4))[0]
    question = json.loads(given.read(length))
    limit(question["seconds"])
    content = given.read()
    try:
        for head, data in answer(question, content):
            send(head, data)
        send({"end": True}, b"")
    except (Exception, MemoryError):  # whatever it is: its words may quote the document, so nobody hears them
        return 3
    return 0


def send(head: dict[str, Any], data: bytes) -> None:
    text = json.dumps(head).encode()
    sys.stdout.buffer.write(struct.pack(">II", len(text), len(data)) + text + data)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
