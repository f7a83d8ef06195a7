"""Deciding the wanted changes of a rectification: for each, which value is replaced by what, or why not."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from privacy.datamap.correcting import PresentValue
from privacy.datamap.models import Source
from privacy.law.enums import Alternative
from privacy.law.shapes import RefusalGround
from privacy.register.categories import DISCLOSABLE
from requests.admin.decision_form import evidence_hint, ground_label, offered_by
from requests.models import Verdict
from requests.services.correcting import LONGEST_VALUE, Decided, WantedChange, by_hand

Choices = list[tuple[str, Any]]
NOTE = "note"
"""The name of the button that notes a change. It sends all that is typed on the page, so that nothing of it is lost."""


class ChangeForm(forms.Form):
    """The decision about one wanted change. Values are shown, and travel as fingerprints only."""

    verdict = forms.ChoiceField(
        label=_("Decision"),
        choices=[("", _("Choose")), (Verdict.CORRECT, _("Correct")), (Verdict.REFUSE, _("Refuse"))],
        widget=UnfoldAdminSelectWidget(),
        error_messages={"required": _("Choose whether it is corrected.")},
    )
    place = forms.ChoiceField(
        label=_("Value that it is about"),
        required=False,
        help_text=_("What the sources say about the person at this moment. Places without a database become a task."),
        widget=UnfoldAdminSelectWidget(),
    )
    category = forms.ChoiceField(
        label=_("Kind of data, if no value of a database is chosen"),
        required=False,
        choices=[("", _("Choose a kind of data")), *((each.value, each.label) for each in DISCLOSABLE)],
        help_text=_("Those to whom such data was disclosed are told what became of it, and nobody else."),
        widget=UnfoldAdminSelectWidget(),
    )
    new = forms.CharField(
        label=_("New value"), required=False, max_length=LONGEST_VALUE, strip=True, widget=UnfoldAdminTextInputWidget()
    )
    ground = forms.ChoiceField(
        label=_("Ground in law, if you refuse"), required=False, widget=UnfoldAdminSelectWidget()
    )
    reasons = forms.CharField(
        label=_("Reasons, as the person will read them"),
        required=False,
        max_length=5000,
        help_text=_("If you refuse: what the person says is put beside the data and goes with it."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )
    alternatives = forms.MultipleChoiceField(
        label=_("Offered instead, besides the note beside the data"), required=False,
        widget=forms.CheckboxSelectMultiple(),
    )  # fmt: skip
    own_alternative = forms.CharField(
        label=_("Offered instead, in your own words"), required=False, max_length=1000,
        widget=UnfoldAdminTextInputWidget(),
    )  # fmt: skip

    def __init__(
        self,
        given: Any = None,
        *,
        change: WantedChange,
        values: Sequence[PresentValue],
        by_hand_in: Sequence[Source],
        grounds: Sequence[RefusalGround],
        typed: QueryDict | None = None,
    ) -> None:
        """Args: given: what is to be decided on now. typed: what a page says that is not, shown again unchecked."""
        self.change, self.part_title = change, change.what
        places, prefix = _places(values, by_hand_in), f"change-{change.number}"
        initial = {"new": change.new, "place": _likely(change, values)} | (
            _typed(typed, prefix) if typed is not None else {}
        )
        super().__init__(given, prefix=prefix, initial=initial)
        self.fields["place"].choices = [("", _("Choose a value")), *places]  # type: ignore[attr-defined]
        self.fields["ground"].choices = [("", _("Choose a ground")), *_grounds(grounds)]  # type: ignore[attr-defined]
        reasons = self.fields["reasons"]
        reasons.help_text = f"{reasons.help_text} {evidence_hint(grounds)}".strip()
        offered = [each for each in offered_by(grounds) if each[0] != Alternative.ANNOTATION]  # is made in any case
        self.fields["alternatives"].choices = offered  # type: ignore[attr-defined]

    @property
    def decided(self) -> Decided:
        given = self.cleaned_data
        verdict = Verdict(given["verdict"])
        return Decided(
            self.change.number, verdict, given["place"], given["new"], given["ground"], given["reasons"],
            given["category"], tuple(given["alternatives"]), given["own_alternative"],
        )  # fmt: skip


class NoteChangeForm(forms.Form):
    """A change that the person asked for in their own words."""

    what = forms.CharField(label=_("What is to be changed"), max_length=200, widget=UnfoldAdminTextInputWidget())
    old = forms.CharField(
        label=_("What the record says, if known"), required=False, max_length=LONGEST_VALUE,
        widget=UnfoldAdminTextInputWidget(),
    )  # fmt: skip
    new = forms.CharField(label=_("What it should say"), max_length=LONGEST_VALUE, widget=UnfoldAdminTextInputWidget())

    def is_left_empty(self) -> bool:
        """Whether nothing was typed; what was typed and is not noted says so, beside its first field."""
        if not any(str(self[name].value() or "").strip() for name in self.fields):
            return True
        self.add_error("what", _("This change is not noted yet. Note it first, or empty these fields."))
        return False


def _places(values: Sequence[PresentValue], by_hand_in: Sequence[Source]) -> Choices:
    groups: dict[str, Choices] = {}
    for each in values:
        shown = gettext("(empty)") if each.text in (None, "") else str(each.text)
        rows = f" × {len(each.keys)}" if len(each.keys) > 1 else ""
        words = f"{each.label}: {shown[:80]}{rows}"
        groups.setdefault(f"{each.source} · {each.dataset_label}", []).append((each.token, words))
    tasks = [(by_hand(each), each.name) for each in by_hand_in]
    return [*groups.items(), *([(gettext("By hand, as a task"), tasks)] if tasks else [])]


def _typed(sent: QueryDict | None, prefix: str) -> dict[str, Any]:
    if sent is None or f"{prefix}-verdict" not in sent:
        return {}
    typed: dict[str, Any] = {name: sent.get(f"{prefix}-{name}", "") for name in ChangeForm.base_fields}
    return typed | {"alternatives": sent.getlist(f"{prefix}-alternatives")}


def _likely(change: WantedChange, values: Sequence[PresentValue]) -> str:
    """The one value that reads as the person says it does; nothing when several do."""
    same = [
        each.token for each in values if each.text and each.text.strip().casefold() == change.old.strip().casefold()
    ]
    return same[0] if len(same) == 1 else ""


def _grounds(grounds: Sequence[RefusalGround]) -> Choices:
    return [(each.code, ground_label(each)) for each in grounds]
