"""What an officer fills in to record a consent, method by method."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from consent.documents import KINDS
from consent.errors import AuthorityExpired, ConsentRefused, NotSilent, OptOutStillOpen
from consent.evidence import LONGEST_PERIOD, NEEDED, PAST_DAYS, Piece, in_json, read_evidence
from consent.guards import FIRST_YEAR, Age, last_day_to_object, too_long_ago
from consent.models import CurrentConsent, Decision, Method, Wording
from consent.services.by_officer import DECISIONS, Entry, NothingShown
from privacy.documents.uploads import accept
from privacy.register.admin_fields import DayField, TimeOfDayInput, say_plainly
from privacy.register.models import LawfulBasis, Purpose
from privacy.register.selectors import local_date, zone

_FIELDS = {
    "purpose": "wording",
    "language": "wording",
    "wording_version": "wording",
    "method": "wording",
    "document_sha256": "document",
}


_NO_WORDS = gettext_lazy("Choose the words. New ones are published under Consent wordings.")
_NEITHER = gettext_lazy("Choose the words that were shown or, where none were, the purpose below.")
_BOTH = gettext_lazy("Choose one of the two: the words that were shown above, or here that none were.")


def field_of(refusal: ConsentRefused, form: "RecordForm") -> str | None:
    """The field at which a refusal of the service is shown; None where it is of no single one."""
    match refusal:
        case AuthorityExpired():
            name = "valid_until"
        case OptOutStillOpen() | NotSilent():
            name = "notice_sent_on"
        case _ if refusal.field == "occurred_at":
            name = form.day_field
        case _ if refusal.field == "purpose" and form.cleaned_data.get("unshown"):
            name = "unshown"
        case _:
            name = _FIELDS.get(refusal.field, refusal.field)
    return name if name in form.fields else None


class WordingField(forms.ModelChoiceField):
    def label_from_instance(self, wording: Wording) -> str:
        start = Truncator(wording.text).chars(80)
        purpose, only = wording.purpose, ""
        if purpose.is_prohibited or purpose.lawful_basis != LawfulBasis.CONSENT:
            only = f" ({_('only to say no')})"
        return f"{purpose.title}{only}, {wording.language}, {_('version')} {wording.version}: {start}"


class RecordForm(forms.Form):
    """Whom it is about, what was decided in which words, and what shows it.

    Args:
        method: how it was decided; it gives the fields of the evidence.
        heard_by: who is signed in; proposed as the one who heard it.
    """

    email = forms.EmailField(
        label=gettext_lazy("E-mail address of the person"),
        help_text=gettext_lazy("The receipt goes there. A person who is not known yet is added."),
        widget=UnfoldAdminEmailInputWidget(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the person"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Kept only when the person is not known yet."),
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )
    wording = WordingField(
        label=gettext_lazy("Words that the person heard, saw or signed"),
        queryset=Wording.objects.none(),
        required=False,
        empty_label=gettext_lazy("Choose the words"),
        widget=UnfoldAdminSelectWidget(),
        error_messages={"invalid_choice": _NO_WORDS},
    )
    unshown = forms.ChoiceField(
        label=gettext_lazy("What they said no to, if no words were shown"),
        required=False,
        help_text=gettext_lazy("Instead of the words above, and only for a no. The language is that of the receipt."),
        widget=UnfoldAdminSelectWidget(),
    )
    decision = forms.ChoiceField(
        label=gettext_lazy("What the person decided"),
        choices=[(each.value, capfirst(each.label)) for each in DECISIONS],
        widget=UnfoldAdminSelectWidget(),
    )
    decided_on = DayField(
        label=gettext_lazy("Day on which the person decided"),
        required=False,
        help_text=gettext_lazy("Kept beside the time of this record, which is the one that counts."),
    )
    decided_at = forms.TimeField(
        label=gettext_lazy("Time of that day"),
        required=False,
        help_text=gettext_lazy("If it is known. Needed where the person decided more than once on that day."),
        widget=TimeOfDayInput(),
    )

    def __init__(self, *args: Any, method: str, heard_by: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.method = method
        self.fields["wording"].queryset = _words()  # type: ignore[attr-defined]
        self.fields["unshown"].choices = [("", _("Words were shown")), *_unshown()]  # type: ignore[attr-defined]
        for piece in self._pieces():
            self.fields[piece.name] = _field(piece)
        self.day_field = "spoken_on" if method == Method.ORAL else "decided_on"
        if method == Method.ORAL:
            self.fields["officer"].initial = heard_by
            del self.fields["decided_on"]  # the day of the call
            self.fields["decided_at"] = self.fields.pop("decided_at")  # behind that day
        if method == Method.WRITTEN:
            self.fields["document"] = _document_field(is_again=bool(self.files))
        self.fields["birth_date"] = DayField(
            label=_("Date of birth"),
            required=False,
            help_text=_("Only where the purpose has a minimum age. It is looked at, and not kept."),
        )
        self.fields["is_of_age"] = forms.BooleanField(
            label=_("The person says that they are as old as the purpose asks"),
            required=False,
            widget=UnfoldBooleanWidget(),
        )
        say_plainly(self.fields)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        today = local_date(timezone.now())
        for name in ("decided_on", "birth_date", *PAST_DAYS):
            if given.get(name) and given[name] > today:
                self.add_error(name, _("This day is yet to come. Write the day on which it was."))
        self._check_words(given)
        self._check_time(given)
        if given.get("decision") == Decision.GIVEN:
            for name in PAST_DAYS:
                if given.get(name) and given[name].year < FIRST_YEAR:
                    self.add_error(name, too_long_ago())
            self._check_evidence(given)
            self._check_age(given)
        return given

    def entry(self) -> Entry:
        """What was filled in, as the service takes it."""
        given = self.cleaned_data
        return Entry(
            email=given["email"],
            name=given["name"],
            wording=given["wording"] or _nothing_shown(given["unshown"]),
            decision=given["decision"],
            method=self.method,
            evidence=self._evidence(given),
            age=Age(given["birth_date"], given["is_of_age"] or None),
            decided_on=given.get("decided_on") or given.get("spoken_on") or self._end_of_silence(given),
            decided_at=given["decided_at"],
            upload=given.get("document"),
        )

    def _check_words(self, given: dict[str, Any]) -> None:
        if "wording" in self.errors or "unshown" in self.errors:
            return
        if given["wording"] and given["unshown"]:
            self.add_error("unshown", _BOTH)
        elif given.get("decision") == Decision.GIVEN and not given["wording"]:
            self.add_error("wording", _NO_WORDS)
        elif not (given["wording"] or given["unshown"]):
            self.add_error("wording", _NEITHER)

    def _check_time(self, given: dict[str, Any]) -> None:
        """A time is of a day, and not of one that is yet to come."""
        if given.get("decided_at") is None or "decided_at" in self.errors or self.day_field in self.errors:
            return
        day = given.get(self.day_field)
        if day is None:
            self.add_error(self.day_field, _("Write the day to which the time belongs, or leave the time out."))
        elif datetime.combine(day, given["decided_at"], tzinfo=zone()) > timezone.now():
            self.add_error("decided_at", _("This time is yet to come. Write the time at which it was."))

    def _end_of_silence(self, given: dict[str, Any]) -> date | None:
        """The day on which somebody is taken to agree who did not object."""
        if self.method != Method.OPT_OUT or given["decision"] != Decision.GIVEN:
            return None
        return last_day_to_object(given) + timedelta(days=1)

    def _pieces(self) -> tuple[Piece, ...]:
        return () if self.method == Method.WRITTEN else NEEDED[self.method]

    def _evidence(self, given: dict[str, Any]) -> dict[str, Any]:
        values = {piece.name: in_json(given.get(piece.name)) for piece in self._pieces()}
        return {name: value for name, value in values.items() if value not in (None, "")}

    def _check_evidence(self, given: dict[str, Any]) -> None:
        if self.method == Method.WRITTEN:
            if not isinstance(given.get("document"), UploadedFile) and "document" not in self.errors:
                self.add_error("document", _("Choose the scan of what the person signed."))
            return
        for name, words in read_evidence(self.method, self._evidence(given)).errors.items():
            if name not in self.errors:
                is_empty = given.get(name) in (None, "")
                self.add_error(name, _("Fill this in: it is part of what shows the consent.") if is_empty else words)

    def _check_age(self, given: dict[str, Any]) -> None:
        """The service asks the same; here it is said in the words of this page."""
        minimum = given["wording"].purpose.minimum_age if given.get("wording") else None
        is_told = "birth_date" in self.errors or given.get("birth_date") or given.get("is_of_age")
        by_guardian = self.method == Method.REPRESENTATIVE and given.get("is_guardian")
        if minimum is not None and not is_told and not by_guardian:
            self.add_error(
                "birth_date",
                _(
                    "Consent to this purpose can be given from the age of %(age)d. Give the date of birth, or tick "
                    "below that the person says they are old enough."
                )
                % {"age": minimum},
            )


def _purposes() -> QuerySet[Purpose]:
    """What people can agree to, and what some agreed to who can only take it back: the register changed since."""
    agreed = CurrentConsent.objects.filter(purpose=OuterRef("pk"), decision=Decision.GIVEN)
    can_be_given = Q(lawful_basis=LawfulBasis.CONSENT, is_prohibited=False)
    return Purpose.objects.filter(can_be_given | Exists(agreed))


def _words() -> QuerySet[Wording]:
    return Wording.objects.filter(purpose__in=_purposes()).select_related("purpose")


def _unshown() -> list[tuple[str, str]]:
    """Each purpose with each language of letters."""
    return [
        (f"{purpose.pk} {code}", f"{purpose.title}, {name}")
        for purpose in _purposes().order_by("title")
        for code, name in settings.LETTER_LANGUAGES
    ]


def _nothing_shown(chosen: str) -> NothingShown:
    purpose, language = chosen.split()
    return NothingShown(Purpose.objects.get(pk=purpose), language)


def _field(piece: Piece) -> forms.Field:
    label = str(piece.title)[:1].upper() + str(piece.title)[1:]
    match piece.form:
        case "day":
            return DayField(label=label, required=False)
        case "number":
            return forms.IntegerField(
                label=label, required=False, min_value=1, max_value=LONGEST_PERIOD,
                widget=UnfoldAdminIntegerFieldWidget(),
            )  # fmt: skip
        case "truth":
            return forms.BooleanField(label=label, required=False, widget=UnfoldBooleanWidget())
        case _:
            return forms.CharField(
                label=label, required=False, max_length=piece.longest, widget=UnfoldAdminTextInputWidget()
            )


def _document_field(*, is_again: bool) -> forms.FileField:
    """is_again: the page comes back with something to mend, and no browser keeps the file that was chosen."""
    again = f"{_('Choose the file again: the one you had chosen was not kept.')} " if is_again else ""
    return forms.FileField(
        label=_("Scan of what the person signed"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": accept(KINDS)}),
        help_text=again + _("PDF, JPEG or PNG, 25 MB at most. It can be opened once the virus scanner found it clean."),
    )
