"""The forms in which officers write a banner."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminURLInputWidget

from consent.cookies.admin.language_fields import by_language, gathered, spread, text_area, text_input
from consent.cookies.enums import DurationUnit
from consent.cookies.errors import OriginInvalid
from consent.cookies.models import Cookie, CookieCategory, CookieSite
from consent.cookies.origins import read_origin
from consent.cookies.texts import EDITABLE, LONGEST, LONGEST_OTHERS, languages
from privacy.register.admin_fields import LinesField, say_plainly

_COOKIE_NAME = re.compile(r"[A-Za-z0-9_.-]{1,99}\*?")
_DOMAIN = re.compile(r"\.?(?:[a-z0-9-]+\.)+[a-z0-9-]+")

LABELS = {
    "title": gettext_lazy("Heading"),
    "text": gettext_lazy("Text"),
    "accept": gettext_lazy("Button that accepts all"),
    "reject": gettext_lazy("Button that rejects all"),
    "settings": gettext_lazy("Button that shows the categories"),
    "save": gettext_lazy("Button that saves"),
    "settings_title": gettext_lazy("Heading of the categories"),
    "settings_text": gettext_lazy("Text above the categories"),
    "button": gettext_lazy("Button that is always there"),
}


class OriginsField(LinesField):
    """Addresses of sites, one on each line."""

    def to_python(self, value: Any) -> Any:
        found = []
        for number, line in enumerate(super().to_python(value), 1):
            try:
                found.append(read_origin(line))
            except OriginInvalid as error:
                raise ValidationError(_("Line %(n)d: %(what)s") % {"n": number, "what": error.message}) from None
        return list(dict.fromkeys(found))

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return super().has_changed(initial, data)
        except ValidationError:
            return True


class SiteBase(ModelForm):
    """A banner: where it may stand, and its words in each language."""

    origins = OriginsField(
        label=gettext_lazy("Addresses of the site"),
        longest=300,
        help_text=gettext_lazy(
            "One on each line, like https://www.example.com. Only their pages may show the banner and record choices."
        ),
    )
    default_language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        widget=UnfoldAdminSelectWidget(),
        help_text=gettext_lazy("For pages in a language that the banner does not have."),
    )

    policy_url = forms.URLField(
        label=gettext_lazy("Cookie or privacy policy"),
        required=False,
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget(),
    )

    class Meta:
        model = CookieSite
        fields = ("name", "code", "origins", "default_language", "policy_url", "ask_again_days", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self.fields)
        if "default_language" in self.fields:
            self.fields["default_language"].choices = languages()  # type: ignore[attr-defined]
        for code, _language in languages():
            own = self.instance.texts.get(code, {})
            for key in EDITABLE:
                if field := self.fields.get(f"{key}_{code}"):
                    field.initial = own.get(key, "")
                    field.help_text = _built_in(key, code)

    def clean_policy_url(self) -> str:
        address: str = self.cleaned_data["policy_url"]
        if address and not address.startswith("https://"):
            raise ValidationError(_("It has to begin with https://."))
        return address

    def save(self, commit: bool = True) -> Any:
        if any(f"{key}_{code}" in self.fields for key in EDITABLE for code, _name in languages()):
            self.instance.texts = {
                code: {key: text for key in EDITABLE if (text := self.cleaned_data.get(f"{key}_{code}"))}
                for code, _language in languages()
            }
        return super().save(commit)


def _built_in(key: str, language: str) -> str:
    with translation.override(language):
        words = str(EDITABLE[key])
    return _("Empty: “%s”") % words


def _site_fields() -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {}
    for key, label in LABELS.items():
        longest = LONGEST.get(key, LONGEST_OTHERS)
        found |= by_language(key, label, text_area(longest) if key in LONGEST else text_input(longest))
    return found


SiteForm = type("SiteForm", (SiteBase,), _site_fields())


class CategoryBase(ModelForm):
    class Meta:
        model = CookieCategory
        fields = ("site", "code", "order", "is_necessary", "is_sale", "is_offered")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self.fields)
        for name in ("title", "description"):
            for field, text in spread(getattr(self.instance, name), name).items():
                if field in self.fields:
                    self.fields[field].initial = text

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("is_necessary") and given.get("is_sale"):
            self.add_error("is_sale", _("What can be refused by a signal is not necessary."))
        return given

    def save(self, commit: bool = True) -> Any:
        for name in ("title", "description"):
            setattr(self.instance, name, gathered(self.cleaned_data, name))
        return super().save(commit)


CategoryForm = type(
    "CategoryForm",
    (CategoryBase,),
    by_language("title", gettext_lazy("Title"), text_input(60))
    | by_language("description", gettext_lazy("Description"), text_area(400)),
)


class CookieBase(ModelForm):
    class Meta:
        model = Cookie
        fields = ("name", "domain", "provider", "duration_amount", "duration_unit")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self.fields)
        for field, text in spread(self.instance.purpose, "purpose").items():
            if field in self.fields:
                self.fields[field].initial = text
                self.fields[field].widget = UnfoldAdminTextareaWidget(attrs={"rows": 2})

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        if not _COOKIE_NAME.fullmatch(name):
            raise ValidationError(_("Letters, digits, hyphens, dots and underscores; a star only at the end."))
        return name

    def clean_domain(self) -> str:
        domain: str = self.cleaned_data["domain"].strip().lower()
        if domain and not _DOMAIN.fullmatch(domain):
            raise ValidationError(_("Write it like example.com."))
        return domain.lstrip(".")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        session = given.get("duration_unit") == DurationUnit.SESSION
        if session and given.get("duration_amount"):
            self.add_error("duration_amount", _("Leave it empty for a cookie that lasts until the browser is closed."))
        if not session and not given.get("duration_amount"):
            self.add_error("duration_amount", _("Say how long it lasts."))
        return given

    def save(self, commit: bool = True) -> Any:
        self.instance.purpose = gathered(self.cleaned_data, "purpose")
        return super().save(commit)


CookieForm = type(
    "CookieForm", (CookieBase,), by_language("purpose", gettext_lazy("What it is for"), text_area(200, 2))
)
