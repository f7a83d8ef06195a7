"""The officers' sign-in, with a limit on guessing."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.forms import AuthenticationForm

from privacy.portal.floods import within_limit
from privacy.portal.machines import machine_of

PERIOD = timedelta(minutes=15)
TRIES_PER_ACCOUNT = 10
TRIES_PER_MACHINE = 50


class OfficerSignIn(AuthenticationForm):
    """Counts tries by account and by machine before the password is looked at, whether or not the account exists."""

    def clean(self) -> dict[str, Any]:
        account = str(self.cleaned_data.get("username", "")).strip().lower()
        machine = machine_of(self.request)
        allowed = [
            within_limit(what="officers.sign_in.account", who=account, limit=TRIES_PER_ACCOUNT, period=PERIOD),
            within_limit(what="officers.sign_in.machine", who=machine, limit=TRIES_PER_MACHINE, period=PERIOD),
        ]
        if not all(allowed):
            raise ValidationError(_("Too many tries. Wait a quarter of an hour, then try again."), code="too_many")
        return super().clean()
