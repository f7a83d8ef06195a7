"""How a person answers a letter that came by post, where the mail has a link instead."""

from django.utils.translation import gettext as _

from privacy.register.models import OrganisationProfile

LINE = "________________________________________"
BOX = "[\u00a0\u00a0\u00a0]"  # the fonts of the PDF have no box to be ticked


def fee_slip(ours: OrganisationProfile) -> str:
    """The three answers to an estimate, to be ticked and sent back."""
    choices = (
        _("Yes, go on. I agree to the estimated cost."),
        _("Change my request. What I want instead:") + f"\n{LINE}",
        _("No, do not go on. My request is closed, and I owe nothing."),
    )
    slip = "\n".join([*(f"{BOX} {each}" for each in choices), _("Date and signature:") + f" {LINE}"])
    offer = _("You can say yes, say no, or change your request so that it costs less or nothing.")
    return f"{offer} {_how(ours)}\n\n## {_('Reply slip')}\n\n{slip}"


def reply_by_post(ours: OrganisationProfile) -> str:
    return _how(ours)


def copy_by_post(ours: OrganisationProfile) -> str:
    """Documents go astray: never the original."""
    return _("Send us a copy of it, never the original, by post to our address, with our reference.")


def _how(ours: OrganisationProfile) -> str:
    if ours.officer_phone:
        words = _("Answer by post to our address, with our reference, or call us: %(phone)s.")
        return words % {"phone": ours.officer_phone}
    return _("Answer by post to our address, with our reference.")
