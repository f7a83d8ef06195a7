"""What is typed as lines is read as the same lines by whoever may not change it, and not as it is stored."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString


def as_lines(field: forms.Field, value: Any) -> SafeString:
    """A stored value as its form field writes it."""
    return format_html('<span class="pd-lines">{}</span>', field.prepare_value(value) or "–")


def read_as_lines(fieldsets: Any, names: tuple[str, ...]) -> Any:
    """Fieldsets of a page that is only read: each of `names` replaced by the admin's method `<name>_lines`."""

    def replaced(name: Any) -> Any:
        if isinstance(name, tuple | list):
            return tuple(replaced(each) for each in name)
        return f"{name}_lines" if name in names else name

    return [(title, options | {"fields": replaced(options["fields"])}) for title, options in fieldsets]
