"""The forms in which an officer decides what stops, one for each purpose that the page showed.

Danger: a page that stood open stops other purposes than the officer decided on, because a colleague noted others since.
Rule: the codes of what was shown travel with the page, and what was typed belongs to its code and not to its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from privacy.law.shapes import RefusalGround
from privacy.register.models import Purpose
from requests import services
from requests.admin.decision_form import ground_label, offered_by
from requests.asked import stated_purposes
from requests.enums import RequestKind
from requests.models import SubjectRequest
from requests.purposes import spared_by_objection, withdrawable_purposes
from requests.services.restricting import EVERYTHING, Scope, ScopeDecided, scopes_of

SEEN = "seen"
"""Under which name the page sends the codes that it showed, in its order."""
NOTE = "note"
"""The name of the button that notes purposes. It sends all that is typed on the page, so that nothing of it is lost."""
GONE, GONE_WORDS = "gone", "gone_words"
"""Under which names the page carries along what was typed about purposes that it does not show, until it is decided."""
_STOP, _MARKETING, _REFUSE = "stop", "marketing", "refuse"


class ScopeForm(forms.Form):
    """The decision about one purpose, or about everything."""

    verdict = forms.ChoiceField(
        label=_("Decision"), widget=UnfoldAdminSelectWidget(),
        error_messages={"required": _("Choose whether it stops.")},
    )  # fmt: skip
    ground = forms.ChoiceField(
        label=_("Ground in law, if you refuse"), required=False, widget=UnfoldAdminSelectWidget()
    )
    reasons = forms.CharField(
        label=_("Reasons, as the person will read them"), required=False, max_length=5000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )  # fmt: skip

    alternatives = forms.MultipleChoiceField(
        label=_("Offered instead"), required=False, widget=forms.CheckboxSelectMultiple()
    )
    own_alternative = forms.CharField(
        label=_("Offered instead, in your own words"), required=False, max_length=1000,
        widget=UnfoldAdminTextInputWidget(),
    )  # fmt: skip

    def __init__(
        self,
        given: Any = None,
        *,
        scope: Scope,
        kind: str,
        grounds: Sequence[RefusalGround],
        place: int,
        typed: dict[str, Any] | None = None,
    ) -> None:
        self.scope, self.part_title = scope, scope.title
        is_objection_to_everything = kind == RequestKind.OBJECTION and scope.purpose is None
        self.spared = spared_by_objection() if is_objection_to_everything else []
        super().__init__(given, prefix=_prefix(place), initial=typed)
        self.fields["verdict"].choices = [("", _("Choose")), *_verdicts(kind, scope)]  # type: ignore[attr-defined]
        if kind == RequestKind.CONSENT_WITHDRAWAL:
            for name in ("ground", "reasons", "alternatives", "own_alternative"):
                del self.fields[name]
            return
        listed = [(each.code, ground_label(each)) for each in grounds]
        self.fields["ground"].choices = [("", _("Choose a ground")), *listed]  # type: ignore[attr-defined]
        self.fields["alternatives"].choices = offered_by(grounds)  # type: ignore[attr-defined]

    @property
    def decided(self) -> ScopeDecided:
        given = self.cleaned_data
        return ScopeDecided(
            self.scope.code, given["verdict"] != _REFUSE, given["verdict"] == _MARKETING,
            given.get("ground", ""), given.get("reasons", ""), tuple(given.get("alternatives", ())),
            given.get("own_alternative", ""),
        )  # fmt: skip


class PurposesForm(forms.Form):
    """Which purposes the person means."""

    codes = forms.MultipleChoiceField(
        label=_("Purposes"), required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget()
    )

    def __init__(self, given: Any = None, *, case: SubjectRequest) -> None:
        super().__init__(given, initial={"codes": stated_purposes(case.particulars)})
        is_withdrawal = case.kind == RequestKind.CONSENT_WITHDRAWAL
        purposes = withdrawable_purposes(case.subject) if is_withdrawal else Purpose.objects.filter(is_prohibited=False)
        self.fields["codes"].choices = [(each.code, each.title) for each in purposes]  # type: ignore[attr-defined]

    def are_noted(self, case: SubjectRequest) -> bool:
        """Whether the case is about all that was chosen here; what is not noted says so, beside its field."""
        if self.is_valid() and set(self.cleaned_data["codes"]) <= {each.code for each in scopes_of(case)}:
            return True
        self.add_error(
            "codes", _("You chose purposes that are not noted yet. Note them first, or take them out again.")
        )
        return False


@dataclass(frozen=True)
class Gone:
    """What an officer typed about a purpose that the case is not about any more."""

    code: str
    title: str
    words: str = field(repr=False)


def scope_forms(case: SubjectRequest, given: QueryDict | None = None) -> list[ScopeForm]:
    """A form for each scope of the case; with what was sent, in the order in which the page showed them.

    Args:
        given: what a page sent that showed the scopes as they are now, `shows_all_of`.
    """
    scopes = {each.code: each for each in scopes_of(case)}
    codes = given.getlist(SEEN) if given is not None else list(scopes)
    grounds = services.refusal_grounds(case)
    return [
        ScopeForm(given, scope=scopes[code], kind=case.kind, grounds=grounds, place=place)
        for place, code in enumerate(codes)
    ]


def shows_all_of(case: SubjectRequest, given: QueryDict) -> bool:
    """Whether the page that sent this showed what the case is about now, and nothing else."""
    return sorted(given.getlist(SEEN)) == sorted(each.code for each in scopes_of(case))


def scope_forms_anew(case: SubjectRequest, given: QueryDict) -> list[ScopeForm]:
    """A form for each scope of the case, with what an older page sent about it; nobody has checked that."""
    places = {code: place for place, code in enumerate(given.getlist(SEEN))}
    grounds = services.refusal_grounds(case)
    return [
        ScopeForm(scope=each, kind=case.kind, grounds=grounds, place=place, typed=_typed(given, places.get(each.code)))
        for place, each in enumerate(scopes_of(case))
    ]


def typed_about_others(case: SubjectRequest, given: QueryDict) -> list[Gone]:
    """The words that an older page sent about what the case is not about any more, or carried along from one before."""
    now = {each.code for each in scopes_of(case)}
    typed = {code: _words(_typed(given, place)) for place, code in enumerate(given.getlist(SEEN))}
    gone = dict(zip(given.getlist(GONE), given.getlist(GONE_WORDS), strict=False))
    gone |= {code: words for code, words in typed.items() if words and code not in now}
    titles = {each.code: each.title for each in Purpose.objects.filter(code__in=gone)}
    titles[EVERYTHING] = Scope(EVERYTHING, None).title
    return [Gone(code, titles.get(code, code), words) for code, words in gone.items()]


def _words(typed: dict[str, Any]) -> str:
    return "\n\n".join(filter(None, (typed["reasons"].strip(), typed["own_alternative"].strip())))


def _typed(given: QueryDict, place: int | None) -> dict[str, Any]:
    if place is None:
        return {}
    typed: dict[str, Any] = {name: given.get(f"{_prefix(place)}-{name}", "") for name in ScopeForm.base_fields}
    return typed | {"alternatives": given.getlist(f"{_prefix(place)}-alternatives")}


def _prefix(place: int) -> str:
    return f"scope-{place}"


def _verdicts(kind: str, scope: Scope) -> list[tuple[str, Any]]:
    if kind == RequestKind.CONSENT_WITHDRAWAL:
        return [(_STOP, _("Withdraw the consent"))]
    if kind == RequestKind.RESTRICTION:
        return [(_STOP, _("Restrict: keep the data and do nothing else with it")), (_REFUSE, _("Refuse"))]
    marketing = [(_MARKETING, _("Stop: it is direct marketing"))] if scope.purpose else []
    return [(_STOP, _("Stop")), *marketing, (_REFUSE, _("Refuse: our grounds weigh more"))]
