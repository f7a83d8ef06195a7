"""Getting into the preference centre: by a link that is asked for with an e-mail address."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from consent.forms import LinkForm
from consent.services import ask_for_preferences_link
from consent.views.choosing import overview
from privacy.portal.errors import too_many_attempts
from privacy.portal.floods import within_limit
from privacy.portal.machines import machine_of
from privacy.portal.mail_links import MailLinkView
from privacy.portal.visits import current_visit
from privacy.subjects.models import LinkPurpose

FROM_ONE_MACHINE, IN_AN_HOUR = 20, timedelta(hours=1)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """During a visit the consents; else the form that asks for the link."""
    if request.method == "POST":
        return _ask(request, LinkForm(request.POST))
    if visit := current_visit(request, LinkPurpose.PREFERENCES):
        return overview(request, visit)
    return render(request, "consent/ask.html", {"form": LinkForm()})


def _ask(request: HttpRequest, form: LinkForm) -> HttpResponse:
    if not form.is_valid():
        return render(request, "consent/ask.html", {"form": form})
    machine = machine_of(request)
    if not within_limit(what="consent.link", who=machine, limit=FROM_ONE_MACHINE, period=IN_AN_HOUR):
        return too_many_attempts(request)
    ask_for_preferences_link(email=form.cleaned_data["email"], language=get_language() or "en")
    return redirect("consent:ask_sent")


@require_GET
def ask_sent(request: HttpRequest) -> HttpResponse:
    """The same page whether or not the address is known."""
    return render(request, "consent/ask_sent.html")


class PreferencesLinkView(MailLinkView):
    purpose = LinkPurpose.PREFERENCES
    leads_to = "consent:preferences"
    ask_again = "consent:preferences"
    heading = _("Your consents")
    words = _("Press the button to see what you agreed to, and to change it.")
    button = _("Show my consents")
