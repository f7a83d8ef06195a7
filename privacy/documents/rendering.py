"""Documents as images of their pages, made by a process of their own (`child.py` says why).

A mark is a part of a page as it is shown, rotated pages as they are seen: left, top, width, height from 0 to 1.
"""

import json
import struct
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from privacy.documents.errors import DocumentUnreadable

PICTURES = frozenset({"png", "jpg", "jpeg"})
RENDERED = PICTURES | {"pdf"}
SCREEN_DPI = 110
_CHILD = Path(__file__).with_name("child.py")
_ONE_PAGE_SECONDS, _ALL_PAGES_SECONDS = 20, 900
_LARGEST_FRAME = 64 * 1024 * 1024

Box = Sequence[float]


@dataclass(frozen=True)
class PageImage:
    """One page as a PDF holds it. `size` in points; `filter` names how `data` is packed."""

    size: tuple[float, float]
    pixels: tuple[int, int]
    is_grey: bool
    filter: str
    data: bytes


def page_sizes(content: bytes, kind: str) -> list[tuple[float, float]]:
    """Width and height of every page in points.

    Raises:
        DocumentUnreadable: damaged, protected, of too many pages or too large.
    """
    head, _data = _one_answer({"do": "measure", "kind": kind}, content)
    return [(float(width), float(height)) for width, height in head["pages"]]


def page_png(content: bytes, kind: str, *, index: int, boxes: Sequence[Box] = ()) -> bytes:
    """One page as a PNG for the screen, with boxes painted over it.

    Raises:
        DocumentUnreadable: it has no such page, or cannot be read.
    """
    question = {"do": "page", "kind": kind, "index": index, "boxes": [list(box) for box in boxes], "dpi": SCREEN_DPI}
    return _one_answer(question, content)[1]


def page_images(content: bytes, kind: str, *, boxes: Mapping[int, Sequence[Box]]) -> Iterator[PageImage]:
    """Every page with its boxes painted over, one at a time.

    Raises:
        DocumentUnreadable: it cannot be read; it may come after some pages, then throw away what was made.
    """
    given = {str(index): [list(box) for box in each] for index, each in boxes.items()}
    question = {"do": "copy", "kind": kind, "boxes": given}
    with closing(_answers(question, content, seconds=_ALL_PAGES_SECONDS)) as answers:
        for head, data in answers:
            width, height = head["size"]
            columns, rows = head["pixels"]
            yield PageImage((width, height), (columns, rows), head["grey"], head["filter"], data)


def without_metadata(content: bytes, kind: str) -> bytes:
    """An image file without what lies beside its pixels (ASVS 5.0, 14.2.8).

    Raises:
        DocumentUnreadable: it is no image of this kind, or too large.
    """
    return _one_answer({"do": "strip", "kind": kind}, content)[1]


def _one_answer(question: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    answers = list(_answers(question, content, seconds=_ONE_PAGE_SECONDS))
    if len(answers) != 1:
        raise DocumentUnreadable
    return answers[0]


def _answers(
    question: dict[str, Any], content: bytes, *, seconds: int
) -> Generator[tuple[dict[str, Any], bytes], None, None]:
    with _child(seconds) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        text = json.dumps(question | {"seconds": seconds}).encode()
        try:
            process.stdin.write(struct.pack(">I", len(text)) + text)
            process.stdin.write(content)
            process.stdin.close()
        except OSError:
            raise DocumentUnreadable from None
        while True:
            head, data = _frame(process.stdout)
            if head.get("end"):
                return
            yield head, data


@contextmanager
def _child(seconds: int) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-I", str(_CHILD)],
        env={},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        close_fds=True,
    )
    watch = threading.Timer(seconds * 2, process.kill)  # beside its limit of computing time: it may just wait
    watch.daemon = True
    watch.start()
    try:
        yield process
    finally:
        watch.cancel()
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                _close(pipe)
        process.wait()


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError:
        return  # what was left to be written has no reader


def _frame(stream: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    lengths = stream.read(8)
    if len(lengths) != 8:
        raise DocumentUnreadable
    of_head, of_data = struct.unpack(">II", lengths)
    if of_head > _LARGEST_FRAME or of_data > _LARGEST_FRAME:
        raise DocumentUnreadable
    text, data = stream.read(of_head), stream.read(of_data)
    if len(text) != of_head or len(data) != of_data:
        raise DocumentUnreadable
    return json.loads(text), data
