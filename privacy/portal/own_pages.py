"""Whether a form came from one of our own pages."""

from django.http import HttpRequest


def is_from_own_page(request: HttpRequest) -> bool:
    """As far as the browser says: in `Sec-Fetch-Site`, in `Origin`, or in both, which no page can set itself.

    Where it says nothing, or one of them speaks against it, the form counts as another site's.
    """
    own = f"{request.scheme}://{request.get_host()}"
    told = [(request.headers.get("Sec-Fetch-Site"), "same-origin"), (request.headers.get("Origin"), own)]
    said = [(is_so, wanted) for is_so, wanted in told if is_so is not None]
    return bool(said) and all(is_so == wanted for is_so, wanted in said)
