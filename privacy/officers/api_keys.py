"""`Authorization: Api-Key <key>` and the scopes of a key."""

from typing import Any, cast

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from privacy.ledger.actors import Actor
from privacy.officers.models import ApiKey


class ApiKeyAuthentication(BaseAuthentication):
    """The caller is a system of the organisation. `request.auth` is its key; there is no user."""

    keyword = "Api-Key"

    def authenticate(self, request: Request) -> tuple[None, ApiKey] | None:
        scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != self.keyword.lower():
            return None
        try:
            found = ApiKey.objects.get_from_key(_plain(key))
        except ApiKey.DoesNotExist:
            raise AuthenticationFailed(_("This API key is not valid. Ask the Privacy Officer for a new one.")) from None
        if found.has_expired:
            raise AuthenticationFailed(_("This API key has expired. Ask the Privacy Officer for a new one."))
        return None, cast(ApiKey, found)

    def authenticate_header(self, request: Request) -> str:
        return self.keyword


def _plain(key: str) -> str:
    """The key as it was typed; empty, which no key is, when it holds what the database cannot even look for."""
    key = key.strip()
    return key if key.isascii() and key.isprintable() else ""


class HasScope(BasePermission):
    """A view names the scope it needs in `required_scope`; a view that names none is refused to everybody."""

    message = _("This API key does not have the scope that this call needs. Ask the Privacy Officer to widen it.")

    def has_permission(self, request: Request, view: Any) -> bool:
        scope = getattr(view, "required_scope", None)
        if callable(scope):
            scope = scope(request)
        return isinstance(request.auth, ApiKey) and scope in request.auth.scopes


def actor_of(request: Request) -> Actor:
    """The key that calls, as the ledger knows it."""
    return Actor.api_key(request.auth)
