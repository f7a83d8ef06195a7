"""What somebody wants corrected."""

from collections.abc import Mapping
from typing import Any, Self

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from requests.question_forms.shape import TOO_LONG, QuestionForm, Words

LONGEST_VALUE = 2_000
MOST_CHANGES = 5


class ChangesForm(QuestionForm):
    """Up to five corrections; a button adds room for another one without a script."""

    template = "requests/changes.html"
    short, change = _("Corrections"), _("the corrections")
    heading = _("What is wrong, and what should it say?")
    PARTS = (
        ("what", _("What it is about"), _("For example “address” or “date of birth”.")),
        ("old", _("What it says now (optional)"), _("Leave this empty if something is missing.")),
        ("new", _("What it should say"), ""),
    )

    def __init__(self, *args: Any, places: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.initial.get("changes") or []
        asked = places or (self._number(self.data) if self.is_bound else len(stored))
        self.places = min(max(asked, 1), MOST_CHANGES)
        for place in range(self.places):
            for part, label, hint in self.PARTS:
                self.fields[f"{part}_{place}"] = forms.CharField(
                    label=label, help_text=hint, required=False, max_length=LONGEST_VALUE,
                    error_messages={"max_length": TOO_LONG},
                    widget=forms.TextInput(attrs={"autocomplete": "off"}),
                )  # fmt: skip
        for place, each in enumerate(stored):
            self.initial.update({f"{part}_{place}": each.get(part, "") for part, _label, _hint in self.PARTS})

    @staticmethod
    def _number(data: Mapping[str, Any]) -> int:
        given = str(data.get("places", ""))
        return int(given) if given.isascii() and given.isdigit() and len(given) < 3 else 1

    @classmethod
    def drawn_again(cls, data: Mapping[str, Any], said: Mapping[str, Any]) -> Self | None:
        if "another" not in data:
            return None
        kept = {name: str(data[name]) for name in data if name.partition("_")[0] in ("what", "old", "new")}
        return cls(said=said, initial=kept, places=cls._number(data) + 1)

    @property
    def rooms(self) -> list[list[forms.BoundField]]:
        """The fields of each correction."""
        return [[self[f"{part}_{place}"] for part, _label, _hint in self.PARTS] for place in range(self.places)]

    @property
    def may_have_another(self) -> bool:
        return self.places < MOST_CHANGES

    def clean(self) -> None:
        for place in range(self.places):
            what, old, new = (self.cleaned_data.get(f"{part}_{place}", "") for part in ("what", "old", "new"))
            if place and not (what or old or new):
                continue
            if not what and f"what_{place}" not in self.errors:
                self.add_error(f"what_{place}", self._of(place, _("Say what is to be corrected.")))
            if not new and f"new_{place}" not in self.errors:
                self.add_error(f"new_{place}", self._of(place, _("Say what it should say.")))

    def _of(self, place: int, words: Words) -> str:
        """Words that name the correction they are about where there are several."""
        if self.places == 1:
            return str(words)
        return gettext("Correction %(n)d: %(words)s") % {"n": place + 1, "words": words}

    def given(self) -> dict[str, Any]:
        found = [
            {part: self.cleaned_data[f"{part}_{place}"] for part in ("what", "old", "new")}
            for place in range(self.places)
        ]
        return {"changes": [each for each in found if each["what"]]}

    @classmethod
    def told(cls, said: Mapping[str, Any]) -> str:
        return "\n".join(change_in_words(each) for each in said["changes"])


def change_in_words(change: Mapping[str, Any]) -> str:
    """A correction that somebody wants: `what`, `old` (may be empty), `new`."""
    parts = {part: str(change.get(part) or "") for part in ("what", "old", "new")}
    words = gettext("%(what)s: “%(new)s” instead of “%(old)s”") if parts["old"] else gettext("%(what)s: “%(new)s”")
    return words % parts
