"""An act that came too late: somebody else did it a moment before, or a job went on by itself."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _


def tell_overtaken(request: HttpRequest, state: str | Promise) -> None:
    """Say in which state it is now; whoever pressed the button may still have the page of before in front of them."""
    messages.warning(request, _("Nothing was changed. Its state is by now: %(state)s.") % {"state": state})
