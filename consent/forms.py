"""Asking for the link to one's consents."""

from django.utils.translation import gettext_lazy as _

from privacy.portal.forms import EmailField, PortalForm, TrapMixin


class LinkForm(TrapMixin, PortalForm):
    email = EmailField(help_text=_("The one that the organisation has. The link comes there."))
