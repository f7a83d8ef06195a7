"""Publishing a banner. From then on its words stay as they are; a change is a new version, and asks everybody again."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from consent.cookies.errors import BannerIncomplete, NothingChanged
from consent.cookies.models import CookieBanner, CookieSite, digest_of
from consent.cookies.snapshots import problems_of, snapshot
from privacy.ledger.actors import Actor
from privacy.ledger.services import record


@transaction.atomic
def publish_banner(*, site: CookieSite, change: str, actor: Actor) -> CookieBanner:
    """Publish the draft of a site as its next version.

    Args:
        change: what is new about it, in a few words; for officers, and for whoever checks later why people were asked.

    Raises:
        BannerIncomplete: words are missing in a language, or there is nothing to ask.
        NothingChanged: the draft is what is published already.
    """
    locked = CookieSite.objects.select_for_update().get(pk=site.pk)
    content = snapshot(locked)
    if problems := problems_of(content):
        raise BannerIncomplete(problems)
    newest = locked.banners.order_by("-version").first()
    if newest is not None and not differs(content, newest):
        raise NothingChanged(
            _("Nothing has changed since version %d; everybody would be asked again.") % newest.version
        )
    content |= {"version": newest.version + 1 if newest else 1}
    banner = CookieBanner.objects.create(
        site=locked, version=content["version"], content=content, digest=digest_of(content), change=change
    )
    record(
        action="cookies.banner_published",
        actor=actor,
        target=banner,
        data={"banner": locked.code, "version": banner.version, "digest": banner.digest, "change": change},
    )
    return banner


def differs(content: dict[str, Any], banner: CookieBanner) -> bool:
    """Whether a draft says something else than a published banner."""
    published = {key: value for key, value in banner.content.items() if key != "version"}
    return digest_of(content) != digest_of(published)
