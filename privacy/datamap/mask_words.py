"""Masks in words, with what each leaves in law: said wherever somebody chooses one."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from privacy.datamap.engine.masks import LEGAL_CLASS, LegalClass
from privacy.datamap.models import Strategy

CLASS_WORDS: dict[LegalClass, str | Promise] = {
    LegalClass.ANONYMOUS: _("anonymous"),
    LegalClass.GENERALISED: _("generalised"),
    LegalClass.PSEUDONYMOUS: _("pseudonymous"),
}
CLASSES_EXPLAINED = _(
    "In brackets, what is left of the value in law. Anonymous: nothing about the person. Generalised: made coarser, it "
    "may still single somebody out with other data. Pseudonymous: still personal data."
)


def mask_choices() -> list[tuple[str, str]]:
    """The strategies for a list to choose from, each with the class of what it leaves."""
    return [(each.value, mask_words(each)) for each in Strategy]


def mask_words(strategy: Strategy) -> str:
    """A strategy with the class of what it leaves: "shorten the date (generalised)"."""
    left = CLASS_WORDS.get(LEGAL_CLASS[strategy])  # type: ignore[index]  # the same words, as an enumeration of Django
    words = str(strategy.label)
    return words if left is None or str(left) in words else f"{words} ({left})"
