"""Which uses of their data somebody means."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from requests.enums import RequestKind
from requests.purposes import Choosable, choosable_purposes, purpose_titles
from requests.question_forms.shape import QuestionForm


class PurposesForm(QuestionForm):
    template = "requests/purposes.html"
    short, change = _("Which uses"), _("which uses")
    purposes = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose among the uses listed.")},
    )
    everything = forms.BooleanField(required=False, label=_("All of them"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_objection = self.said.get("kind") == RequestKind.OBJECTION
        self.choosable: list[Choosable] = choosable_purposes(str(self.said.get("kind")))
        field = self.fields["purposes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(each.code, each.title) for each in self.choosable]
        field.label = (
            _("Which use of your data do you object to?")
            if self.is_objection
            else _("Which use of your data shall stop for now?")
        )

    def clean(self) -> None:
        if not self.errors and not self.cleaned_data["purposes"] and not self.cleaned_data["everything"]:
            self.add_error("purposes", _("Choose at least one use, or all of them."))

    def given(self) -> dict[str, Any]:
        everything = bool(self.cleaned_data["everything"])
        return {"purposes": [] if everything else self.cleaned_data["purposes"], "everything": everything}

    @classmethod
    def told(cls, said: Mapping[str, Any]) -> str:
        return gettext("all of them") if said["everything"] else "\n".join(purpose_titles(said["purposes"]))
