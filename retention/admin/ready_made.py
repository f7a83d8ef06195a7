"""Adding rules of templates on the officers' site: what each would do here, ticked, added switched off."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin

from privacy.datamap.admin.trying import untried_words
from privacy.ledger.actors import Actor
from retention.errors import TemplateRefused
from retention.ready_made.placing import Placing
from retention.ready_made.templates import TEMPLATES
from retention.services import add_ready_made

RULES = "officer:retention_rule_changelist"


def may_add(request: HttpRequest) -> bool:
    """Templates hold rules and statutory minimums; who adds them may add both."""
    return request.user.has_perm("retention.add_rule") and request.user.has_perm("retention.add_minimum")


def ready_made_page(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The page with all templates; posted, it adds what is ticked.

    Raises:
        PermissionDenied: the officer may not add rules.
    """
    if not may_add(request):
        raise PermissionDenied
    if request.method == "POST":
        return _add(request)
    placing = Placing()
    request.current_app = admin.admin_site.name
    context: dict[str, Any] = admin.admin_site.each_context(request) | {
        "title": _("Add from a template"),
        "opts": admin.opts,
        "placed": [placing.place(template) for template in TEMPLATES],
        "back": reverse(RULES),
    }
    return TemplateResponse(request, "officer/retention/ready_made.html", context)


def _add(request: HttpRequest) -> HttpResponse:
    keys = request.POST.getlist("rule")
    if not keys:
        messages.warning(request, _("Nothing was ticked, so nothing was added."))
        return HttpResponseRedirect(request.path)
    untried: list[str] = []
    try:
        added = add_ready_made(keys=keys, actor=Actor.officer(request.user), tell_untried=untried.append)
    except TemplateRefused as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(request.path)
    if not added:
        messages.info(request, _("All of it was there already; nothing was changed."))
        return HttpResponseRedirect(request.path)
    words = ngettext(
        "%(n)d added, switched off. Look at it, then make it active.",
        "%(n)d added, switched off. Look at each, then make it active.",
        len(added),
    )
    messages.success(request, words % {"n": len(added)})
    for why in dict.fromkeys(untried):
        messages.warning(request, untried_words(why))
    return HttpResponseRedirect(reverse(RULES))
