"""Who asks, and what becomes of a case when nobody shows it."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from privacy.letters.kinds import LinkUse
from privacy.letters.places import lines, paragraph, part
from requests.letter_kinds.places import AUTHORITIES, CLOCK_NOTE, WAITING_IS, case_kind, must
from requests.letter_kinds.samples import SOON
from requests.letter_kinds.slips import copy_by_post, reply_by_post

KINDS = (
    case_kind(
        "identity_needed",
        _("Identity to be shown"),
        lines("ways", _("by what the person can show who they are"), is_mandatory=True),
        part("answer_or_closed", _("by when, and that the case is closed otherwise")),
        CLOCK_NOTE,
        particulars={"ways": "list of what is accepted as proof, in the person's language"},
        optional={"until": "last day for the proof"} | WAITING_IS,
        sample=lambda law: {
            "ways": [_now("the number of one of your invoices"), _now("a call from the phone number we know you by")],
            "until": SOON,
            "waiting": "restart",
        },
        link=LinkUse.ALWAYS,
        on_paper=reply_by_post,
    ),
    case_kind(
        "file_asked",
        _("Document asked for"),
        paragraph("words", _("which document, and what for"), is_mandatory=True),
        part("sensitive_note", _("what becomes of a document that shows who asks")),
        particulars={"words": "the officer's words"},
        optional={"is_sensitive": "whether it shows who asks, or by what right"},
        sample=lambda law: {"words": _now("A letter that shows your new address."), "is_sensitive": True},
        link=LinkUse.ALWAYS,
        on_paper=copy_by_post,
    ),
    case_kind("identity_rejected", _("Closed: identity not confirmed"), must(AUTHORITIES)),
    case_kind("authority_needed", _("Authority of a representative to be shown"), link=LinkUse.ALWAYS),
    case_kind("representative_recorded", _("Somebody acts for the person from now on"), link=LinkUse.ALWAYS),
    case_kind("representative_ended", _("Nobody acts for the person any more"), link=LinkUse.ALWAYS),
    case_kind("authority_rejected", _("Closed: authority not shown"), must(AUTHORITIES)),
    case_kind("identity_lapsed", _("Closed: identity not shown in time"), must(AUTHORITIES)),
)
