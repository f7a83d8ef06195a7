"""Letters to those to whom data was disclosed: what was corrected, erased, restricted, free again or disputed."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from privacy.letters.kinds import Audience
from privacy.letters.places import lines, of, part
from requests.letter_kinds.places import case_kind
from requests.letter_kinds.samples import SOON

KINDS = (
    case_kind(
        "recipient_notice",
        _("Notice to a recipient"),
        of("greeting", _("how the letter begins"), lambda given: _now("Dear Sir or Madam,"), is_block=True),
        lines("person", _("by what the recipient knows the person"), is_mandatory=True),
        part("disclosed", _("what was disclosed, and when")),
        part("notice_change", _("what changed, and what is asked of the recipient"), is_mandatory=True),
        particulars={
            "person": "list of identifiers by which the recipient knows the person",
            "change": "corrected, erased, restricted, ended (a restriction) or disputed",
        },
        optional={
            "changes": "list of {what, old, new}, when corrected",
            "statement": "what the person says, when disputed",
            "disclosed_on": "date of the disclosure",
            "categories": "list of what was disclosed",
            "in_part": "list of what of it was erased in part only",
            "purposes": "titles of purposes to which a restriction is limited",
            "still": "titles of purposes for which another restriction holds, when one ended",
        },
        sample=lambda law: {
            "person": ["Ama Mensah", _now("customer number %(n)s") % {"n": "40871"}],
            "change": "corrected",
            "changes": [{"what": _now("Family name"), "old": "Mensa", "new": "Mensah"}],
            "disclosed_on": SOON,
            "categories": [_now("name"), _now("postal address")],
        },
        audience=Audience.RECIPIENT,
        request_kinds=("rectification", "erasure", "restriction"),
    ),
)
