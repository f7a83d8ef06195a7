"""Wordings of letters: text with places like {reference}.

Danger: officers write wordings, and what they write reaches people. A template language would let a text read what it
must not (the settings, another table) and run code.
Rule: a wording is text. The only thing that is read in it is {name}, of a placeholder that the kind declares; any other
brace is an error, never passed on. Values are put in once and never read again, so nothing that a person typed can
become a place.
"""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from privacy.letters.errors import WordingInvalid
from privacy.letters.kinds import LetterKind, LinkUse

LINK_PLACEHOLDER = "[[link]]"
TITLE_MARK = "## "
"""Begins a line that is a title: underlined in the mail, set in bold on paper."""
LONGEST_HEADING = 200
LONGEST_TEXT = 20_000

_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def check_wording(kind: LetterKind, *, heading: str, text: str) -> None:
    """Whether a wording can be used for a kind.

    Raises:
        WordingInvalid: with a sentence for everything that is wrong.
    """
    if problems := problems_of(kind, heading=heading, text=text):
        raise WordingInvalid(problems)


def problems_of(kind: LetterKind, *, heading: str, text: str) -> list[str]:
    """What keeps a wording from being used for a kind, a sentence each; also of one that could be used when it was
    saved: what a letter has to say grows with the laws.
    """
    return [*_problems_of_heading(kind, heading), *_problems_of_text(kind, text)]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its places filled; paragraphs that stay empty are left out.

    Raises:
        KeyError: a place that has no value; `check_wording` knows none.
    """
    filled = _PLACE.sub(lambda match: values[match[1]].strip("\n"), text.replace("\r\n", "\n"))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+$", "", filled, flags=re.MULTILINE)).strip("\n") + "\n"


def places(text: str) -> list[str]:
    """Names of the places in a text, in order, each as often as it is there."""
    return _PLACE.findall(text)


def _problems_of_heading(kind: LetterKind, heading: str) -> list[str]:
    if not heading.strip():
        return [_("Write a subject line.")]
    problems = _stray_braces(heading, _("In the subject line"))
    if len(heading) > LONGEST_HEADING or "\n" in heading.strip():
        problems.append(_("Keep the subject line to one line of %(n)d characters.") % {"n": LONGEST_HEADING})
    for name in dict.fromkeys(places(heading)):
        known = kind.placeholder(name)
        if known is None or not known.in_heading:
            problems.append(_("{%(name)s} cannot stand in the subject line of this letter.") % {"name": name})
    return problems


def _problems_of_text(kind: LetterKind, text: str) -> list[str]:
    if not text.strip():
        return [_("Write the text of the letter.")]
    problems = []
    if len(text) > LONGEST_TEXT:
        problems.append(_("Keep the text to %(n)d characters.") % {"n": LONGEST_TEXT})
    if LINK_PLACEHOLDER in text:
        problems.append(_("Write {link} where the secret link goes, not %(mark)s.") % {"mark": LINK_PLACEHOLDER})
    for number, line in enumerate(text.splitlines(), start=1):
        problems += _stray_braces(line, _("In line %(n)d") % {"n": number})
        problems += _crowded_blocks(kind, line)
    used = places(text)
    for name in dict.fromkeys(used):
        if kind.placeholder(name) is None:
            allowed = ", ".join(f"{{{each.name}}}" for each in kind.placeholders)
            words = _("{%(name)s} is not known in this letter. Known are: %(allowed)s.")
            problems.append(words % {"name": name, "allowed": allowed})
    for each in kind.placeholders:
        if each.is_mandatory and each.name not in used:
            words = _("{%(name)s} is missing: every letter of this kind has to say it (%(what)s).")
            problems.append(words % {"name": each.name, "what": each.description})
        if each.is_block and used.count(each.name) > 1:
            problems.append(_("{%(name)s} may stand in the text once only.") % {"name": each.name})
    return problems


def _stray_braces(line: str, where: str) -> list[str]:
    if re.search(r"[{}]", _PLACE.sub("", line)) is None:
        return []
    words = _("%(where)s there is a brace that belongs to no placeholder. Placeholders look like {reference}.")
    return [words % {"where": where}]


def _crowded_blocks(kind: LetterKind, line: str) -> list[str]:
    """Blocks that share their line with other words."""
    found = []
    for name in dict.fromkeys(places(line)):
        known = kind.placeholder(name)
        if known is not None and known.is_block and line.strip() != f"{{{name}}}":
            found.append(_("Put {%(name)s} on a line by itself: it becomes a part of its own.") % {"name": name})
    return found


def check_link(kind: LetterKind, text: str, *, has_link: bool) -> str | None:
    """What is wrong between the text of a letter and its secret link, None when they belong together."""
    number = text.count(LINK_PLACEHOLDER)
    if has_link and number != 1:
        return _("The letter %(kind)s must hold %(mark)s, where its secret link goes, exactly once.") % {
            "kind": f"“{kind.title}”", "mark": LINK_PLACEHOLDER
        }  # fmt: skip
    if not has_link and (number or kind.link == LinkUse.ALWAYS):
        return _("The letter %(kind)s has no secret link, so it must hold no %(mark)s.") % {
            "kind": f"“{kind.title}”", "mark": LINK_PLACEHOLDER
        }  # fmt: skip
    return None


def without_link(text: str, instead: str) -> str:
    """The text for the post: other words for its link, and for the line above that leads to it by a colon."""
    leading = re.compile(rf"(?:^[^\n]*:[^\S\n]*\n\s*)?^{re.escape(LINK_PLACEHOLDER)}$", re.MULTILINE)
    return leading.sub(lambda _found: instead, text).replace(LINK_PLACEHOLDER, instead)


def as_mail(text: str) -> str:
    """The text as a plain mail has it: titles are underlined."""
    return "\n".join(_underlined(line) if line.startswith(TITLE_MARK) else line for line in text.splitlines())


def _underlined(line: str) -> str:
    title = line.removeprefix(TITLE_MARK).strip()
    return f"{title}\n{'-' * len(title)}"
