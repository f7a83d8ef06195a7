"""The two admin sites: the officers' on organisations' hosts, the operators' on the public host.

Danger: one site that knows both kinds of models shows an operator personal data, or an officer other organisations.
Rule: each site lists its models here, one by one; nothing registers itself. The officers' site knows models of the
organisation's schema only, the operators' site models of the public schema only, and each lets in its own kind of
people only.
"""

from functools import wraps
from typing import Any

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_protect
from unfold.sites import UnfoldAdminSite

from config.officer_dashboard import dashboard
from config.operator_overview import overview
from config.refused_forms import with_words
from config.sign_in import OfficerSignIn
from config.signed_out import without_session
from consent.admin import ConsentRecordAdmin, CurrentConsentAdmin, OptOutCampaignAdmin, WordingAdmin
from consent.announcements.acceptances_admin import NoticeAcceptanceAdmin
from consent.announcements.admin import NoticeAnnouncementAdmin
from consent.announcements.models import NoticeAcceptance, NoticeAnnouncement
from consent.announcements.notices_admin import AcceptedNoticeAdmin
from consent.cookies.admin import CookieBannerAdmin, CookieCategoryAdmin, CookieChoiceAdmin, CookieSiteAdmin
from consent.cookies.models import CookieBanner, CookieCategory, CookieChoice, CookieSite
from consent.models import ConsentRecord, CurrentConsent, OptOutCampaign, WithdrawalTask, Wording
from consent.propagation.admin import WithdrawalTaskAdmin
from privacy.datamap.admin import DatasetAdmin, FindingAdmin
from privacy.datamap.models import Dataset, Finding, Source
from privacy.errands.admin import SourceAdmin
from privacy.errands.models import Errand
from privacy.jobs.admin import JobAdmin, ScheduleAdmin
from privacy.jobs.models import Job, Schedule
from privacy.ledger.admin import LedgerEntryAdmin
from privacy.ledger.models import LedgerEntry
from privacy.letters.admin import LetterAdmin, LetterTemplateAdmin
from privacy.letters.models import Letter, LetterTemplate
from privacy.offboarding.admin import OrganisationExportAdmin
from privacy.offboarding.models import OrganisationExport
from privacy.offboarding.operator_admin import ClosingOrganisationAdmin, DestructionCertificateAdmin
from privacy.officers.admin import ApiKeyAdmin, OfficerAdmin
from privacy.officers.models import ApiKey, Officer
from privacy.register.activities.admin import ActivityAdmin, WithoutConsentAdmin
from privacy.register.activities.models import ProcessingActivity, ProcessingWithoutConsent
from privacy.register.admin import ProfileAdmin, PurposeAdmin
from privacy.register.disclosures.admin import DisclosureAdmin
from privacy.register.holiday_admin import HolidayAdmin
from privacy.register.models import Disclosure, HolidayOverlay, Notice, OrganisationProfile, Purpose, Recipient
from privacy.register.recipient_admin import RecipientAdmin
from privacy.register.restrictions.admin import RestrictionAdmin
from privacy.register.restrictions.models import Restriction
from privacy.tenants.admin import DomainAdmin, OperatorAdmin
from privacy.tenants.models import DestructionCertificate, Domain, Operator, Organisation
from requests.admin import SubjectRequestAdmin
from requests.admin.file_pages import case_file_urls
from requests.admin.redaction_pages import redaction_urls
from requests.admin.tasks import TaskAdmin
from requests.models import SubjectRequest
from retention.admin import HoldAdmin, MinimumAdmin, RuleAdmin, RunAdmin
from retention.admin.why import why_urls
from retention.models import Hold, Minimum, Rule, Run


