"""The form in which an officer decides part by part: one small form for each part, all sent together."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from privacy.datamap.models import DataCategory
from privacy.law.display import ground_cited
from privacy.law.enums import Alternative
from privacy.law.shapes import RefusalGround
from privacy.law.words import alternative_word
from requests.deciding.checking import LONGEST_TEXT, may_be_unasked
from requests.deciding.found import FoundLine, found_lines
from requests.deciding.given import LineDecision
from requests.deciding.grounds import grounds_of
from requests.enums import WITHOUT_GROUND, Verdict
from requests.errors import DecisionInvalid
from requests.models import SubjectRequest

SEEN = "seen"
"""Under which name the page sends the keys of the parts that it showed, in its order."""
_BETWEEN = "|"


class LineForm(forms.Form):
    """What is decided about one part."""

    decision = forms.ChoiceField(
        label=_("Decision"), choices=Verdict.choices, widget=forms.RadioSelect(),
        error_messages={"required": _("Choose what is done with it.")},
    )  # fmt: skip
    ground = forms.ChoiceField(label=_("Ground in law"), required=False, widget=UnfoldAdminSelectWidget())
    reasons = forms.CharField(
        label=_("Reasons, as the person will read them"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )
    left_out = forms.MultipleChoiceField(label=_("Left out"), required=False, widget=forms.CheckboxSelectMultiple())
    severed = forms.CharField(
        label=_("What is left out, in words for the person"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )
    nothing_severable = forms.BooleanField(
        label=_("I have looked: nothing of it can be given without the part that must be left out"), required=False
    )
    alternatives = forms.MultipleChoiceField(
        label=_("Offered instead"), required=False, widget=forms.CheckboxSelectMultiple()
    )
    own_alternative = forms.CharField(
        label=_("Offered instead, in your own words"),
        required=False,
        max_length=1000,
        widget=UnfoldAdminTextInputWidget(),
    )
    waited_from = forms.DateField(
        label=_("Those who may object were told on"),
        help_text=_("Needed where the law wants a wait before the decision."),
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
    )
    authority_notified_on = forms.DateField(
        label=_("The authority was told on"),
        help_text=_("Where the law wants it told. It can be written down later as well, on the page of the case."),
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
    )

    def __init__(
        self, *args: Any, line: FoundLine, grounds: Sequence[RefusalGround], may_be_unasked: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.line = line
        self._choices(grounds)
        self.fields["reasons"].help_text = evidence_hint(grounds)
        offered: dict[str, bool] = {Verdict.PARTIAL: line.can_be_parted, Verdict.UNASKED: may_be_unasked}
        self.fields["decision"].choices = [(code, words) for code, words in Verdict.choices if offered.get(code, True)]  # type: ignore[attr-defined]
        if not line.can_be_parted:
            del self.fields["left_out"], self.fields["severed"]
        if not any(ground.must_sever for ground in grounds) or not line.can_be_parted:
            del self.fields["nothing_severable"]
        if not any(ground.wait for ground in grounds):
            del self.fields["waited_from"]
        if not any(ground.notify_authority for ground in grounds):
            del self.fields["authority_notified_on"]

    def _choices(self, grounds: Sequence[RefusalGround]) -> None:
        choices = [(ground.code, ground_label(ground)) for ground in grounds]
        self.fields["ground"].choices = [("", _("Choose a ground")), *choices]  # type: ignore[attr-defined]
        self.fields["alternatives"].choices = offered_by(grounds)  # type: ignore[attr-defined]
        several = len(self.line.tables) > 1
        self.fields["left_out"].choices = [  # type: ignore[attr-defined]
            (f"{table.place}{_BETWEEN}{column}", f"{table.label}: {label}" if several else label)
            for table in self.line.tables
            for column, label in table.columns
        ]

    def decided(self) -> LineDecision:
        """What was entered; valid forms only."""
        given = self.cleaned_data
        left_out: dict[str, list[str]] = {}
        for each in given.get("left_out", ()):
            place, _between, column = each.rpartition(_BETWEEN)
            left_out.setdefault(place, []).append(column)
        category, source_id, dataset_key = self.line.key
        refused = given["decision"] not in WITHOUT_GROUND
        return LineDecision(
            category=category, source_id=source_id, dataset_key=dataset_key, decision=given["decision"],
            ground=given["ground"] if refused else "", reasons=given["reasons"], severed=given.get("severed", ""),
            alternatives=tuple(given["alternatives"]), own_alternative=given["own_alternative"], left_out=left_out,
            nothing_severable=given.get("nothing_severable", False), waited_from=given.get("waited_from"),
            authority_notified_on=given.get("authority_notified_on"),
        )  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A part as the page shows it. can_split: it is about several tables, and each can be decided by itself."""

    line: FoundLine
    form: LineForm
    number: int

    @property
    def can_split(self) -> bool:
        return len(self.line.tables) > 1

    @property
    def key(self) -> str:
        return key_words(self.line)

    @property
    def problems(self) -> list[str]:
        return [str(words) for errors in self.form.errors.values() for words in errors]


