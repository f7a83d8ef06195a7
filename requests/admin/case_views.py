"""The page of a case and the acts on it. Every act is a POST that calls one service; what a service refuses becomes a
message on the page of the case. A case that the officer may not see is not found.
"""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from privacy.letters.wording import LINK_PLACEHOLDER
from privacy.officers.access import may
from requests import services
from requests.admin.act_previews import letter_of_act
from requests.admin.acts import ACTS, Act
from requests.admin.answer_views import AnswerViews
from requests.admin.assigning import AssignForm
from requests.admin.authority_file_views import AuthorityFileViews
from requests.admin.cards import FIRST_TAB, TABS, tab_context
from requests.admin.cards.asked import answers_of
from requests.admin.case_page import case_context, head_context, results_context
from requests.admin.deciding import decided_on
from requests.admin.decision_views import DecisionViews, parts_context
from requests.admin.narrowing_views import narrowing_views
from requests.admin.not_done import not_done, sent_before
from requests.admin.post_views import PostViews
from requests.admin.presenting import with_flags
from requests.admin.rectification_views import rectification_views
from requests.admin.refusal_form import RefusalForm
from requests.admin.viewing import note_view
from requests.case_files.releasing import kept_out
from requests.enums import RequestKind, RequestState
from requests.errors import CaseError, DecisionInvalid
from requests.models import SubjectRequest
from requests.selectors import visible_cases
from requests.services.cooling_off import cools_off
from requests.services.moves import check_may_handle
from requests.services.sending_once import send_once, was_sent_before
from requests.traits import Answer, traits_of

View = Callable[..., HttpResponse]