class StaffSite(UnfoldAdminSite):
    """What both staff sites do alike."""

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Whoever comes here by no other page goes on to the first one; the theme's form does not carry it."""
        if REDIRECT_FIELD_NAME not in request.GET:
            query = request.GET.copy()
            query[REDIRECT_FIELD_NAME] = reverse(f"{self.name}:index")
            request.GET = query  # type: ignore[assignment]
        return super().login(request, extra_context)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Whoever was signed out, or may see or do less than before, gets their words back, of whichever form."""
        checked = super().admin_view(view, cacheable)

        @wraps(checked)
        def with_words_kept(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            is_lost = request.method == "POST" and not self.has_permission(request)
            if is_lost and request.path != reverse(f"{self.name}:logout"):
                return without_session(request, site=self)
            try:
                return checked(request, *args, **kwargs)
            except (Http404, PermissionDenied) as error:
                return with_words(request, error, site=self)

        return with_words_kept if getattr(view, "csrf_exempt", False) else csrf_protect(with_words_kept)


class OfficerSite(StaffSite):
    """Where an organisation's officers work."""

    settings_name = "UNFOLD_OFFICER"
    login_form = OfficerSignIn
    index_template = "officer/dashboard.html"
    index_title = _("Dashboard")

    def has_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, Officer) and request.user.is_active

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, {"dashboard": dashboard(request), **(extra_context or {})})

    def get_urls(self) -> list[Any]:
        """Also the pages that are no model's."""
        return [*why_urls(self), *case_file_urls(self), *redaction_urls(self), *super().get_urls()]

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The dashboard is the only index."""
        return HttpResponseRedirect(reverse("officer:index"))


class OperatorSite(StaffSite):
    """Where those who run the installation see organisations and work; no organisation's data."""

    settings_name = "UNFOLD_OPERATOR"
    index_template = "officer/operations.html"
    index_title = _("Installation")

    def has_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, Operator) and request.user.is_active

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, {"overview": overview(), **(extra_context or {})})

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The overview is the only index."""
        return HttpResponseRedirect(reverse("operator:index"))


officer_site = OfficerSite(name="officer")
officer_site.register(SubjectRequest, SubjectRequestAdmin)
officer_site.register(Errand, TaskAdmin)
officer_site.register(Rule, RuleAdmin)
officer_site.register(Minimum, MinimumAdmin)
officer_site.register(Run, RunAdmin)
officer_site.register(Hold, HoldAdmin)
officer_site.register(Source, SourceAdmin)
officer_site.register(Dataset, DatasetAdmin)
officer_site.register(Finding, FindingAdmin)
officer_site.register(OrganisationProfile, ProfileAdmin)
officer_site.register(Purpose, PurposeAdmin)
officer_site.register(ProcessingActivity, ActivityAdmin)
officer_site.register(ProcessingWithoutConsent, WithoutConsentAdmin)
officer_site.register(Notice, AcceptedNoticeAdmin)
officer_site.register(Recipient, RecipientAdmin)
officer_site.register(HolidayOverlay, HolidayAdmin)
officer_site.register(Disclosure, DisclosureAdmin)
officer_site.register(Restriction, RestrictionAdmin)
officer_site.register(Wording, WordingAdmin)
officer_site.register(ConsentRecord, ConsentRecordAdmin)
officer_site.register(CurrentConsent, CurrentConsentAdmin)
officer_site.register(NoticeAnnouncement, NoticeAnnouncementAdmin)
officer_site.register(NoticeAcceptance, NoticeAcceptanceAdmin)
officer_site.register(WithdrawalTask, WithdrawalTaskAdmin)
officer_site.register(OptOutCampaign, OptOutCampaignAdmin)
officer_site.register(CookieSite, CookieSiteAdmin)
officer_site.register(CookieCategory, CookieCategoryAdmin)
officer_site.register(CookieBanner, CookieBannerAdmin)
officer_site.register(CookieChoice, CookieChoiceAdmin)
officer_site.register(Letter, LetterAdmin)
officer_site.register(LetterTemplate, LetterTemplateAdmin)
officer_site.register(LedgerEntry, LedgerEntryAdmin)
officer_site.register(Officer, OfficerAdmin)
officer_site.register(ApiKey, ApiKeyAdmin)
officer_site.register(OrganisationExport, OrganisationExportAdmin)

operator_site = OperatorSite(name="operator")
operator_site.register(Organisation, ClosingOrganisationAdmin)
operator_site.register(DestructionCertificate, DestructionCertificateAdmin)
operator_site.register(Domain, DomainAdmin)
operator_site.register(Operator, OperatorAdmin)
operator_site.register(Job, JobAdmin)
operator_site.register(Schedule, ScheduleAdmin)
