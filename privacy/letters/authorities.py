"""The authorities of laws, as letters tell them."""

from collections.abc import Iterable

from django.utils.translation import gettext

from privacy.law.catalogue import authority, jurisdiction


def authorities_of_laws(laws: Iterable[str]) -> list[dict[str, str]]:
    """Each authority once, in the language that is active.

    Args:
        laws: codes of jurisdictions.

    Raises:
        UnknownLaw: there is no such law.
    """
    codes = dict.fromkeys(code for law in laws for code in jurisdiction(law).authorities)
    found = [authority(code) for code in codes]
    return [
        {"name": gettext(each.name), "address": each.postal_address or "", "url": each.complaint_url or each.url}
        for each in found
    ]
