"""Whether a notice of extension is one the law allows. Asked before it is recorded, by trying it on the clock."""

from collections.abc import Sequence
from datetime import date

from privacy.law.errors import ExtensionNotAllowed
from privacy.law.events import Extended
from privacy.law.shapes import Clocked, Extension, Span
from privacy.law.words import unit_word


def check_extension(rule: Clocked, event: Extended, *, earlier: Sequence[Extended], running_until: date) -> None:
    """Raise ExtensionNotAllowed, saying which condition fails.

    Args:
        rule: the rule under which notice is given.
        event: the notice.
        earlier: the extensions this rule already had.
        running_until: the last day of the clock as it stands, with all pauses.
    """
    extension = rule.extension
    if extension is None:
        raise ExtensionNotAllowed(f"{rule.citation} knows no extension; answer by {running_until}.")
    if len(earlier) >= extension.times:
        raise ExtensionNotAllowed(f"{rule.citation} allows {extension.times} extension(s), and they are used up.")
    if event.on > running_until:
        raise ExtensionNotAllowed(f"{rule.citation} wants notice by {running_until}; {event.on} is too late.")
    if extension.grounds and event.ground not in extension.grounds:
        named = ", ".join(ground.value for ground in extension.grounds)
        raise ExtensionNotAllowed(f"{rule.citation} extends only for one of these grounds, so name one: {named}.")
    _check_length(rule, event, extension)


def _check_length(rule: Clocked, event: Extended, extension: Extension) -> None:
    unlimited = event.ground in extension.uncapped_grounds if event.ground else False
    if event.permitted_by_authority and not extension.longer_with_permission:
        raise ExtensionNotAllowed(f"{rule.citation} gives the authority no power to permit more.")
    if (unlimited or event.permitted_by_authority) and event.n is None:
        raise ExtensionNotAllowed("An extension without a fixed limit needs its length; give n.")
    if event.n is None:
        return
    if event.n < 1:
        raise ExtensionNotAllowed(f"An extension is 1 or more {unit_word(2, extension.span.unit)}, not {event.n}.")
    if event.n > extension.span.n and not (unlimited or event.permitted_by_authority):
        unit = unit_word(extension.span.n, extension.span.unit)
        raise ExtensionNotAllowed(f"{rule.citation} allows at most {extension.span.n} {unit}, not {event.n}.")


def length(extension: Extension, event: Extended) -> Span:
    """Return how much the notice adds."""
    return Span(event.n or extension.span.n, extension.span.unit)
