"""What an officer declares about a task."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from privacy.errands.models import Errand, ErrandState, ErrandWork
from privacy.errands.uploads import ACCEPT

_DONE = {
    ErrandWork.ERASURE: _("Done: everything about the person is deleted there"),
    ErrandWork.ACCESS: _("Done: the files for the person are attached"),
    ErrandWork.CORRECTION: _("Done: it is changed there as the task says"),
}


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, empty ones too: what they must be is said by the service."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(FilesField, self).clean(each, initial) for each in data or ()]


class TaskForm(forms.Form):
    """State, comment and files."""

    state = forms.ChoiceField(label=_("What came of it"), widget=forms.RadioSelect)
    files = FilesField(  # type: ignore[assignment]
        label=_("Files"), required=False, allow_empty_file=True, widget=FilesInput(attrs={"accept": ACCEPT})
    )
    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("Where you looked, or why it cannot be done. No more about the person than is needed."),
    )

    def __init__(self, *args: Any, task: Errand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            (ErrandState.DONE, _DONE[ErrandWork(task.work)]),
            (ErrandState.NOTHING_FOUND, _("I looked, and there is nothing about the person")),
            (ErrandState.IMPOSSIBLE, _("It cannot be done")),
        ]
        if task.work == ErrandWork.ACCESS:
            self.fields["files"].label = _("Files for the person")
            self.fields["files"].help_text = _(
                "They go into the package. Images lose what lies beside their pixels. 25 MB together at most."
            )
        elif task.work == ErrandWork.CORRECTION:
            self.fields["files"].label = _("Proof")
            self.fields["files"].help_text = _(
                "A screenshot, a log or a signed note that shows what was changed. It is kept with the case, encrypted."
            )
        else:
            self.fields["files"].label = _("Proof")
            self.fields["files"].help_text = _(
                "A screenshot, a log or a signed note that shows what was deleted. It is kept with the case, encrypted."
            )
