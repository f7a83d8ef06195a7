"""The public keys by which anybody checks what was signed here."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from privacy.ledger.signing import public_keys, published_keys


@require_safe
@cache_control(public=True, max_age=3600)
def jwks(request: HttpRequest) -> JsonResponse:
    """`/.well-known/jwks.json`: a JSON Web Key Set (RFC 7517)."""
    return JsonResponse(published_keys(), content_type="application/jwk-set+json")


@require_safe
@cache_control(public=True, max_age=3600)
def installation_jwks(request: HttpRequest) -> JsonResponse:
    """The same on the public host: the installation's own keys, also for what an organisation left that has ended."""
    return JsonResponse(public_keys(), content_type="application/jwk-set+json")
