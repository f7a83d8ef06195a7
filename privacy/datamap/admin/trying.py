"""Conditions of a form are tried in the source before they are stored."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from privacy.datamap.engine.errors import EngineError
from privacy.datamap.errors import AddressRefused
from privacy.datamap.models import Dataset
from privacy.datamap.trying_conditions import unfit_values


class ConditionsTriedForm(forms.ModelForm):
    """A form whose conditions fit the columns that they are about. What is not changed is not tried again.

    untried: why the source could not be asked; empty when it was, or when there was nothing to ask.
    """

    untried = ""

    def try_conditions(self, name: str, dataset: Dataset, conditions: list[dict[str, Any]] | None) -> None:
        """Put an error at the field with the conditions for each value that does not fit its column."""
        if name in self.errors:
            return
        try:
            for problem in unfit_values(dataset=dataset, stored=conditions or []):
                self.add_error(name, problem)
        except (EngineError, AddressRefused) as error:
            self.untried = str(error)


def tell_untried(request: HttpRequest, form: Any) -> None:
    """Say after saving that nobody has tried the conditions."""
    if isinstance(form, ConditionsTriedForm) and form.untried:
        messages.warning(request, untried_words(form.untried))


def untried_words(why: str) -> str:
    """What was saved although its conditions could not be tried, and why they could not."""
    words = _(
        "Saved. The source could not be asked whether the values of the conditions fit their columns: %(why)s "
        "A plan with one that does not fit is refused, so look at one before you rely on it."
    )
    return words % {"why": why}
