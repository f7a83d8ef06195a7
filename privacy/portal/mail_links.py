"""The page that a mailed link opens: a button, and nothing else.

Danger: mail scanners and previews open every link; and a page that differs for good and bad links tells which is which.
Rule: GET looks nothing up and shows the same page for every token. Only the button's POST redeems. Unknown, used,
expired and foreign links all get the same answer, made by the same work.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.views import View
from django.views.decorators.debug import sensitive_variables

from privacy.portal.visits import begin_visit_by
from privacy.subjects.links import redeem
from privacy.subjects.models import LinkPurpose


class MailLinkView(View):
    """Subclass or configure: `purpose` of the link, the page it leads to, and the words on the page.

    Attributes:
        leads_to: name of the page shown after the link was redeemed.
        ask_again: name of the page on which one asks for a new link.
    """

    purpose: LinkPurpose
    leads_to: str
    ask_again: str
    heading: str | Promise = ""
    words: str | Promise = ""
    button: str | Promise = ""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return render(request, "portal/open_link.html", {"page": self})

    @method_decorator(sensitive_variables("token"))
    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if not self.let_in(request, token):
            return dead_link(request, ask_again=self.ask_again)
        return redirect(self.leads_to)

    @method_decorator(sensitive_variables("token"))
    def let_in(self, request: HttpRequest, token: str) -> bool:
        """Redeem the link and begin the visit; False when it does not work."""
        link = redeem(token=token, purpose=self.purpose)
        if link is None:
            return False
        begin_visit_by(request, link)
        return True


def dead_link(request: HttpRequest, *, ask_again: str, **context: Any) -> HttpResponse:
    """The one page for every link that does not work, whatever the reason."""
    return render(request, "portal/dead_link.html", {"ask_again": ask_again} | context, status=404)
