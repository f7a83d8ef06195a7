"""In which of the languages of our letters a visitor would like to read, as far as their browser says."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_info
from django.utils.translation.trans_real import parse_accept_lang_header


def language_choices() -> list[tuple[str, str]]:
    """Code and name of each, in its own words: who needs it reads it."""
    return [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LETTER_LANGUAGES]


def preferred_language(request: HttpRequest) -> str:
    """The first that the browser asks for and we write letters in; else the first of ours."""
    known = [code for code, _name in settings.LETTER_LANGUAGES]
    wanted = (each.partition("-")[0] for each, _weight in parse_accept_lang_header(_accepted(request)))
    return next((each for each in wanted if each in known), known[0])


def _accepted(request: HttpRequest) -> str:
    return request.headers.get("Accept-Language", "").lower()
