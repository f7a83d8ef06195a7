"""To whom a case can be given."""

from django import forms
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from privacy.officers.models import Officer, Role


class AssignForm(forms.Form):
    """Who shall handle the cases."""

    assignee = forms.ModelChoiceField(
        queryset=Officer.objects.none(),
        required=False,
        label=gettext_lazy("Assign to"),
        empty_label=gettext_lazy("nobody"),
        widget=UnfoldAdminSelectWidget(),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        possible = Officer.objects.filter(is_active=True).exclude(role=Role.AUDITOR)
        self.fields["assignee"].queryset = possible  # type: ignore[attr-defined]
