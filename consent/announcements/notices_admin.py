"""The page of a notice, with the way to those who accepted it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from privacy.register.notice_admin import NoticeAdmin


class AcceptedNoticeAdmin(NoticeAdmin):
    """The register knows nothing of acceptances: they are kept where notices are announced."""

    actions_detail = (*NoticeAdmin.actions_detail, "accepted")

    def has_accepted_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("announcements.view_noticeacceptance")

    @action(description=_("Who accepted it"), permissions=["accepted"], url_path="accepted")
    def accepted(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Their list, of this notice only."""
        acceptances = reverse("officer:announcements_noticeacceptance_changelist")
        return HttpResponseRedirect(f"{acceptances}?notice__id__exact={object_id}")
