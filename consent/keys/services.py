"""Changing the key that signs receipts.

Danger: a key is stolen and receipts can be forged for ever, or it is changed and receipts of yesterday fail.
Rule: what is published of a key is kept for ever, what signs exists once. The new key signs and the old private half is
gone in one transaction; a receipt names its key, so those who check find the right one.
"""

import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone

from consent.keys.models import ReceiptKey
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.ledger.signing import public_half
from privacy.register.models import OrganisationProfile

SEED_BYTES = 32


@transaction.atomic
def rotate_receipt_key(*, actor: Actor) -> ReceiptKey:
    """Make a new key and destroy the private half of the one before. Receipts signed before stay valid."""
    list(OrganisationProfile.objects.select_for_update())  # two at once would each retire the same key
    retired = ReceiptKey.objects.filter(is_current=True).first()
    if retired is not None:
        retired.seed, retired.is_current, retired.retired_at = None, False, timezone.now()
        retired.save(update_fields=["seed", "is_current", "retired_at"])
    seed = secrets.token_bytes(SEED_BYTES)
    public = public_half(seed)
    made = ReceiptKey.objects.create(kid=public["kid"], public=public, seed=seed)
    record(
        action="consent.key_rotated",
        actor=actor,
        target=made,
        data={"key": made.kid, "retired_key": retired.kid if retired else ""},
    )
    return made


def published_receipt_keys() -> list[dict[str, Any]]:
    """The public halves of the organisation's keys, the one that signs first."""
    return list(ReceiptKey.objects.order_by("-is_current", "-made_at", "-id").values_list("public", flat=True))
