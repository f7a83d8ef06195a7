"""Questions about consent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from consent.models import ConsentRecord, CurrentConsent, Decision, Wording
from privacy.register.models import LawfulBasis, Purpose
from privacy.register.restrictions.enums import ScopeKind
from privacy.register.restrictions.models import NOT_OBJECTED, Restriction
from privacy.register.restrictions.selectors import in_force_for, strongest
from privacy.register.restrictions.services import can_be_lifted_by_consent
from privacy.subjects.models import Subject


@dataclass(frozen=True)
class Preference:
    """One purpose as a person sees it.

    Args:
        decision: a `Decision`; None when the person was never asked.
        since: when the person made that decision, as far as it is known, or when the consent ran out.
        words: what the person agreed to or would agree to, word for word; the plain words of the purpose where no
            consent is asked.
        wording: where `words` are from; None when no consent is asked.
        consequences: what withdrawing means.
        can_give: the person may give consent now.
        can_withdraw: the person may withdraw now.
        why_not: why it cannot be withdrawn; empty when there is nothing to explain.
        record_id: of the decision.
        restriction: why the data is not used for it, whatever was decided; None when the person never objected.
        expires_at: when a consent that stands ends by itself; None when it holds until it is withdrawn.
        other_ground: the person agreed, and since then the purpose rests on something else, which this says.
        newest: the newest words, which are those that somebody who agrees, or agrees again, is asked with.
        method: how it was decided, a `Method`; empty when the person was never asked.
    """

    purpose: Purpose
    decision: str | None
    since: datetime | None
    words: str
    wording: Wording | None
    consequences: str
    can_give: bool
    can_withdraw: bool
    why_not: str
    restriction: Restriction | None = None
    record_id: UUID | None = None
    expires_at: datetime | None = None
    other_ground: str = ""
    newest: Wording | None = None
    method: str = ""

    @property
    def said_no(self) -> bool:
        """Whether the last word was a no."""
        return self.decision in (Decision.REFUSED, Decision.WITHDRAWN)

    @property
    def can_object(self) -> bool:
        """Whether it goes on on a ground that an objection ends."""
        is_spared = self.purpose.lawful_basis in {LawfulBasis.CONSENT, *NOT_OBJECTED}
        return self.restriction is None and not is_spared

    @property
    def is_bound(self) -> bool:
        """A consent stands that the person cannot withdraw."""
        return self.decision == Decision.GIVEN and bool(self.why_not)

    @property
    def goes_on_because(self) -> str:
        """Why the data is used for it all the same once the person withdraws; empty where it is not."""
        return "" if self.restriction else self.other_ground

    @property
    def rests_on_consent(self) -> bool:
        """Whether people can agree to it at all."""
        return self.purpose.lawful_basis == LawfulBasis.CONSENT and not self.purpose.is_prohibited


def preferences(subject: Subject, language: str = "en", *, decided: str = "") -> list[Preference]:
    """Every purpose for which the person's data may be used, with the decision that stands; none that is prohibited.

    Args:
        decided: code of one that they have just decided about, and that is shown though it is prohibited.
    """
    current = {
        row.purpose_id: row for row in CurrentConsent.objects.select_related("record__wording").filter(subject=subject)
    }
    now = timezone.now()
    was_decided = Q(code=decided, pk__in=current)
    shown = Purpose.objects.filter(Q(is_prohibited=False) | Q(pk__in=_still_given(current.values(), now)) | was_decided)
    purposes = list(shown.order_by("order", "code"))
    words = newest_wordings(purposes, language)
    held = in_force_for(subject)
    return [_preference(purpose, current.get(purpose.pk), words.get(purpose.pk), held, now) for purpose in purposes]


@dataclass(frozen=True)
class PurposeState:
    """What stands for one purpose; all None when the person was never asked and never objected."""

    purpose: Purpose
    decision: str | None = None
    since: datetime | None = None
    record_id: UUID | None = None
    restriction: Restriction | None = None
    expires_at: datetime | None = None


def states(subject: Subject | None) -> list[PurposeState]:
    """The state of each purpose that takes consent, and of each the person ever decided about or objected to."""
    current = {row.purpose_id: row for row in CurrentConsent.objects.filter(subject=subject)} if subject else {}
    held = in_force_for(subject) if subject else []
    asked = Q(lawful_basis=LawfulBasis.CONSENT) | Q(pk__in=[each.purpose_id for each in held if each.purpose_id])
    if any(each.scope == ScopeKind.EVERYTHING for each in held):
        asked = Q()
    purposes = Purpose.objects.filter(asked & Q(is_prohibited=False) | Q(pk__in=list(current)))
    found, now = [], timezone.now()
    for purpose in purposes.order_by("order", "code"):
        row = current.get(purpose.pk)
        restriction = strongest(each for each in held if each.reaches(purpose))
        if row is not None:
            found.append(_state(row, purpose, restriction, now))
        elif restriction is not None or purpose.lawful_basis == LawfulBasis.CONSENT:
            found.append(PurposeState(purpose, restriction=restriction))
    return found


def _state(row: CurrentConsent, purpose: Purpose, restriction: Restriction | None, now: datetime) -> PurposeState:
    decision = row.standing(now)
    ends = row.expires_at if decision == Decision.GIVEN else None
    return PurposeState(purpose, decision, _since(row, now), row.record_id, restriction, ends)


def _since(row: CurrentConsent, now: datetime) -> datetime:
    """When the state began that holds now; a consent ran out when it ran out, not when that was written down."""
    ran_out = row.standing(now) != row.decision
    return row.expires_at if ran_out and row.expires_at else row.since


def _decided_at(row: CurrentConsent, now: datetime) -> datetime:
    """The same, where a decision that was recorded late counts from when the person made it."""
    since, told = _since(row, now), row.record.occurred_at
    return since if told is None or row.standing(now) == Decision.EXPIRED else min(told, since)


def agreed_to_by(subject: Subject) -> list[int]:
    """The ids of the purposes to which consents of a person stand, whatever they rest on by now."""
    return _still_given(CurrentConsent.objects.filter(subject=subject), timezone.now())


def how_many_agreed(purpose: Purpose) -> int:
    """Of how many people a consent is in force."""
    given = CurrentConsent.objects.filter(purpose=purpose, decision=Decision.GIVEN)
    return given.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now())).count()


def how_many_said_no(purpose: Purpose) -> int:
    """How many people refused or withdrew, and did not agree since."""
    return CurrentConsent.objects.filter(purpose=purpose, decision__in=[Decision.REFUSED, Decision.WITHDRAWN]).count()


def history(subject: Subject) -> QuerySet[ConsentRecord]:
    """Every decision of the person, newest first, with purpose, words and notice at hand."""
    return (
        ConsentRecord.objects.filter(subject=subject)
        .select_related("purpose", "wording", "notice")
        .order_by("-recorded_at", "-id")
    )


def newest_wordings(purposes: Iterable[Purpose], language: str) -> dict[int, Wording]:
    """The newest words by purpose id: in this language where there are any, else in the installation's."""
    asked = {purpose.pk: purpose for purpose in purposes}
    found: dict[int, Wording] = {}
    rows = Wording.objects.filter(purpose__in=asked, language__in=[language, settings.LANGUAGE_CODE])
    for wording in sorted(rows, key=lambda row: (row.language == language, row.version)):
        wording.purpose = asked[wording.purpose_id]
        found[wording.purpose_id] = wording
    return found


