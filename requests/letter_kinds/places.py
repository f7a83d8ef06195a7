"""Placeholders that every letter of a case has."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.law.enums import Effect, Origin
from privacy.letters.kinds import Audience, LetterKind, LinkUse, Particulars, Placeholder
from privacy.letters.places import LINK, OURSELVES, PORTAL, of, part
from privacy.letters.standing_in import acted_for
from privacy.letters.words import day_words
from privacy.register.models import OrganisationProfile
from requests.clocks import cited
from requests.letter_kinds.samples import sample_case_particulars

ASKED_FOR: dict[str, str | Promise] = {
    "access": gettext_lazy("a copy of your data"),
    "rectification": gettext_lazy("correction of your data"),
    "erasure": gettext_lazy("deletion of your data"),
    "portability": gettext_lazy("your data in a form that other systems read"),
    "objection": gettext_lazy("objection to a use of your data"),
    "restriction": gettext_lazy("restriction of the use of your data"),
    "consent_withdrawal": gettext_lazy("withdrawal of your consent"),
    "reconsideration": gettext_lazy("reconsideration of an automated decision"),
    "question": gettext_lazy("a question about your data"),
    "complaint": gettext_lazy("a complaint"),
}
_ASKED_FOR_ANOTHER: dict[str, str | Promise] = {
    "access": gettext_lazy("a copy of that person's data"),
    "rectification": gettext_lazy("correction of that person's data"),
    "erasure": gettext_lazy("deletion of that person's data"),
    "portability": gettext_lazy("that person's data in a form that other systems read"),
    "objection": gettext_lazy("objection to a use of that person's data"),
    "restriction": gettext_lazy("restriction of the use of that person's data"),
    "consent_withdrawal": gettext_lazy("withdrawal of that person's consent"),
    "question": gettext_lazy("a question about that person's data"),
}
"""The same in a letter to who acts for the person."""


def _greeting(given: Particulars) -> str:
    name = given.get("addressee") or given["case"].name
    return _("Dear %(name)s,") % {"name": name} if name else _("Hello,")


def _kind(given: Particulars) -> str:
    case = given["case"]
    words = ASKED_FOR | _ASKED_FOR_ANOTHER if acted_for(given) else ASKED_FOR
    return str(words.get(case.kind) or case.get_kind_display())


_OF_WAITING = {
    Effect.NONE: gettext_lazy("The time that we have for our answer runs on meanwhile."),
    Effect.PAUSE: gettext_lazy("While we wait for you, the time that we have for our answer stands still."),
    Effect.RESTART: gettext_lazy("The time that we have for our answer begins when we have heard from you."),
}


def law_words(clock: Mapping[str, Any]) -> str:
    """What sets the last day: a law by its name in the language of the letter, or what we promised ourselves."""
    return _("our own policy") if clock.get("origin") == Origin.PROMISE else cited(clock)


GREETING = of("greeting", gettext_lazy("how the letter begins, with the person's name"), _greeting, is_block=True)
REFERENCE = of(
    "reference", gettext_lazy("reference of the case"), lambda given: given["case"].reference, in_heading=True
)
AUTHORITIES = part("authorities", gettext_lazy("the authorities the person can turn to, and until when"))
CLOCK_NOTE = of(
    "clock_note",
    gettext_lazy("what waiting does to our time"),
    lambda given: str(_OF_WAITING[given["waiting"]]) if given.get("waiting") else "",
    is_block=True,
)
WAITING_IS = {"waiting": "what waiting does to the clock: none, pause or restart"}


def is_past(given: Particulars) -> bool:
    """Whether the last day for our answer is over; samples have no day of today."""
    return given.get("today") is not None and given["due_on"] < given["today"]


def _due_on(given: Particulars) -> str:
    """Whatever a wording says around it: nobody is promised a day that is over."""
    if not given.get("due_on"):
        return ""
    words = day_words(given["due_on"], with_weekday=True)
    return _("%(day)s (this day is past)") % {"day": words} if is_past(given) else words


DUE_ON = of("due_on", gettext_lazy("last day for our answer; it says so where that day is past"), _due_on)
_CASE = (
    REFERENCE,
    of("kind", gettext_lazy("what was asked for, in words"), _kind),
    of(
        "received_on", gettext_lazy("day on which the request came"), lambda given: day_words(given["case"].received_on)
    ),
    DUE_ON,
    of("law", gettext_lazy("the law that sets this day"), lambda given: law_words(given["binding"])),
)


def must(placeholder: Placeholder) -> Placeholder:
    """The same placeholder where every wording has to have it."""
    return replace(placeholder, is_mandatory=True)


def case_kind(
    code: str,
    title: str | Promise,
    *own: Placeholder,
    particulars: dict[str, str] | None = None,
    optional: dict[str, str] | None = None,
    sample: Callable[[str], dict[str, Any]] = lambda law: {},
    link: LinkUse = LinkUse.NEVER,
    greeting: Placeholder = GREETING,
    audience: Audience = Audience.PERSON,
    on_paper: Callable[[OrganisationProfile], str] | None = None,
    request_kinds: tuple[str, ...] = (),
) -> LetterKind:
    """A letter of a case: its own placeholders, and those that all have.

    Args:
        code: without `case_`.
        particulars, optional: what the caller of `write_case_letter` gives besides the case.
        sample: those particulars, invented, for the law of a code.
    """
    found = {each.name: each for each in (greeting, *_CASE, *OURSELVES, PORTAL, AUTHORITIES)}
    if link == LinkUse.ALWAYS:
        found[LINK.name] = LINK
    found |= {each.name: each for each in own}
    return LetterKind(
        code=f"case_{code}",
        title=title,
        placeholders=tuple(found.values()),
        sample=lambda law: sample_case_particulars(request_kinds[0] if request_kinds else "access", law) | sample(law),
        particulars={"case": "the case", "organisation": "the profile", "binding": "the deadline that binds"}
        | (particulars or {}),
        optional=optional or {},
        audience=audience,
        link=link,
        on_paper=on_paper,
        request_kinds=frozenset(request_kinds),
    )
