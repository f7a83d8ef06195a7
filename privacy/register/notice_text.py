"""The text of a notice in parts that a page can show.

Notices are written as plain text: an empty line ends a paragraph, `## ` begins a heading, `- ` a point of a list.
"""

from dataclasses import dataclass, field


@dataclass
class Part:
    """`kind` is heading, paragraph or points; points have `items`, the others `text`."""

    kind: str
    text: str = ""
    items: list[str] = field(default_factory=list)


def parts_of(body: str) -> list[Part]:
    """Return the parts of a notice in their order. Nothing is lost: what is no mark is text."""
    parts: list[Part] = []
    open_paragraph = False
    for line in (line.strip() for line in body.splitlines()):
        if not line:
            open_paragraph = False
        elif line.startswith("#"):
            parts.append(Part("heading", line.lstrip("#").strip()))
            open_paragraph = False
        elif line.startswith("- "):
            if not parts or parts[-1].kind != "points":
                parts.append(Part("points"))
            parts[-1].items.append(line[2:].strip())
            open_paragraph = False
        elif open_paragraph:
            parts[-1].text += f" {line}"
        else:
            parts.append(Part("paragraph", line))
            open_paragraph = True
    return parts
