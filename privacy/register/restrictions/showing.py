"""Restrictions as pages of officers show them: the person masked, everything else in words."""

from datetime import timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from privacy.register.restrictions.enums import ScopeKind
from privacy.register.restrictions.models import Restriction
from privacy.subjects.identifiers import masked


def masked_person(restriction: Restriction) -> str:
    """How the person is known, as far as a list may show it. Their identifiers are prefetched."""
    return ", ".join(masked(each.kind, each.value) for each in restriction.subject.identifiers.all()) or "–"


def scope_words(restriction: Restriction) -> str:
    """What it is about."""
    match restriction.scope:
        case ScopeKind.PURPOSE:
            assert restriction.purpose is not None
            return _("for “%(purpose)s”") % {"purpose": restriction.purpose.title}
        case ScopeKind.CATEGORY:
            return _("data “%(category)s”") % {"category": restriction.get_category_display()}
    return _("all processing")


def state_badge(restriction: Restriction) -> SafeString:
    """Whether it holds, and since when it does not."""
    if restriction.is_in_force and restriction.in_force_until is not None:
        last = date_format(localtime(restriction.in_force_until - timedelta(seconds=1)), "j M Y")
        return format_html('<span class="pd-badge pd-badge--soon">{}</span>', _("until %(day)s") % {"day": last})
    if restriction.is_in_force:
        return format_html('<span class="pd-badge pd-badge--soon">{}</span>', _("in force"))
    over = restriction.lifted_at or restriction.in_force_until
    day = date_format(localtime(over), "j M Y") if over else ""
    return format_html('<span class="pd-badge pd-badge--plain">{}</span>', _("lifted %(day)s") % {"day": day})


def case_link(restriction: Restriction) -> SafeString | str:
    """The case by which the person asked."""
    if restriction.case_id is None:
        return "–"
    link = reverse("officer:requests_subjectrequest_change", args=[restriction.case_id])
    return format_html('<a href="{}">{}</a>', link, _("open the case"))
