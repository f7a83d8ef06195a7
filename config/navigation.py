"""What stands in the sidebars. Whoever may not see a page sees no link to it; badges are text, never colour alone."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from config.officer_counts import (
    attention_runs,
    case_counts,
    my_open_tasks,
    open_findings_count,
    waiting_runs,
    withdrawal_counts,
)

Item = dict[str, Any]


def organisation_name(request: HttpRequest) -> str:
    """Whose desk it is."""
    organisation = getattr(request, "tenant", None)
    return organisation.name if organisation is not None else _("Privacy Desk")


def zone_of_times(request: HttpRequest) -> str:
    """Under the name on every page: which clock the times on the pages are read from."""
    return _("Times in %(zone)s") % {"zone": timezone.get_current_timezone_name()}


def account_links(request: HttpRequest) -> list[dict[str, str]]:
    return [{"title": _("Change password"), "link": reverse("admin:password_change")}]


def officer_navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Groups of links for the officer who is signed in."""
    groups = [
        {"title": "", "items": _work(request)},
        {"title": _("Retention"), "items": _retention(request)},
        {"title": _("Data map"), "items": _data_map(request)},
        {"title": _("Register"), "items": _register(request)},
        {"title": _("Proof"), "items": _proof(request)},
        {"title": _("Settings"), "items": _settings(request)},
    ]
    return [group | {"separator": bool(number)} for number, group in enumerate(groups) if group["items"]]


