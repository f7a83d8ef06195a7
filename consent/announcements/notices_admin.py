"""The page of a notice, with the way to those who accepted it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from consent.announcements.standing import announcements_of
from privacy.register.models import Notice
from privacy.register.notice_admin import NoticeAdmin


class AcceptedNoticeAdmin(NoticeAdmin):
    """The register knows nothing of acceptances: they are kept where notices are announced."""

    actions_detail = (*NoticeAdmin.actions_detail, "accepted")

    def what_else_ends(self, notice: Notice) -> list[str]:
        """That versions in other languages were announced with it, so that nobody takes back one and expects the other
        to go on.
        """
        words = _now(
            "It is announced together with %(others)s, and that announcement ends for all of them: nobody is told of "
            "the others any more either. They keep their day. Announce them again if people are to be told of them."
        )
        found = ([each for each in running.notices() if each != notice] for running in announcements_of(notice))
        return [
            words % {"others": ", ".join(f"“{each}” ({each.language})" for each in others)}
            for others in found if others
        ]  # fmt: skip

    def has_accepted_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("announcements.view_noticeacceptance")

    @action(description=_("Who accepted it"), permissions=["accepted"], url_path="accepted")
    def accepted(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Their list, of this notice only."""
        acceptances = reverse("officer:announcements_noticeacceptance_changelist")
        return HttpResponseRedirect(f"{acceptances}?notice__id__exact={object_id}")
