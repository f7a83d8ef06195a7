"""The words of a banner. Officers may put their own in place of some; the others say what the script itself does.

Every text is complete in each language of `settings.LETTER_LANGUAGES`, because a banner half in another language is
not understood, and a choice that was not understood is none.
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from consent.cookies.enums import DurationUnit

EDITABLE: dict[str, Promise] = {
    "title": _("We ask before we set cookies"),
    "text": _(
        "This site needs some cookies to work. Others we use only if you agree. You can say no to all of them, and "
        "change your mind at any time."
    ),
    "accept": _("Accept all"),
    "reject": _("Reject all"),
    "settings": _("Choose by category"),
    "save": _("Save my choice"),
    "settings_title": _("Your cookie choices"),
    "settings_text": _("Switch on what you agree to. What is off is not used, and its cookies are removed."),
    "button": _("Cookie choices"),
}
"""What officers may write themselves, with what stands there until they do."""

FIXED: dict[str, Promise] = {
    "asked_for": _("We ask for your consent to:"),
    "policy": _("How we use cookies"),
    "close": _("Close"),
    "always_on": _("Always on"),
    "cookie_name": _("Name"),
    "cookie_provider": _("Set by"),
    "cookie_duration": _("Lasts"),
    "cookie_purpose": _("Used for"),
    "proof_title": _("Proof of your choice"),
    "proof_none": _("You have not chosen yet. Nothing that needs your consent is running."),
    "proof_waiting": _("Your choice counts already. We could not record it yet and try again on the next page."),
    "proof_number": _("Number"),
    "proof_time": _("Recorded"),
    "proof_receipt": _("Open your signed receipt"),
    "signal_honoured": _(
        "Your browser sends the Global Privacy Control signal. We honour it: these are refused and stay off unless you "
        "decide otherwise:"
    ),
    "signal_took_back": _(
        "Your browser now sends the Global Privacy Control signal. We honour it: what you had accepted of these is "
        "refused from now on:"
    ),
    "signal_confirm_title": _("Accept in spite of your browser’s signal?"),
    "signal_confirm_text": _(
        "Your browser tells us by Global Privacy Control that you want no sale or sharing of your data. What you just "
        "chose includes:"
    ),
    "signal_confirm_yes": _("Yes, accept these too"),
    "signal_confirm_no": _("No, keep them refused"),
    "preview": _("This is a preview. Nothing is recorded."),
}
"""What the script says of itself."""

LONGEST = {"text": 600, "settings_text": 400}
LONGEST_OTHERS = 60


def languages() -> list[tuple[str, str]]:
    """Codes and names of the languages in which banners can be complete."""
    return [(code, str(name)) for code, name in settings.LETTER_LANGUAGES]


def built_in(language: str) -> dict[str, str]:
    """Every text of a banner in a language, as it is when nobody has written another."""
    with translation.override(language):
        return {key: str(text) for key, text in (EDITABLE | FIXED).items()}


def duration_words(unit: str, amount: int | None, language: str) -> str:
    """How long a cookie lasts, in words."""
    with translation.override(language):
        if amount is None:
            return str(DurationUnit.SESSION.label)
        n = {"n": amount}
        return {
            DurationUnit.MINUTES: ngettext("%(n)d minute", "%(n)d minutes", amount) % n,
            DurationUnit.HOURS: ngettext("%(n)d hour", "%(n)d hours", amount) % n,
            DurationUnit.DAYS: ngettext("%(n)d day", "%(n)d days", amount) % n,
            DurationUnit.MONTHS: ngettext("%(n)d month", "%(n)d months", amount) % n,
            DurationUnit.YEARS: ngettext("%(n)d year", "%(n)d years", amount) % n,
        }[DurationUnit(unit)]


@dataclass(frozen=True)
class NecessaryWords:
    """The words of the category that every banner starts with."""

    title: str
    description: str
    choice_cookie: str


def necessary_words(language: str) -> NecessaryWords:
    with translation.override(language):
        return NecessaryWords(
            title=gettext("Necessary"),
            description=gettext("Without these the site does not work. They are used for nothing else."),
            choice_cookie=gettext("Keeps your choice about cookies, so that you are not asked on every page."),
        )