def operator_navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Groups of links for an operator."""
    return [
        {"title": "", "items": [_plain(_("Overview"), "dashboard", reverse("operator:index"))]},
        {
            "title": _("Organisations"),
            "items": [
                _plain(_("Organisations"), "apartment", reverse("operator:tenants_organisation_changelist")),
                _plain(_("Destroyed"), "delete_forever", reverse("operator:tenants_destructioncertificate_changelist")),
                _plain(_("Host names"), "dns", reverse("operator:tenants_domain_changelist")),
            ],
        },
        {
            "title": _("Work"),
            "items": [
                _plain(_("Jobs"), "work_history", reverse("operator:jobs_job_changelist")),
                _plain(_("Schedules"), "schedule", reverse("operator:jobs_schedule_changelist")),
            ],
        },
        {
            "title": _("Access"),
            "items": [_plain(_("Operators"), "badge", reverse("operator:tenants_operator_changelist"))],
        },
    ]


def _work(request: HttpRequest) -> list[Item]:
    items = [_plain(_("Dashboard"), "dashboard", reverse("officer:index"))]
    cases = _items(request, (_("Cases"), "inbox", "requests.subjectrequest"))
    for item in cases:
        counts = case_counts(request)
        if counts.overdue:
            item |= _badge(_("%(n)d overdue") % {"n": counts.overdue}, "danger")
        elif counts.open:
            item |= _badge(_("%(n)d open") % {"n": counts.open}, "info")
    return items + cases + _tasks(request) + _withdrawals(request) + _closing(request)


def _withdrawals(request: HttpRequest) -> list[Item]:
    """Withdrawals of consent that others still have to hear of."""
    items = _items(request, (_("Withdrawals"), "forward_to_inbox", "consent.withdrawaltask"))
    for item in items:
        counts = withdrawal_counts(request)
        if counts.overdue:
            item |= _badge(_("%(n)d overdue") % {"n": counts.overdue}, "danger")
        elif counts.open:
            item |= _badge(_("%(n)d open") % {"n": counts.open}, "info")
    return items


def _closing(request: HttpRequest) -> list[Item]:
    """The end of the organisation, once it is cancelled."""
    organisation = getattr(request, "tenant", None)
    if organisation is None or not organisation.is_cancelled:
        return []
    items = _items(request, (_("End and export"), "exit_to_app", "offboarding.organisationexport"))
    return [item | _badge(_("read-only"), "danger") for item in items]


def _tasks(request: HttpRequest) -> list[Item]:
    if not request.user.has_perm("requests.view_subjectrequest"):
        return []
    item = _plain(_("My tasks"), "task_alt", f"{reverse('officer:errands_errand_changelist')}?show=mine")
    if number := my_open_tasks(request):
        item |= _badge(_("%(n)d open") % {"n": number}, "info")
    return [item]


def _retention(request: HttpRequest) -> list[Item]:
    items = _items(
        request,
        (_("Rules"), "rule", "retention.rule"),
        (_("Statutory minimums"), "gavel", "retention.minimum"),
        (_("Runs"), "play_circle", "retention.run"),
        (_("Holds"), "lock", "retention.hold"),
    )
    for item in items:
        if item["icon"] == "play_circle" and (stuck := attention_runs(request) + waiting_runs(request)):
            item |= _runs_badge(request, stuck)
    if request.user.has_perms(["retention.view_rule", "datamap.view_dataset"]):
        items.append(_plain(_("Why is this still here?"), "contact_support", reverse("officer:retention_why")))
    return items


def _runs_badge(request: HttpRequest, stuck: int) -> Item:
    """Whoever only looks is not told that runs wait for them."""
    if request.user.has_perms(["retention.start_run", "retention.approve_run"]):
        return _badge(_("%(n)d need you") % {"n": stuck}, "danger")
    return _badge(_("%(n)d waiting") % {"n": stuck}, "info")


def _data_map(request: HttpRequest) -> list[Item]:
    items = _items(
        request,
        (_("Findings"), "troubleshoot", "datamap.finding"),
        (_("Sources"), "database", "datamap.source"),
        (_("Datasets"), "table", "datamap.dataset"),
    )
    for item in items:
        if item["icon"] == "troubleshoot" and (found := open_findings_count(request)):
            item |= _badge(_("%(n)d open") % {"n": found}, "warning")
    return items


def _register(request: HttpRequest) -> list[Item]:
    return _items(
        request,
        (_("Activities"), "account_tree", "activities.processingactivity"),
        (_("Purposes"), "target", "register.purpose"),
        (_("Consent wordings"), "format_quote", "consent.wording"),
        (_("Opt-out campaigns"), "unsubscribe", "consent.optoutcampaign"),
        (_("Cookie banners"), "cookie", "cookies.cookiesite"),
        (_("Notices"), "description", "register.notice"),
        (_("Announcements"), "campaign", "announcements.noticeannouncement"),
        (_("Recipients"), "group", "register.recipient"),
        (_("Holidays"), "event", "register.holidayoverlay"),
        (_("Disclosures"), "outbox", "register.disclosure"),
        (_("Without consent"), "gpp_maybe", "activities.processingwithoutconsent"),
        (_("Restrictions"), "do_not_disturb_on", "restrictions.restriction"),
        (_("Wordings of letters"), "edit_note", "letters.lettertemplate"),
    )


def _proof(request: HttpRequest) -> list[Item]:
    return _items(
        request,
        (_("Consents"), "how_to_reg", "consent.consentrecord"),
        (_("Acceptances"), "fact_check", "announcements.noticeacceptance"),
        (_("Cookie choices"), "toggle_on", "cookies.cookiechoice"),
        (_("Letters"), "mail", "letters.letter"),
        (_("Ledger"), "receipt_long", "ledger.ledgerentry"),
    )


def _settings(request: HttpRequest) -> list[Item]:
    return _items(
        request,
        (_("Organisation"), "apartment", "register.organisationprofile"),
        (_("Officers"), "badge", "officers.officer"),
        (_("API keys"), "key", "officers.apikey"),
    )


def _items(request: HttpRequest, *links: tuple[str, str, str]) -> list[Item]:
    """Links to lists, by title, icon and `app.model`, as far as the officer may see the model."""
    found = []
    for title, icon, label in links:
        app, model = label.split(".")
        if request.user.has_perm(f"{app}.view_{model}"):
            found.append(_plain(title, icon, reverse(f"officer:{app}_{model}_changelist")))
    return found


def _plain(title: str, icon: str, link: str) -> Item:
    return {"title": title, "icon": icon, "link": link}


def _badge(text: str, variant: str) -> Item:
    return {"badge": text, "badge_variant": variant}
