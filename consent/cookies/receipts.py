"""Receipts of cookie choices: what was asked, in which words, and what was chosen, signed like every receipt.

The fields follow ISO/IEC TS 27560:2023 where it has them. A receipt names nobody: the browser is known by a digest.
"""

from typing import Any

from consent.cookies.enums import Action
from consent.cookies.models import CookieChoice, digest_of
from consent.cookies.texts import EDITABLE
from consent.receipts import NOT_STATED, Receipt, party
from consent.register_terms import controller_said
from privacy.ledger.signing import sign
from privacy.letters.addresses import portal_url
from privacy.register.models import OrganisationProfile
from privacy.register.selectors import profile

KIND = "cookie-receipt"


class WordsAltered(Exception):
    """The banner that the choice was made with, or who asked, is not what it was; nothing is signed about it."""


def receipt(choice: CookieChoice, *, host: str | None = None) -> Receipt:
    """The signed receipt of a choice.

    Args:
        choice: with its banner and the banner's site at hand.
        host: the organisation's host name, where the caller knows it.

    Raises:
        ProfileMissing: the organisation has not said who it is.
        WordsAltered: the words are not those that were shown.
    """
    fields = receipt_fields(choice, host=host)
    return Receipt(fields, sign(fields, kind=KIND))


def receipt_fields(choice: CookieChoice, *, host: str | None = None) -> dict[str, Any]:
    """The fields of a receipt, as JSON can hold them."""
    content = choice.banner.content
    if digest_of(content) != choice.banner_digest or not choice.terms_stand:
        raise WordsAltered
    portal = portal_url("", host=host)
    return {
        "schema_version": "ISO/IEC TS 27560:2023",
        "receipt_id": str(choice.pk),
        "issuer": portal,
        "record": {
            "schema_version": "ISO/IEC TS 27560:2023",
            "record_id": str(choice.pk),
            "pii_principal_id": choice.browser_digest,
            "pii_processing": [_processing(choice, each, portal) for each in content["categories"]],
            "party_identification": [party(_controller(choice), portal)],
            "events": [_event(choice, each) for each in content["categories"] if not each["necessary"]],
        },
        "banner": {
            "site": content["site"],
            "version": content["version"],
            "sha256": choice.banner_digest,
            "language": choice.language,
            "words": {key: content["texts"][choice.language][key] for key in EDITABLE},
        },
        "web_site": choice.origin,
        "action": choice.action,
        "global_privacy_control": choice.has_signal,
        "time_stated_by_client": choice.chosen_at.isoformat() if choice.chosen_at else None,
    }


def _controller(choice: CookieChoice) -> OrganisationProfile:
    """Who asked: the organisation as it called itself when the choice was recorded."""
    return controller_said(choice.terms, profile()) if choice.terms else profile()


def _processing(choice: CookieChoice, category: dict[str, Any], portal: str) -> dict[str, Any]:
    return {
        "privacy_notice": {"url": choice.banner.content["policy_url"] or f"{portal}/notice/", "version": NOT_STATED},
        "language": choice.language,
        "purpose": category["title"][choice.language],
        "purpose_type": category["code"],
        "purpose_description": category["description"][choice.language],
        "lawful_basis": "strictly necessary" if category["necessary"] else "consent",
        "sale_or_sharing": category["sale"],
        "cookies": [
            {
                "name": cookie["name"],
                "domain": cookie["domain"],
                "provider": cookie["provider"],
                "retention_period": cookie["duration"][choice.language],
                "purpose": cookie["purpose"][choice.language],
            }
            for cookie in category["cookies"]
        ],
        "withdrawal_method": choice.banner.content["texts"][choice.language]["button"],
    }


def _event(choice: CookieChoice, category: dict[str, Any]) -> dict[str, Any]:
    accepted = category["code"] in choice.accepted
    return {
        "purpose_type": category["code"],
        "event_time": choice.recorded_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "event_type": "signal" if choice.action == Action.GPC else "explicit",
        "event_state": "given" if accepted else "refused",
        "validity_duration": f"P{choice.banner.content['ask_again_days']}D" if accepted else NOT_STATED,
    }
