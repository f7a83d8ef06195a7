"""What the forms of the portal share."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from privacy.subjects.identifiers import IdentifierInvalid, IdentifierKind, normalise


class PortalForm(forms.Form):
    """A form whose mistakes the server explains: browsers' own bubbles are not read by everybody and say less."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """For the summary at the top: (id of the field, message), in the order of the fields."""
        if not self.is_bound:
            return []
        return [
            (self[name].id_for_label or self[name].auto_id if name in self.fields else "", str(message))
            for name, messages in self.errors.items()
            for message in messages
        ]


class EmailField(forms.CharField):
    """An e-mail address, in the one form under which a person is found."""

    widget = forms.EmailInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Your e-mail address"))
        kwargs.setdefault("error_messages", {"required": _("Enter your e-mail address.")})
        super().__init__(max_length=254, **kwargs)
        self.widget.attrs["autocomplete"] = "email"

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return text
        try:
            return normalise(IdentifierKind.EMAIL, text)
        except IdentifierInvalid as error:
            raise ValidationError(str(error), code="invalid") from None


class TrapMixin(forms.Form):
    """A field that people do not see. Programs fill in every field they find.

    Whoever fills it in is told so: a person whose browser did it must be able to go on.
    """

    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("Empty the field “Leave this empty” and send again. It is there to stop programs."))
        return ""
