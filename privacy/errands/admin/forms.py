"""What officers enter about a source that is no database."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from privacy.errands.models import IdentityFormat
from privacy.officers.models import Officer, Role

_NAME = {"label": _("Name"), "max_length": 100, "widget": UnfoldAdminTextInputWidget}


class ManualForm(forms.Form):
    """Who does the work, how, and within how many days."""

    name = forms.CharField(**_NAME, help_text=_("How officers call the place, for example Paper archive."))
    owner = forms.ModelChoiceField(
        label=_("Done by"),
        queryset=Officer.objects.none(),
        widget=UnfoldAdminSelectWidget(),
        help_text=_("A Privacy Officer; whoever may handle the case can take a task over."),
    )
    instructions = forms.CharField(
        label=_("What to look for, and what to delete"),
        max_length=4000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
        help_text=_("Whoever approves an erasure approves these words. A change needs a new approval."),
    )
    days = forms.IntegerField(
        label=_("Days until due"), min_value=1, max_value=90, initial=7, widget=UnfoldAdminIntegerFieldWidget()
    )

    def __init__(self, *args: Any, with_name: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = Officer.objects.filter(role=Role.PRIVACY_OFFICER, is_active=True)
        if not with_name:
            del self.fields["name"]


class ProcessorForm(forms.Form):
    """How a processor is reached by OpenDSR."""

    name = forms.CharField(**_NAME, help_text=_("How officers call the processor, for example Mailing service."))
    base_url = forms.CharField(
        label=_("Address"),
        max_length=300,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Of its OpenDSR service, before /requests: https://processor.example/opendsr/v1"),
    )
    controller_id = forms.CharField(
        label=_("Our controller id"),
        max_length=100,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("The id under which the processor knows your organisation."),
    )
    key_pem = forms.CharField(
        label=_("Its certificate or public key"),
        max_length=20_000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_("In PEM form. Answers that are not signed with it are not believed."),
    )
    secret = forms.CharField(
        label=_("Bearer token"),
        max_length=2000,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "off"}),
        help_text=_("With which the processor knows us. Encrypted, and never shown again."),
    )
    identity_format = forms.ChoiceField(
        label=_("Identifiers are sent"), choices=IdentityFormat.choices, widget=UnfoldAdminSelectWidget()
    )

    def __init__(self, *args: Any, with_name: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_name:
            del self.fields["name"]
            self.fields["secret"].required = False
            self.fields["secret"].help_text = _("Leave it empty to keep the present one.")
