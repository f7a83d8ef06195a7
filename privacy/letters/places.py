"""Placeholders that letters of every app may have, and short ways to declare more."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.letters.composing import LINK_NAME, block
from privacy.letters.kinds import Particulars, Placeholder
from privacy.letters.words import day_words, listed

Words = str | Promise


def text(name: str, description: Words, *, key: str = "", **more: Any) -> Placeholder:
    """The particular of this name, or of the one in `key`, as it is; nothing when it is missing."""
    return Placeholder(name, description, lambda given: str(given.get(key or name) or "").strip(), **more)


def paragraph(name: str, description: Words, **more: Any) -> Placeholder:
    """Text of several lines, on lines of its own."""
    return text(name, description, is_block=True, **more)


def lines(name: str, description: Words, **more: Any) -> Placeholder:
    """A particular that is a list, as a list; nothing when it is empty."""
    return Placeholder(
        name, description, lambda given: listed([str(each) for each in given.get(name) or ()]), is_block=True, **more
    )


def day(name: str, description: Words, *, with_weekday: bool = False, **more: Any) -> Placeholder:
    """A particular that is a date, in full; nothing when it is missing."""

    def value(given: Particulars) -> str:
        return day_words(given[name], with_weekday=with_weekday) if given.get(name) else ""

    return Placeholder(name, description, value, **more)


def part(name: str, description: Words, **more: Any) -> Placeholder:
    """A part of the letter that `letters/blocks/<name>.txt` renders, or nothing."""
    return Placeholder(name, description, block(name), is_block=True, **more)


def of(name: str, description: Words, value: Callable[[Particulars], Any], **more: Any) -> Placeholder:
    """Anything else that can be said of the particulars."""
    return Placeholder(name, description, lambda given: str(value(given)), **more)


HELLO = of("greeting", gettext_lazy("how the letter begins"), lambda given: _("Hello,"), is_block=True)
LINK = of(
    LINK_NAME,
    gettext_lazy("the secret link; it is put in when the letter is sent"),
    lambda given: given[LINK_NAME],
    is_mandatory=True,
    is_block=True,
)
OURSELVES = (
    of("organisation", gettext_lazy("name by which people know you"), lambda given: given["organisation"].trading_name,
       in_heading=True),
    of("officer", gettext_lazy("name of the officer"), lambda given: given["organisation"].officer_name),
    of("officer_email", gettext_lazy("e-mail of the officer"), lambda given: given["organisation"].officer_email),
)  # fmt: skip
PORTAL = text("portal", gettext_lazy("address of your portal"))
