"""The page on which an officer tells people of a breach of security, and looks at the letter before it goes."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSingleDateWidget, UnfoldAdminTextareaWidget

from privacy.letters.admin.previews import as_mail_text
from privacy.letters.errors import BreachNoticeRefused
from privacy.letters.kinds import letter_kind
from privacy.letters.services.breaches import (
    LONGEST_WORDS,
    MOST_PEOPLE,
    BreachTold,
    composed_breach_notice,
    may_notify,
    notify_of_breach,
)


def _words(label: Any, help_text: Any = "") -> forms.CharField:
    widget = UnfoldAdminTextareaWidget(attrs={"rows": 4})
    return forms.CharField(label=label, help_text=help_text, max_length=LONGEST_WORDS, widget=widget)


class BreachNoticeForm(forms.Form):
    """What the laws want said, in the order in which the letter says it."""

    number = forms.UUIDField(widget=forms.HiddenInput())
    what_happened = _words(_("What happened, as people will read it"))
    began_on = forms.DateField(label=_("Day on which it happened, or began"), widget=UnfoldAdminSingleDateWidget())
    ended_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=UnfoldAdminSingleDateWidget(),
        help_text=_("Empty if it was one day."),
    )
    kinds_of_data = _words(_("Which data it concerns"))
    what_we_do = _words(_("What you do so that less harm comes of it"))
    what_you_can_do = _words(_("What people can do themselves"))
    language = forms.ChoiceField(
        label=_("Language of the letter"), choices=settings.LETTER_LANGUAGES, widget=UnfoldAdminSelectWidget()
    )
    people = forms.CharField(
        label=_("E-mail addresses of those whose data it concerns"),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 8}),
        help_text=_("One a line, 100 at most. Each gets a letter of their own and sees no other address."),
    )  # fmt: skip

    @property
    def told(self) -> BreachTold:
        given = self.cleaned_data
        names = ("what_happened", "began_on", "ended_on", "kinds_of_data", "what_we_do", "what_you_can_do")
        return BreachTold(**{name: given[name] for name in names})


class BreachViews:
    """Mixed into the admin of letters."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[URLPattern]:
        view: Callable[..., HttpResponse] = self.admin_site.admin_view(self.breach_view)
        return [path("breach-notice/", view, name="letters_letter_breach_notice"), *super().get_urls()]  # type: ignore[misc]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        extra = {"may_notify_of_breach": may_notify(request.user)} | (extra_context or {})
        answer: HttpResponse = super().changelist_view(request, extra)  # type: ignore[misc]
        return answer

    def breach_view(self, request: HttpRequest) -> HttpResponse:
        """The empty form, the letter that it becomes, or the letters written."""
        if not may_notify(request.user):
            raise PermissionDenied
        if request.method != "POST":
            return self._form(request, BreachNoticeForm(initial={"number": uuid.uuid4()}))
        form = BreachNoticeForm(request.POST)
        if not form.is_valid():
            return self._form(request, form)
        given = form.cleaned_data
        try:
            if "preview" in request.POST:
                letter = composed_breach_notice(told=form.told, language=given["language"])
                shown = as_mail_text(letter, letter_kind(letter.kind))
                return self._form(request, form, heading=letter.heading, shown=shown)
            number = notify_of_breach(
                number=given["number"], told=form.told, people=given["people"].splitlines(),
                language=given["language"], officer=request.user,  # type: ignore[arg-type]
            )  # fmt: skip
        except BreachNoticeRefused as error:
            form.add_error(None, str(error))
            return self._form(request, form)
        done = ngettext("%(n)d letter is on its way.", "%(n)d letters are on their way.", number)
        messages.success(request, done % {"n": number})
        return HttpResponseRedirect(reverse("officer:letters_letter_changelist"))

    def _form(self, request: HttpRequest, form: BreachNoticeForm, **shown: str) -> HttpResponse:
        request.current_app = self.admin_site.name
        context = self.admin_site.each_context(request) | {
            "title": gettext("Tell people of a breach"), "opts": self.opts, "form": form, "most": MOST_PEOPLE,
            "back": reverse("officer:letters_letter_changelist"),
        }  # fmt: skip
        return TemplateResponse(request, "officer/letters/breach.html", context | shown)
