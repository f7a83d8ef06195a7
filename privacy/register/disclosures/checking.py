"""Whether a disclosure may stand in the log.

Danger: data goes out for what nobody was told, and the log makes it look right.
Rule: what the organisation promised never to do is refused, so is a purpose the person was not told of, unless a coded
ground without consent applies, with its authority and the name of whoever approved (PIPEDA, schedule 1, 4.5 and
s. 7(3); GDPR Art. 13(1)(c)-(e)). What the person had restricted or objected to is refused: see `restricted.py`. Data
goes only to recipients who are active and whose contract covers the day.

The register is read once for all statements of a call, so that ten thousand cost as many queries as one.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.register.categories import DISCLOSABLE
from privacy.register.disclosures.errors import DisclosureRefused
from privacy.register.disclosures.restricted import last_moment, refusal_by_the_person
from privacy.register.disclosures.statement import DisclosureStatement
from privacy.register.disclosures.told import Use, consented, told_since
from privacy.register.models import GroundWithoutConsent, LawfulBasis, Means, Purpose, Recipient, RecipientKind
from privacy.register.models.disclosures import MAY_BE_SECRET
from privacy.register.restrictions.models import Restriction
from privacy.register.restrictions.selectors import ever_among
from privacy.register.selectors import zone
from privacy.subjects.people import Person, find

LONGEST = {"authority": 120, "approver": 150, "reference": 100, "note": 2000}
_CATEGORIES = frozenset(str(each.value) for each in DISCLOSABLE)


@dataclass(frozen=True, slots=True)
class Checked:
    """A statement that stands, with what it names. `subject_id` is None for a person who is not known yet."""

    said: DisclosureStatement
    recipient: Recipient
    purpose: Purpose
    subject_id: UUID | None


def check(statements: Sequence[DisclosureStatement]) -> list[Checked | DisclosureRefused]:
    """What stands, and why the others do not, in the same order."""
    known = _people(statements)
    register = _Register()
    judged = _obey(register, [_judge(register, each, _subject(each, known)) for each in statements])
    agreed = consented({_use(each) for each in judged if isinstance(each, Checked) and _asks_consent(register, each)})
    return [(_check_told(register, each, agreed) or each) if isinstance(each, Checked) else each for each in judged]


class _Register:
    """The register as it is now."""

    def __init__(self) -> None:
        self.zone = zone()
        self.today = timezone.now().astimezone(self.zone).date()
        self.purposes = {each.code: each for each in Purpose.objects.all()}
        self.told_since = told_since()
        self.recipients: dict[str, list[Recipient]] = defaultdict(list)
        for each in Recipient.objects.all():
            self.recipients[_plain(each.name)].append(each)

    def recipient(self, name: str) -> Recipient:
        found = self.recipients.get(_plain(name), [])
        if not found:
            raise DisclosureRefused(
                "recipient", _("This recipient is not in the register. Use the name of one that is, or add it first.")
            )
        if len(found) > 1:
            raise DisclosureRefused(
                "recipient", _("Several recipients have this name. Give each a name of its own in the register.")
            )
        return found[0]

    def purpose(self, code: str) -> Purpose:
        found = self.purposes.get(code)
        if found is None:
            raise DisclosureRefused(
                "purpose", _("This purpose is not in the register. Use the code of one that is, or add it first.")
            )
        return found

    def is_told(self, purpose: Purpose, day: date) -> bool:
        since = self.told_since.get(purpose.pk)
        return since is not None and since <= day


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _people(statements: Sequence[DisclosureStatement]) -> dict[Person, UUID]:
    named = {each.person for each in statements if each.person is not None}
    return find(named) if named else {}


def _subject(said: DisclosureStatement, known: dict[Person, UUID]) -> UUID | None:
    return known.get(said.person) if said.person is not None else said.subject_id


def faults_by_register(rows: Sequence[tuple[DisclosureStatement, Collection[str]]]) -> list[list[DisclosureRefused]]:
    """Everything about each statement that the register does not allow, in the same order, for somebody who mends it.

    Args:
        rows: each with the fields that could not be read; nothing is said of those, nor of what depends on them.
    """
    register = _Register()
    return [_faults(register, said, frozenset(unread)) for said, unread in rows]


def _judge(register: _Register, said: DisclosureStatement, subject_id: UUID | None) -> Checked | DisclosureRefused:
    if faults := _faults(register, said):
        return faults[0]
    return Checked(said, register.recipient(said.recipient), register.purpose(said.purpose), subject_id)


def _faults(
    register: _Register, said: DisclosureStatement, unread: frozenset[str] = frozenset()
) -> list[DisclosureRefused]:
    checks: list[tuple[set[str], Callable[[], None]]] = [
        ({"purpose"}, lambda: _check_purpose(register.purpose(said.purpose))),
        ({"recipient"}, lambda: _check_known(register, said)),
        ({"recipient", "disclosed_on"}, lambda: _check_recipient(register.recipient(said.recipient), said)),
        ({"subject"}, lambda: _check_person(said)),
        ({"disclosed_on"}, lambda: _check_day(said, register.today)),
        ({"categories"}, lambda: _check_categories(said)),
        ({"means"}, lambda: _check_means(said)),
        *(({field}, partial(_check_length, said, field)) for field in LONGEST),
        ({"ground"}, lambda: _check_ground(said)),
        ({"authority"}, lambda: _check_authority(said)),
        ({"approver"}, lambda: _check_approver(said)),
        ({"is_secret"}, lambda: _check_secret(said)),
    ]
    found = []
    for fields, check_it in checks:
        try:
            if not fields & unread:
                check_it()
        except DisclosureRefused as refusal:
            found.append(refusal)
    return found


def _obey(register: _Register, judged: Sequence[Checked | DisclosureRefused]) -> list[Checked | DisclosureRefused]:
    """The same, less what the people themselves had restricted or objected to."""
    kept = ever_among({each.subject_id for each in judged if isinstance(each, Checked) and each.subject_id is not None})
    return [(_forbidden(register, each, kept) or each) if isinstance(each, Checked) else each for each in judged]


def _forbidden(
    register: _Register, checked: Checked, kept: Mapping[UUID, Sequence[Restriction]]
) -> DisclosureRefused | None:
    about = kept.get(checked.subject_id, ()) if checked.subject_id is not None else ()
    if not about:
        return None
    moment = last_moment(checked.said.disclosed_on, register.zone)
    return refusal_by_the_person(checked.said, checked.purpose, about, moment)


def _check_day(said: DisclosureStatement, today: date) -> None:
    if said.disclosed_on > today:
        raise DisclosureRefused(
            "disclosed_on", _("This day is yet to come. A disclosure is entered once it has happened.")
        )


def _check_purpose(purpose: Purpose) -> None:
    if purpose.is_prohibited:
        raise DisclosureRefused(
            "purpose",
            _("The organisation has promised never to do this. Do not; if it has happened, treat it as a breach."),
        )


def _check_known(register: _Register, said: DisclosureStatement) -> None:
    register.recipient(said.recipient)


def _check_person(said: DisclosureStatement) -> None:
    if said.person is None and said.subject_id is None:
        raise DisclosureRefused("subject", _("Say whose data it was."))


def _check_recipient(recipient: Recipient, said: DisclosureStatement) -> None:
    day = said.disclosed_on
    if not recipient.is_active_on(day):
        raise DisclosureRefused(
            "recipient", _("This recipient is inactive on that day. Nothing is disclosed to it any more.")
        )
    begins, ends = recipient.contract_from, recipient.contract_until
    if (begins is not None and day < begins) or (ends is not None and day > ends):
        raise DisclosureRefused(
            "recipient",
            _("The contract with this recipient does not cover that day. If it was renewed, enter its days first."),
        )
    if recipient.kind == RecipientKind.PROVIDER and not recipient.contract_reference:
        raise DisclosureRefused(
            "recipient", _("This provider has no contract in the register. Enter the contract first.")
        )


def _check_categories(said: DisclosureStatement) -> None:
    if not said.categories or set(said.categories) - _CATEGORIES:
        words = _("Name the kinds of data by their codes, at least one of: %s.")
        raise DisclosureRefused("categories", words % ", ".join(each.value for each in DISCLOSABLE))


def _check_means(said: DisclosureStatement) -> None:
    if said.means not in Means.values:
        raise DisclosureRefused("means", _("Use one of: %s.") % ", ".join(Means.values))


def _check_length(said: DisclosureStatement, field: str) -> None:
    if len(getattr(said, field)) > LONGEST[field]:
        raise DisclosureRefused(field, _("Shorten this to %d characters.") % LONGEST[field])


def _check_ground(said: DisclosureStatement) -> None:
    if not said.ground:
        if said.is_secret:
            raise DisclosureRefused(
                "is_secret", _("Only a disclosure on a ground without consent can be kept from the person. Name it.")
            )
        return
    if said.ground not in GroundWithoutConsent.values:
        raise DisclosureRefused("ground", _("Use one of: %s.") % ", ".join(GroundWithoutConsent.values))


def _check_authority(said: DisclosureStatement) -> None:
    if said.ground and not said.authority.strip():
        raise DisclosureRefused("authority", _("Name the provision, order or file on which the ground rests."))


def _check_approver(said: DisclosureStatement) -> None:
    if said.ground and not said.approver.strip():
        raise DisclosureRefused("approver", _("Name who approved of disclosing without consent."))


def _check_secret(said: DisclosureStatement) -> None:
    if said.is_secret and said.ground and said.ground not in MAY_BE_SECRET:
        raise DisclosureRefused("is_secret", _("No law forbids telling the person of a disclosure on this ground."))


def _asks_consent(register: _Register, checked: Checked) -> bool:
    """Whether consent can make a difference."""
    if checked.said.ground or checked.subject_id is None:
        return False
    by_consent = checked.purpose.lawful_basis == LawfulBasis.CONSENT
    return by_consent or not register.is_told(checked.purpose, checked.said.disclosed_on)


def _use(checked: Checked) -> Use:
    assert checked.subject_id is not None
    return Use(checked.subject_id, checked.purpose.pk, checked.said.disclosed_on)


def _check_told(register: _Register, checked: Checked, agreed: set[Use]) -> DisclosureRefused | None:
    """Why the purpose does not allow it; None when it does."""
    if checked.said.ground:
        return None
    has_agreed = checked.subject_id is not None and _use(checked) in agreed
    if checked.purpose.lawful_basis == LawfulBasis.CONSENT and not has_agreed:
        return DisclosureRefused(
            "purpose",
            _("This purpose rests on consent, and the person's consent did not stand on that day. Name the ground "
              "without consent if there was one; otherwise do not disclose."),
        )  # fmt: skip
    if not has_agreed and not register.is_told(checked.purpose, checked.said.disclosed_on):
        return DisclosureRefused(
            "purpose",
            _("No notice in force on that day names this purpose, so the person was not told of it. Put a notice into "
              "force first, or name the ground without consent with its authority and who approved."),
        )  # fmt: skip
    return None