def asked_from(row: CurrentConsent) -> datetime | None:
    """From when on a person is asked to agree again: some days before the end, never before two thirds of the time.

    None when the consent holds until it is withdrawn.
    """
    if row.expires_at is None:
        return None
    days = timedelta(days=settings.CONSENT_ASKED_AGAIN_DAYS)
    return row.expires_at - min(days, (row.expires_at - row.since) / 3)


def _still_given(rows: Iterable[CurrentConsent], now: datetime) -> list[int]:
    return [row.purpose_id for row in rows if row.standing(now) == Decision.GIVEN]


def _ends_soon(row: CurrentConsent | None, now: datetime) -> bool:
    asked = asked_from(row) if row is not None else None
    return asked is not None and asked <= now


def _preference(
    purpose: Purpose, current: CurrentConsent | None, newest: Wording | None, held: list[Restriction], now: datetime
) -> Preference:
    by_consent = purpose.lawful_basis == LawfulBasis.CONSENT
    given = current is not None and current.standing(now) == Decision.GIVEN
    agreed = current.record.wording if current is not None and given else None
    wording = (agreed or newest) if by_consent or given else None
    reaching = [each for each in held if each.reaches(purpose)]
    can_withdraw = given and not purpose.withdrawal_bar
    is_open = not given or _ends_soon(current, now)
    could_agree = all(can_be_lifted_by_consent(each) for each in reaching) if reaching else is_open
    return Preference(
        purpose=purpose,
        decision=current.standing(now) if current else None,
        since=_decided_at(current, now) if current else None,
        words=wording.text if wording else purpose.description,
        wording=wording,
        consequences=purpose.withdrawal_consequences,
        can_give=by_consent and not purpose.is_prohibited and could_agree and newest is not None,
        can_withdraw=can_withdraw,
        why_not=_why_not(purpose, is_given=given, can_withdraw=can_withdraw),
        other_ground=why_without_consent(purpose) if given and not purpose.is_prohibited else "",
        restriction=strongest(reaching),
        record_id=current.record_id if current else None,
        expires_at=current.expires_at if current is not None and given else None,
        newest=newest if by_consent else None,
        method=current.record.method if current else "",
    )