class CaseViews(AnswerViews, AuthorityFileViews, DecisionViews, PostViews):
    """Mixed into the admin of cases."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[URLPattern]:
        views: dict[str, View] = {act.code: partial(self.act_view, act=act) for act in ACTS}
        views |= {
            "decide": self.decide_view,
            "grant": require_POST(self.grant_view),
            "refuse": require_POST(self.refuse_view),
            "approve_erasure": self.approve_view,
            "assign": require_POST(self.assign_view),
            "results": self.results_view,
            **self.decision_views(),
        }
        views |= self.answer_views() | self.authority_file_views() | self.post_views()
        views |= rectification_views(self) | narrowing_views(self)
        ours = [
            path(
                f"<uuid:pk>/{code.replace('_', '-')}/",
                self.admin_site.admin_view(view),
                name=f"requests_subjectrequest_{code}",
            )
            for code, view in views.items()
        ]
        return [*ours, *super().get_urls()]  # type: ignore[misc]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page of a case; it changes nothing by itself."""
        case = self._case(request, object_id)
        note_view(case=case, officer=request.user)  # type: ignore[arg-type]
        tab = request.GET.get("tab", FIRST_TAB)
        if tab not in dict(TABS):
            raise Http404
        context = head_context(case, request.user) | tab_context(case, request.user, tab) | (extra_context or {})  # type: ignore[arg-type]
        return self._page(request, "officer/requests/case.html", case, case.reference, context)

    def results_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """The panel of results by itself, asked for again and again while work is going on."""
        case = self._case(request, pk)
        response = self._page(request, "officer/requests/results.html", case, "", results_context(case))
        response["X-Live"] = case.state
        return response

    def act_view(self, request: HttpRequest, pk: uuid.UUID, act: Act) -> HttpResponse:
        """Asks whether the officer means it, and for what else the act needs; then does it. Only of who may do it."""
        case, officer = self._case(request, pk), request.user
        if act.perform is not None and request.method == "POST":  # what it refuses it says in its own words
            return self._perform(request, case, partial(act.perform, case, officer), act.done)  # type: ignore[arg-type]
        if request.method == "POST" and was_sent_before(request.POST):
            return sent_before(request, case)
        if not act.fits(case):
            return not_done(self, request, case, _("The case has moved on; this cannot be done any more."))
        try:
            check_may_handle(officer, case)  # type: ignore[arg-type]
        except CaseError as error:
            return not_done(self, request, case, error)
        form = act.form(case, request.POST if request.method == "POST" else None) if act.form else None
        if request.method != "POST" or form is None or not form.is_valid():
            return self._page(request, "officer/requests/act.html", case, act.title, {"act": act, "form": form})
        if "preview" in request.POST and act.letter:
            return self._shown(request, case, act, form)
        return self._submit(request, case, act, form)

    def _shown(self, request: HttpRequest, case: SubjectRequest, act: Act, form: forms.Form) -> HttpResponse:
        """The letter above the form, which keeps what was typed; what the service refuses stands there instead."""
        context: dict[str, Any] = {"act": act, "form": form}
        try:
            letter = letter_of_act(act, case, request.user, form.cleaned_data)  # type: ignore[arg-type]
        except CaseError as error:
            form.add_error(None, str(error))
        else:
            context |= {"heading": letter.heading, "shown": letter.body.replace(LINK_PLACEHOLDER, "https://…")}
        return self._page(request, "officer/requests/act.html", case, act.title, context)

    def _submit(self, request: HttpRequest, case: SubjectRequest, act: Act, form: forms.Form) -> HttpResponse:
        """What a service refuses stands above the form, with everything that was typed."""
        assert act.submit is not None

        def work() -> SubjectRequest:
            assert act.submit is not None
            act.submit(case, request.user, form.cleaned_data)  # type: ignore[arg-type]
            return case

        try:
            done = send_once(typed=request.POST, work=work)
        except CaseError as error:
            form.add_error(None, str(error))
            return self._page(request, "officer/requests/act.html", case, act.title, {"act": act, "form": form})
        if done.before:
            return sent_before(request, case)
        messages.success(request, str(act.done))
        if not visible_cases(request.user).filter(pk=case.pk).exists():  # given to somebody else
            return HttpResponseRedirect(reverse("officer:requests_subjectrequest_changelist"))
        return self._back(case)

    def decide_view(
        self,
        request: HttpRequest,
        pk: uuid.UUID,
        refusal: RefusalForm | None = None,
        more: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Yes or no, of all or part by part, beside what was found. Whoever only reads cases gets no form of it."""
        case = self._case(request, pk)
        if not may(request.user, "handle_subjectrequest", case, all_of_them="requests.handle_subjectrequest"):
            raise PermissionDenied
        if traits_of(case.kind).answer is Answer.WORDS:
            return self.answer_view(request, pk)
        if case.state != RequestState.DECIDING:
            messages.info(request, _("There is nothing to decide in this case now."))
            return self._back(case)
        if (own := decided_on(case)) is not None:
            return HttpResponseRedirect(own)
        note_view(case=case, officer=request.user)  # type: ignore[arg-type]
        context = case_context(case, request.user)  # type: ignore[arg-type]
        context["refusal"] = refusal or RefusalForm(case=case)
        context["asked"] = answers_of(case, request.user)  # type: ignore[arg-type]
        if case.kind == RequestKind.ACCESS:
            context["kept_out"] = [each.name or str(each.pk) for each in kept_out(case)]
        context |= more or parts_context(case, request)
        return self._page(request, "officer/requests/decide.html", case, _("Decide"), context)

    def grant_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        case = self._case(request, pk)
        done = (
            _("Granted. A second officer has to approve the erasure.")
            if traits_of(case.kind).two_officers
            else _("Granted. It is being carried out.")
        )
        seen = request.POST.get("plan_hash", "")
        act = partial(services.grant, case=case, officer=request.user, plan_hash=seen)  # type: ignore[arg-type]
        return self._perform(request, case, act, done)

    def refuse_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Says no to all of it; what is wrong with the refusal stands above what was typed."""
        case = self._case(request, pk)
        if case.state != RequestState.DECIDING:
            return not_done(self, request, case, _("There is nothing to decide in this case now."))
        form = RefusalForm(request.POST, case=case)
        if not form.is_valid():
            return self.decide_view(request, pk, refusal=form)
        try:
            refuse = partial(services.refuse, case=case, officer=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            done = send_once(typed=request.POST, work=refuse)
        except DecisionInvalid as error:
            form.blame(error)
            return self.decide_view(request, pk, refusal=form)
        except CaseError as error:
            return not_done(self, request, case, error)
        if done.before:
            return sent_before(request, case)
        messages.success(request, _("Refused. The letter with the reasons is on its way."))
        return self._back(case)

    def approve_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """The second officer sees the plan and approves exactly that one."""
        case = self._case(request, pk)
        if request.method == "POST":
            seen = request.POST.get("plan_hash", "")
            act = partial(services.approve_erasure, case=case, officer=request.user, plan_hash=seen)  # type: ignore[arg-type]
            done = (
                _("Approved. The person can still cancel; then the erasure begins by itself.")
                if cools_off(case)
                else _("Approved. The erasure has started.")
            )
            return self._perform(request, case, act, done)
        if case.state != RequestState.AWAITING_APPROVAL:
            messages.info(request, _("Nothing waits for approval in this case."))
            return self._back(case)
        note_view(case=case, officer=request.user)  # type: ignore[arg-type]
        context = case_context(case, request.user) | {"cools_off": cools_off(case)}  # type: ignore[arg-type]
        return self._page(request, "officer/requests/approve.html", case, _("Approve erasure"), context)

    def assign_view(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        case = self._case(request, pk)
        form = AssignForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Choose an officer from the list."))
            return self._back(case)
        assignee = form.cleaned_data["assignee"]
        act = partial(services.assign, case=case, officer=request.user, assignee=assignee)  # type: ignore[arg-type]
        return self._perform(request, case, act, _("Assigned."))

    def _case(self, request: HttpRequest, key: str | uuid.UUID) -> SubjectRequest:
        """The case, if the officer may see it.

        Raises:
            Http404: there is none, or none for this officer.
        """
        try:
            pk = uuid.UUID(str(key))
        except ValueError:
            raise Http404 from None
        cases = with_flags(visible_cases(request.user)).select_related("subject", "assignee", "decided_by")
        case = cases.filter(pk=pk).first()
        if case is None:
            raise Http404
        return case

    def _perform(
        self, request: HttpRequest, case: SubjectRequest, act: Callable[[], object], done: object
    ) -> HttpResponse:
        def work() -> SubjectRequest:
            act()
            return case

        try:
            if send_once(typed=request.POST, work=work).before:
                return sent_before(request, case)
        except CaseError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, str(done))
        return self._back(case)

    def _back(self, case: SubjectRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("officer:requests_subjectrequest_change", args=[case.pk]))

    def _page(
        self, request: HttpRequest, template: str, case: SubjectRequest, title: object, context: dict[str, Any]
    ) -> HttpResponse:
        request.current_app = self.admin_site.name
        base = self.admin_site.each_context(request) | {
            "title": title,
            "opts": self.opts,
            "original": case,
            "case": case,
        }
        return TemplateResponse(request, template, base | context)
