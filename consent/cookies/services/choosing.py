"""Recording what a browser chose.

Danger: the call comes from anybody's browser, twice when a line breaks, and from pages that are not the organisation's.
Rule: the view lets in origins of the site only. A choice names the banner by version and digest, and answers every
category of it and none else; so the words it was made with are known for ever. The same call recorded again is the
same choice.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from consent.cookies.enums import Action
from consent.cookies.errors import CallReused, ChoiceInvalid
from consent.cookies.models import CookieBanner, CookieChoice, CookieSite
from consent.models import RegisterTerms
from consent.register_terms import controller_terms
from privacy.ledger.sealed import keyed_digest
from privacy.ledger.services import ask_for_sealing
from privacy.register.models import OrganisationProfile


@dataclass(frozen=True, slots=True)
class Statement:
    """A choice as the script states it.

    Args:
        call: number of the call, so that it may be sent again.
        browser: the random number in the browser's own cookie. It is not stored.
        version, digest: of the banner that was shown.
        accepted, refused: codes of categories.
        has_signal: the browser sends Global Privacy Control.
        chosen_at: by the browser's clock; kept, and never taken for the time of the record.
    """

    call: UUID
    browser: UUID
    version: int
    digest: str
    action: str
    accepted: tuple[str, ...]
    refused: tuple[str, ...]
    has_signal: bool
    language: str
    chosen_at: datetime | None = None


def record_choice(*, site: CookieSite, statement: Statement, origin: str) -> CookieChoice:
    """Record a choice; the same call again gives the same record.

    Args:
        origin: where the page is from; one of the site's, as the view has checked.

    Raises:
        ChoiceInvalid: it does not fit the banner it names; the error names the field.
        CallReused: the number of the call was used for another choice.
    """
    banner = _banner(site, statement)
    _check(banner.content, statement)
    choice = _choice(banner, statement, origin)
    if known := CookieChoice.objects.filter(call=statement.call).first():
        return _same(known, choice)
    choice.terms = _who_asks()
    try:
        with transaction.atomic():
            if choice.terms is not None:
                RegisterTerms.objects.bulk_create([choice.terms], ignore_conflicts=True)
            choice.save()
            ask_for_sealing()
    except IntegrityError:  # the same call, at the same moment
        return _same(CookieChoice.objects.get(call=statement.call), choice)
    return choice


def _banner(site: CookieSite, statement: Statement) -> CookieBanner:
    banner = site.banners.filter(version=statement.version).first()
    if banner is None or banner.digest != statement.digest:
        raise ChoiceInvalid(_("There is no banner of this version and digest."), field="version")
    banner.site = site
    return banner


def _check(content: dict[str, Any], statement: Statement) -> None:
    asked = [each for each in content["categories"] if not each["necessary"]]
    if sorted(statement.accepted + statement.refused) != sorted(each["code"] for each in asked):
        raise ChoiceInvalid(_("Name every category that can be refused once, and no other."), field="accepted")
    if statement.language not in content["texts"]:
        raise ChoiceInvalid(_("The banner is not in this language."), field="language")
    sold = {each["code"] for each in asked if each["sale"]}
    fits = {
        Action.ACCEPT_ALL: not statement.refused,
        Action.REJECT_ALL: not statement.accepted,
        Action.SAVE: True,
        Action.WITHDRAW: bool(statement.refused),
        Action.GPC: statement.has_signal and bool(sold) and not sold & set(statement.accepted),
    }
    if not fits[Action(statement.action)]:
        raise ChoiceInvalid(_("The categories do not fit what the visitor is said to have done."), field="action")


def _choice(banner: CookieBanner, statement: Statement, origin: str) -> CookieChoice:
    return CookieChoice(
        call=statement.call,
        browser_digest=browser_digest(statement.browser),
        banner=banner,
        banner_digest=banner.digest,
        action=statement.action,
        accepted=sorted(statement.accepted),
        refused=sorted(statement.refused),
        has_signal=statement.has_signal,
        language=statement.language,
        origin=origin,
        chosen_at=statement.chosen_at,
    )


def _who_asks() -> RegisterTerms | None:
    """Who the organisation says it is; everything else that a receipt says is in the banner."""
    organisation = OrganisationProfile.objects.first()
    return controller_terms(organisation) if organisation else None


def _same(known: CookieChoice, choice: CookieChoice) -> CookieChoice:
    """Whether it is the same choice, whatever the organisation calls itself by now."""
    stated = [name for name in CookieChoice.sealed_fields if name != "terms_id"]
    if any(getattr(known, name) != getattr(choice, name) for name in stated):
        raise CallReused(_("This number of a call was used for another choice. Take a new one for each choice."))
    return known


def browser_digest(browser: UUID) -> str:
    """By which choices of one browser are recognised, as long as its cookie tells the number."""
    return keyed_digest(b"cookies.browser", browser.bytes).hex()