def _why_not(purpose: Purpose, *, is_given: bool, can_withdraw: bool) -> str:
    if can_withdraw:
        return ""
    if is_given and purpose.withdrawal_bar:
        return purpose.withdrawal_bar
    return "" if purpose.is_prohibited else why_without_consent(purpose)


def goes_on_because(subject: Subject, purpose: Purpose) -> str:
    """Why the person's data is used for the purpose though they do not agree; empty where it is not."""
    why = "" if purpose.is_prohibited else why_without_consent(purpose)
    return "" if why and any(each.reaches(purpose) for each in in_force_for(subject)) else why


def agreed_at(subject: Subject, purpose: Purpose) -> datetime | None:
    """When the person agreed to what stands; None where no consent does, or where the data is not used whatever was
    decided."""
    row = CurrentConsent.objects.select_related("record").filter(subject=subject, purpose=purpose).first()
    now = timezone.now()
    if row is None or row.standing(now) != Decision.GIVEN or purpose.is_prohibited:
        return None
    return None if any(each.reaches(purpose) for each in in_force_for(subject)) else _decided_at(row, now)


def why_without_consent(purpose: Purpose) -> str:
    """On what a purpose rests that does not rest on consent, in words for the person; empty where it does."""
    return {
        LawfulBasis.CONSENT: "",
        LawfulBasis.CONTRACT: _("We need this to keep our contract with you, so it does not depend on consent."),
        LawfulBasis.LEGAL_OBLIGATION: _("The law obliges us to do this, so it does not depend on consent."),
        LawfulBasis.VITAL_INTERESTS: _("We do this to protect somebody's life, so it does not depend on consent."),
        LawfulBasis.PUBLIC_TASK: _(
            "This is a public task that the law gives us, and it does not rest on consent. You can object to it: send "
            "us a request."
        ),
        LawfulBasis.LEGITIMATE_INTERESTS: _(
            "This rests on our legitimate interests and not on consent. You can object to it: send us a request."
        ),
    }[LawfulBasis(purpose.lawful_basis)]
