"""Reads what is to be translated, and what is: pure Python, so that it works where GNU gettext is not installed.

A message is (context, text, plural text); None where there is none.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

Message = tuple[str | None, str, str | None]

_TEXT = {"gettext", "gettext_lazy", "gettext_noop", "_", "_now"}
_PLURAL = {"ngettext", "ngettext_lazy"}
_STRING = r"""(?:u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(
    rf"\b(?P<name>_|gettext|ngettext|pgettext|npgettext)\((?P<first>{_STRING})(?:,\s*(?P<second>{_STRING}))?", re.S
)


def messages_in(path: Path) -> Iterator[Message]:
    """Every message of a template or a module, in order."""
    text = path.read_text()
    yield from _in_python(text) if path.suffix == ".py" else _in_template(text)


def _in_python(text: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        words = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        if name in _TEXT and words:
            yield None, words[0], None
        elif name in _PLURAL and len(words) > 1:
            yield None, words[0], words[1]


def _in_template(text: str) -> Iterator[Message]:
    for call in _CALL.finditer(templatize(text)):
        first = ast.literal_eval(call["first"])
        second = ast.literal_eval(call["second"]) if call["second"] else None
        if call["name"] == "ngettext":
            yield None, first, second
        elif call["name"] == "pgettext":
            yield first, second or "", None
        else:
            yield None, first, None


def read_po(path: Path) -> dict[Message, list[str]]:
    """Translations by message, without the header; those marked fuzzy or obsolete count as none."""
    found: dict[Message, list[str]] = {}
    for entry in re.split(r"\n\s*\n", path.read_text().strip()):
        lines = [line for line in entry.splitlines() if not line.startswith("#")]
        if not lines or any(line.startswith("#,") and "fuzzy" in line for line in entry.splitlines()):
            continue
        parts: dict[str, str] = {}
        name = ""
        for line in lines:
            if match := re.match(r"(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)\s+(.*)", line):
                name, line = match[1], match[2]
                parts[name] = ""
            parts[name] += ast.literal_eval(line)
        translated = [value for key, value in sorted(parts.items()) if key.startswith("msgstr")]
        if parts["msgid"]:
            found[parts.get("msgctxt"), parts["msgid"], parts.get("msgid_plural")] = translated
    return found
