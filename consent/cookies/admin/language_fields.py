"""Fields that officers fill in once for each language, stored together as one piece of JSON."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from consent.cookies.texts import languages


def text_input(longest: int) -> Callable[..., forms.CharField]:
    return lambda **kwargs: forms.CharField(max_length=longest, widget=UnfoldAdminTextInputWidget(), **kwargs)


def text_area(longest: int, rows: int = 3) -> Callable[..., forms.CharField]:
    return lambda **kwargs: forms.CharField(
        max_length=longest, widget=UnfoldAdminTextareaWidget(attrs={"rows": rows}), **kwargs
    )


def by_language(name: str, label: str | Promise, make: Callable[..., forms.CharField]) -> dict[str, forms.CharField]:
    """A field for each language, called `<name>_<code>`."""
    return {f"{name}_{code}": make(label=_named(label, language), required=False) for code, language in languages()}


def names(*fields: str) -> tuple[tuple[str, ...], ...]:
    """Their names, those of one field side by side."""
    return tuple(tuple(f"{field}_{code}" for code, _language in languages()) for field in fields)


def gathered(given: dict[str, Any], name: str) -> dict[str, str]:
    """What was entered for a field, by language."""
    return {code: given.get(f"{name}_{code}") or "" for code, _language in languages()}


def spread(value: dict[str, str], name: str) -> dict[str, str]:
    """What is stored of a field, as the form begins with it."""
    return {f"{name}_{code}": value.get(code, "") for code, _language in languages()}


def as_list(pairs: Iterable[tuple[str | Promise, str]]) -> SafeString:
    """Words as those see them who may not change them."""
    rows = format_html_join("", "<dt>{}</dt><dd>{}</dd>", ((label, text or "–") for label, text in pairs))
    return format_html('<dl class="pd-list">{}</dl>', rows)


def in_each_language(label: str | Promise, value: dict[str, str]) -> list[tuple[str | Promise, str]]:
    return [(_named(label, language), value.get(code, "")) for code, language in languages()]


def _named(label: str | Promise, language: str) -> str:
    return f"{label} ({language})"
