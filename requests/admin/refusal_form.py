"""Saying no: a ground that the law knows, and the reasons in the officer's own words."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from privacy.law.shapes import RefusalGround


class RefusalForm(forms.Form):
    """Both answers go into the letter to the person."""

    ground = forms.ChoiceField(label=_("Ground in law"), widget=UnfoldAdminSelectWidget())
    text = forms.CharField(
        label=_("Reasons, as the person will read them"),
        help_text=_(
            "Say what you refuse, why, and what the person can have instead. The letter adds the ground in law and who "
            "hears complaints."
        ),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
        max_length=5000,
    )

    def __init__(self, *args: Any, grounds: Sequence[RefusalGround], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(ground.code, f"{_where(ground)}: {gettext(ground.words)}") for ground in grounds]
        self.fields["ground"].choices = [("", _("Choose a ground")), *choices]  # type: ignore[attr-defined]


def _where(ground: RefusalGround) -> str:
    return f"{ground.law} {ground.section}" if ground.law else ground.section
