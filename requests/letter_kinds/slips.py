"""How a person answers a letter that came by post, where the mail has a link instead."""

from django.utils.translation import gettext as _

from privacy.register.models import OrganisationProfile

LINE = "________________________________________"


def fee_slip(ours: OrganisationProfile) -> str:
    """The three answers to an estimate, to be ticked and sent back."""
    return "\n\n".join(
        (
            _("You can say yes, say no, or change your request so that it costs less or nothing.") + " " + _how(ours),
            "## " + _("Reply slip"),
            "☐ " + _("Yes, go on. I agree to the estimated cost."),
            "☐ " + _("Change my request. What I want instead:") + f"\n{LINE}\n{LINE}",
            "☐ " + _("No, do not go on. My request is closed, and I owe nothing."),
            _("Date and signature:") + f" {LINE}",
        )
    )


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
