"""Entering a case that came by another way than the portal, and noting that a letter was posted."""

import uuid
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.widgets import (
    UnfoldAdminDateWidget,
    UnfoldAdminEmailInputWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from privacy.letters.errors import LetterError
from privacy.letters.models import Letter
from privacy.register.admin_fields import say_plainly
from privacy.register.selectors import local_date
from privacy.subjects.identifiers import IdentifierKind
from requests.enums import BY_STAFF, Channel, RequestKind
from requests.errors import CaseError, PageSentBefore, RequestInvalid
from requests.models import AuthorityKind
from requests.selectors import visible_cases
from requests.services.by_post import note_case_letter_posted
from requests.services.intake import LONGEST_DETAILS, LONGEST_NAME, LONGEST_REASON
from requests.services.sending_once import send_once
from requests.services.staff_intake import Entry, enter_case

HANDLE = "requests.handle_subjectrequest"


class EnterForm(forms.Form):
    """What is known of a request that reached the organisation outside the portal."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is asked for"), choices=RequestKind.choices, widget=UnfoldAdminSelectWidget()
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("How it came"),
        choices=[(each.value, each.label) for each in Channel if each in BY_STAFF],
        widget=UnfoldAdminSelectWidget(),
    )
    received_on = forms.DateField(
        label=gettext_lazy("Day on which it came"),
        help_text=gettext_lazy("The day it reached anybody in the organisation. The clocks run from it."),
        widget=UnfoldAdminDateWidget(),
    )
    received_reason = forms.CharField(
        label=gettext_lazy("Why it is entered only now"), required=False, max_length=LONGEST_REASON,
        help_text=gettext_lazy("Needed when it came before today."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )  # fmt: skip
    identifier_kind = forms.ChoiceField(
        label=gettext_lazy("The person is known by"), choices=IdentifierKind.choices, widget=UnfoldAdminSelectWidget()
    )
    identifier = forms.CharField(
        label=gettext_lazy("which is"), max_length=320,
        help_text=gettext_lazy("Without an e-mail address letters are made to be printed and posted."),
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    name = forms.CharField(
        label=gettext_lazy("Name of the person"), required=False, max_length=LONGEST_NAME,
        widget=UnfoldAdminTextInputWidget(),
    )  # fmt: skip
    details = forms.CharField(
        label=gettext_lazy("What the person wrote or said"), required=False, max_length=LONGEST_DETAILS,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
    )  # fmt: skip
    residence = forms.RegexField(
        r"^[A-Za-z]{2}(-[A-Za-z0-9]{1,3})?$", label=gettext_lazy("Lives in"), required=False,
        help_text=gettext_lazy("Code of the country or of a part of it, like GH or CA-BC."),
        error_messages={
            "invalid": gettext_lazy(
                "Write the code of the country, two letters like GH for Ghana, or of a part of it, like CA-BC."
            ),
        },
        widget=UnfoldAdminTextInputWidget(),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=gettext_lazy("Language of our letters"), choices=settings.LETTER_LANGUAGES,
        widget=UnfoldAdminSelectWidget(),
    )  # fmt: skip
    is_minor = forms.BooleanField(label=gettext_lazy("The person is a minor"), required=False)
    about = forms.CharField(
        label=gettext_lazy("Reference of the case complained of"), required=False, max_length=40,
        widget=UnfoldAdminTextInputWidget(),
    )  # fmt: skip
    representative_name = forms.CharField(
        label=gettext_lazy("Somebody asks for the person: their name"), required=False, max_length=LONGEST_NAME,
        widget=UnfoldAdminTextInputWidget(),
    )  # fmt: skip
    representative_email = forms.EmailField(
        label=gettext_lazy("their e-mail address"), required=False, widget=UnfoldAdminEmailInputWidget()
    )
    representative_authority = forms.ChoiceField(
        label=gettext_lazy("by what right"), required=False, choices=[("", "—"), *AuthorityKind.choices],
        widget=UnfoldAdminSelectWidget(),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self.fields)

    def entry(self) -> Entry:
        """What was entered, as the service takes it."""
        given = dict(self.cleaned_data)
        names = ("name", "email", "authority")
        who = {name: given.pop(f"representative_{name}") for name in names}
        given["residence"] = given["residence"].upper()
        return Entry(**given, representative=who if any(who.values()) else None)


class EnteringViews:
    """Mixed into the admin of cases."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, "requests_subjectrequest"
        ours = [
            path("enter/", wrap(self.enter_view), name=f"{name}_enter"),
            path("<uuid:pk>/posted/<uuid:letter>/", wrap(require_POST(self.posted_view)), name=f"{name}_posted"),
        ]
        return [*ours, *super().get_urls()]  # type: ignore[misc]

    def enter_view(self, request: HttpRequest) -> HttpResponse:
        """The form; what is posted becomes a case, and its page is shown."""
        if not request.user.has_perm(HANDLE):
            raise PermissionDenied
        today: date = local_date(timezone.now())
        form = EnterForm(request.POST) if request.method == "POST" else EnterForm(initial={"received_on": today})
        if request.method == "POST" and form.is_valid():
            try:
                return self._entered(request, form)
            except RequestInvalid as error:
                form.add_error(error.field if error.field in form.fields else "identifier", str(error))
            except PageSentBefore as error:
                form.add_error(None, str(error))
        request.current_app = self.admin_site.name
        context = self.admin_site.each_context(request) | {"title": _("New case"), "opts": self.opts, "form": form}
        return TemplateResponse(request, "officer/requests/enter.html", context)

    def _entered(self, request: HttpRequest, form: EnterForm) -> HttpResponse:
        """Makes the case, or finds the one that this page made when it was sent the first time."""
        enter = partial(enter_case, entry=form.entry(), officer=request.user)  # type: ignore[arg-type]
        done = send_once(typed=request.POST, work=enter)
        if done.before:
            messages.info(request, _("You had sent this page already. This is the case; there is no second one."))
        else:
            messages.success(request, _("Entered. The person is told that we have it."))
        return HttpResponseRedirect(reverse("officer:requests_subjectrequest_change", args=[done.case.pk]))

    def posted_view(self, request: HttpRequest, pk: uuid.UUID, letter: uuid.UUID) -> HttpResponse:
        """A letter was brought to the post."""
        case = visible_cases(request.user).filter(pk=pk).first()
        found = Letter.objects.filter(pk=letter, case_id=pk).first() if case is not None else None
        if found is None:
            raise Http404
        try:
            note_case_letter_posted(letter=found, officer=request.user)  # type: ignore[arg-type]
        except (CaseError, LetterError) as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Noted: the letter is posted."))
        return HttpResponseRedirect(reverse("officer:requests_subjectrequest_change", args=[pk]))
