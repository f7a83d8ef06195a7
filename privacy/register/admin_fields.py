"""Form fields of the register's pages."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminSingleTimeWidget, UnfoldAdminTextareaWidget

from privacy.tenants.number_words import OF_NUMBERS


class DayInput(UnfoldAdminSingleDateWidget):
    """A day, chosen in the browser's own calendar; on pages that are not the admin's the theme's has no script."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeOfDayInput(UnfoldAdminSingleTimeWidget):
    """A time, chosen in the browser's own clock."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class DayField(forms.DateField):
    """A day that somebody may mean: a year of four digits that begins with 0 is one that was not typed to its end."""

    FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", DayInput())
        super().__init__(**kwargs)
        say_plainly({"": self})

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not self.FIRST <= value <= self.LAST:
            raise ValidationError(_("Write the year with all its digits, 1900 to 2199."))


_LONG = gettext_lazy("This is too long: write %(limit_value)s characters at most; it has %(show_value)s.")
_CHOICE = gettext_lazy("Choose one of the list.")
_EMAIL = gettext_lazy("Write an e-mail address like name@example.com.")
_PLAIN: tuple[tuple[type[forms.Field], dict[str, Any]], ...] = (
    (
        forms.SlugField,
        {
            "required": gettext_lazy("Fill this in."),
            "invalid": gettext_lazy("Write letters, digits, hyphens and underscores only."),
            "max_length": _LONG,
        },
    ),
    (
        forms.URLField,
        {
            "required": gettext_lazy("Fill this in."),
            "invalid": gettext_lazy("Write an address like https://www.example.com."),
            "max_length": _LONG,
        },
    ),
    (forms.EmailField, {"required": _EMAIL, "invalid": _EMAIL, "max_length": _LONG}),
    (
        forms.CharField,
        {
            "required": gettext_lazy("Fill this in."),
            "max_length": _LONG,
            "null_characters_not_allowed": gettext_lazy(
                "Take out the character that cannot be shown, or type it anew."
            ),
        },
    ),
    (
        forms.DateField,
        {"required": gettext_lazy("Give a day."), "invalid": gettext_lazy("Write the day like 2026-11-22.")},
    ),
    (
        forms.TimeField,
        {"required": gettext_lazy("Give a time."), "invalid": gettext_lazy("Write the time like 14:30.")},
    ),
    (forms.IntegerField, {"required": gettext_lazy("Write a whole number."), **OF_NUMBERS}),
    (forms.ModelChoiceField, {"required": _CHOICE, "invalid_choice": _CHOICE}),
    (forms.ChoiceField, {"required": _CHOICE, "invalid_choice": _CHOICE}),
)


def say_plainly(fields: Mapping[str, forms.Field]) -> None:
    """Have fields say in plain words what to do, where they would speak of values and valid choices."""
    for field in fields.values():
        words = next((each for kind, each in _PLAIN if isinstance(field, kind)), {})
        field.error_messages |= {code: said for code, said in words.items() if _is_of_django(field, code)}


def _is_of_django(field: forms.Field, code: str) -> bool:
    """Whether nobody gave the field words of its own for this."""
    own = field.error_messages.get(code)
    kinds = (vars(each).get("default_error_messages", {}) for each in type(field).__mro__)
    return own is None or any(code in each and each[code] == own for each in kinds)


class LinesField(forms.CharField):
    """A list of texts, one on each line, which is easier to type than JSON."""

    def __init__(self, *, longest: int = 100, **kwargs: Any) -> None:
        self.longest = longest
        kwargs.setdefault("widget", UnfoldAdminTextareaWidget(attrs={"rows": 4}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = [" ".join(line.split()) for line in (value or "").splitlines()]
        return list(dict.fromkeys(line for line in lines if line))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if too_long := next((number for number, line in enumerate(value, 1) if len(line) > self.longest), None):
            raise ValidationError(
                _("Line %(line)d is longer than %(n)d characters; shorten it."),
                params={"line": too_long, "n": self.longest},
            )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(data) != (initial or [])
