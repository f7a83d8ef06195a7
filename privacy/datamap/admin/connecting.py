"""The form by which officers connect a database: tried first, and with the wrong rights only when they say so.

Danger: the address holds a password. Rule: it is typed into a password field and never comes back to a page, not even
to have it accepted: who connects in spite of a warning types it again.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget, UnfoldBooleanWidget

from privacy.datamap.errors import SourceNameTaken
from privacy.datamap.models import Source
from privacy.datamap.services.trying import Trial


class AddressForm(forms.Form):
    """Address of a database; with a trial, also that its outcome is accepted.

    seen: digest of the outcome that was shown. Who accepted one state of the rights has accepted no other.
    """

    address = forms.CharField(
        label=gettext_lazy("Address"),
        strip=True,
        help_text=gettext_lazy(
            "PostgreSQL: postgresql://login:password@host:5432/database. MariaDB: "
            "mysql://login:password@host:3306/database. SQLite: sqlite:/// and the whole path of the file, in a "
            "directory that an operator has opened for your organisation. Use a login of its own that may SELECT, "
            "UPDATE and DELETE in all tables there. The address is encrypted and never shown again."
        ),
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "off", "class": "max-w-2xl"}),
    )
    accept = forms.BooleanField(
        label=gettext_lazy("Connect it all the same, with these rights"), required=False, widget=UnfoldBooleanWidget()
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput())

    shown: tuple[str, ...] = ("address",)

    def accepts(self, trial: Trial) -> bool:
        """Whether the officer saw exactly this outcome and wants the source all the same."""
        return bool(self.cleaned_data["accept"]) and self.cleaned_data["seen"] == trial.digest

    def after(self, trial: Trial) -> "AddressForm":
        """The form for the next attempt, which knows what was shown, and nothing of the address."""
        kept = {name: self.cleaned_data[name] for name in self.shown if name != "address"}
        return type(self)(initial=kept | {"seen": trial.digest})


class ConnectForm(AddressForm):
    """Name and address of a database that becomes a source."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("How officers call it, for example CRM."),
        widget=UnfoldAdminTextInputWidget(),
    )
    shown = ("name", "address")

    def clean_name(self) -> str:
        """Said before anything is tried, so that nobody types the address again for the sake of a name."""
        name: str = self.cleaned_data["name"]
        if Source.objects.filter(name=name).exists():
            raise forms.ValidationError(str(SourceNameTaken()))
        return name


def shown_fields(form: AddressForm, trial: Trial | None) -> list[Any]:
    """The fields to be filled in; there is nothing to accept before a trial."""
    return [form[name] for name in (*form.shown, *(("accept",) if trial is not None else ()))]


_MEANS = {
    "SUPERUSER": gettext_lazy("it may do everything, in every database of the server"),
    "SUPER": gettext_lazy("it may do everything, in every database of the server"),
    "CREATEROLE": gettext_lazy("it may make other logins"),
    "CREATEDB": gettext_lazy("it may make databases"),
    "REPLICATION": gettext_lazy("it may copy everything that the server holds"),
    "CREATE SCHEMA": gettext_lazy("it may make schemas"),
    "CREATE TABLE": gettext_lazy("it may make tables"),
    "OTHER DATABASES": gettext_lazy("it may also go into other databases"),
    "ALL DATABASES": gettext_lazy("it may also go into every other database"),
    "OWNER": gettext_lazy("it owns tables and may drop or rebuild them"),
    "CREATE": gettext_lazy("it may make tables"),
    "DROP": gettext_lazy("it may drop tables"),
    "ALTER": gettext_lazy("it may rebuild tables"),
    "INSERT": gettext_lazy("it may add rows"),
    "TRUNCATE": gettext_lazy("it may empty whole tables at once"),
    "REFERENCES": gettext_lazy("it may make foreign keys to tables"),
    "TRIGGER": gettext_lazy("it may have tables do things by themselves"),
}


def too_much(trial: Trial | None) -> list[tuple[str, str]]:
    """Each right that goes too far, as the product names it, and what it means; empty where the name says it."""
    found = trial.excessive if trial is not None else ()
    return [(words, _meaning(words)) for words in found]


def in_plain_words(right: str) -> str:
    """A right that goes too far with what it means, where its name does not say it."""
    meaning = _meaning(right)
    return f"{right}: {meaning}" if meaning else right


def _meaning(words: str) -> str:
    return str(_MEANS.get(words.partition(" (")[0], ""))