class DecisionForm:
    """All parts together, with the plan that the officer saw."""

    def __init__(
        self,
        case: SubjectRequest,
        *,
        split: Sequence[str] = (),
        data: QueryDict | None = None,
        typed: QueryDict | None = None,
    ) -> None:
        """Args: data: what is decided on now. typed: what a page of an older plan sent, shown again by its parts."""
        places = {key: place for place, key in enumerate(typed.getlist(SEEN), start=1)} if typed is not None else {}
        self.split = [each for each in dict.fromkeys(split) if each in DataCategory.values]
        self.plan_hash = data.get("plan_hash", "") if data is not None else case.plan_hash
        grounds, unasked = grounds_of(case), may_be_unasked(case)
        self.grounds = [(ground_label(each), _wants(each)) for each in grounds if _wants(each)]
        self.parts = [
            Part(
                line,
                LineForm(
                    data,
                    prefix=f"part{number}",
                    line=line,
                    grounds=grounds,
                    may_be_unasked=unasked,
                    initial=_typed(typed, places.get(key_words(line))),
                ),
                number,
            )
            for number, line in enumerate(found_lines(case, split=self.split), start=1)
        ]
        shown = {key_words(part.line) for part in self.parts}
        self.gone = [place for key, place in places.items() if key not in shown]

    def is_valid(self) -> bool:
        return all(part.form.is_valid() for part in self.parts)

    def decided(self) -> list[LineDecision]:
        return [part.form.decided() for part in self.parts]

    def blame(self, error: DecisionInvalid) -> None:
        """Show what the service found wrong where it is wrong."""
        by_key = {part.line.key: part.form for part in self.parts}
        for each in error.problems:
            form = by_key.get(each.line) if each.line else None
            form = form or self.parts[0].form
            form.add_error(each.field if each.field in form.fields else None, each.words)

    @property
    def problems(self) -> Iterator[Part]:
        """The parts in which something is wrong."""
        return (part for part in self.parts if part.form.errors)


def key_words(line: FoundLine) -> str:
    """By what a page says which part stood in which place."""
    return _BETWEEN.join(str(each) for each in line.key)


def _typed(sent: QueryDict | None, place: int | None) -> dict[str, Any]:
    if sent is None or place is None:
        return {}
    several = ("left_out", "alternatives")
    return {
        name: sent.getlist(f"part{place}-{name}") if name in several else sent.get(f"part{place}-{name}", "")
        for name in LineForm.base_fields
    }


def offered_by(grounds: Sequence[RefusalGround]) -> list[tuple[str, str]]:
    """What one of the grounds or another leaves room for, as codes and words."""
    offered = [each for each in Alternative if any(each in ground.alternatives for ground in grounds)]
    return [(each.value, gettext(alternative_word(each))) for each in offered]


def ground_label(ground: RefusalGround) -> str:
    """A ground in a list: where it stands, and what it says."""
    return f"{ground_cited(ground)}: {gettext(ground.words)}"


def evidence_hint(grounds: Iterable[RefusalGround]) -> str:
    """What the reasons have to name on one of these grounds; empty where none is of this sort."""
    return " ".join(_evidence_wanted(ground) for ground in grounds if ground.gives_evidence)


def _evidence_wanted(ground: RefusalGround) -> str:
    words = gettext("On the ground of %(section)s the reasons name the evidence: the law wants the person to have it.")
    return words % {"section": ground_cited(ground)}


def _wants(ground: RefusalGround) -> list[str]:
    """What an officer has to know before choosing a ground."""
    wants = [
        (not ground.disclosable, gettext("The person must not be told of it: no letter, page or file names it.")),
        (ground.must_refuse, gettext("Where it holds, the law forbids to grant.")),
        (ground.gives_evidence, _evidence_wanted(ground)),
        (ground.must_sever, gettext("What can be given without the rest has to be given.")),
        (ground.notify_authority, gettext("The authority has to be told.")),
        (ground.wait is not None, gettext("The law wants a wait before the decision.")),
    ]
    unless = [gettext("Not if: %(exception)s.") % {"exception": gettext(each)} for each in ground.exceptions]
    return [words for applies, words in wants if applies] + unless
