"""Changing the language of the letters."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from privacy.letters.composing import letter_language
from requests.admin.acts.shape import Act
from requests.models import SubjectRequest
from requests.services.languages import change_letter_language
from requests.transitions import OPEN


class LanguageForm(forms.Form):
    """In which one the letters are from now on."""

    language = forms.ChoiceField(label=_("Language of our letters"), widget=UnfoldAdminSelectWidget())

    def __init__(self, case: SubjectRequest, data: Any) -> None:
        super().__init__(data)
        now = letter_language(case.language)
        others = [(code, name) for code, name in settings.LETTER_LANGUAGES if code != now]
        self.fields["language"].choices = others  # type: ignore[attr-defined]


ACTS = (
    Act(
        code="change_language",
        title=_("Change the language of our letters"),
        explanation=(
            _("The letters of this case are written in the other language from now on."),
            _("Letters that were written stay as they are, and nobody is written to because of the change."),
        ),
        button=_("Change the language"),
        done=_("The next letter is written in the other language."),
        at=OPEN,
        form=LanguageForm,
        submit=lambda case, officer, given: change_letter_language(case=case, officer=officer, **given),
    ),
)
