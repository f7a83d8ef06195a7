"""What an address below `/api/v1/` answers that is no call."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import exceptions, permissions
from rest_framework.request import Request
from rest_framework.views import APIView


class NoSuchCall(APIView):
    """Every address below `/api/v1/` that is no call."""

    authentication_classes = []
    permission_classes = [permissions.AllowAny]
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise exceptions.NotFound(_("There is no such call. The calls are listed at /api/v1/docs/."))
