"""The text of a notice in parts that a page can show.

Notices are written as plain text: an empty line ends a paragraph, `- ` begins a point of a list. A line by itself that
begins with `#`, or is short and ends without a full stop, is a heading.
"""

import re
from dataclasses import dataclass, field

_LONGEST_HEADING = 80
_ENDS_A_SENTENCE = (".", ":", ";", ",", "!", ")")


@dataclass
class Part:
    """`kind` is heading, paragraph or points; points have `items`, the others `text`."""

    kind: str
    text: str = ""
    items: list[str] = field(default_factory=list)


def parts_of(body: str) -> list[Part]:
    """Return the parts of a notice in their order. Nothing is lost: what is no mark is text."""
    blocks = [block.strip().splitlines() for block in re.split(r"\n\s*\n", body.replace("\r\n", "\n")) if block.strip()]
    return [part for lines in blocks for part in _parts_of_block([line.strip() for line in lines])]


def without_marks(body: str) -> str:
    """The text of a notice as people read it: a heading without the `#` that makes it one."""
    lines = body.replace("\r\n", "\n").split("\n")
    around = ["", *lines, ""]
    return "\n".join(
        line.strip().lstrip("# ") if line.strip().startswith("#") and not (before.strip() or after.strip()) else line
        for before, line, after in zip(around, lines, around[2:], strict=False)
    )


def _parts_of_block(lines: list[str]) -> list[Part]:
    if len(lines) == 1 and _is_heading(lines[0]):
        return [Part("heading", lines[0].lstrip("# "))]
    parts: list[Part] = []
    for line in lines:
        if line.startswith("- "):
            if not parts or parts[-1].kind != "points":
                parts.append(Part("points"))
            parts[-1].items.append(line[2:].strip())
        elif parts and parts[-1].kind == "points":
            parts[-1].items[-1] += f" {line}"
        elif parts:
            parts[-1].text += f" {line}"
        else:
            parts.append(Part("paragraph", line))
    return parts


def _is_heading(line: str) -> bool:
    if line.startswith("#"):
        return True
    return len(line) <= _LONGEST_HEADING and not line.startswith("- ") and not line.endswith(_ENDS_A_SENTENCE)
