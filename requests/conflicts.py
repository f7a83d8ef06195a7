"""Who cannot look into a complaint: whoever handled the case that it is about.

Danger: an officer judges their own work, and the person who complains is right not to believe the answer.
Rule: the ledger says who handled the case complained of. None of them is assigned the complaint or does anything with
it, nor does anybody as whom one of them can sign in. Where nobody is left, the complaint waits until there is another
officer; it is never let through. An act that the ledger calls by a name not known here counts as handling. A case that
was joined to another was answered there, so whoever handled that one counts as well. Where the case complained of is a
complaint itself, it is about the first case too, so whoever handled that one counts, however many lie between.

An officer who was added by one of them, and has a password of their own since, counts as another person: elsewhere
(`privacy.officers.four_eyes`) such an account never does, but here nobody could ever answer where there is one Privacy
Officer. The ledger shows who added whom, and the authority can be asked.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.errands.models import Errand
from privacy.ledger.actors import ActorKind
from privacy.ledger.models import LedgerEntry
from privacy.officers.models import Officer, Role
from requests.errors import ConflictOfInterest
from requests.models import Approval, SubjectRequest

_PREFIX = "subject_request."
NOT_HANDLING = frozenset(
    {
        "viewed", "file_opened", "assigned", "submitted", "received", "begun", "dated_back", "represented",
        "complaint_linked", "authority_file_made", "person_copy_made",
    }
)  # fmt: skip
"""What officers do around a case without judging it: taking it in, giving it to somebody, reading it."""

_PARTS: dict[str, str | Promise] = {
    "assigned": gettext_lazy("was assigned the case"),
    "decided": gettext_lazy("decided the case"),
    "erasure_approved": gettext_lazy("approved the erasure as second officer"),
    "identity_confirmed": gettext_lazy("confirmed the identity"),
    "identity_rejected": gettext_lazy("rejected the identity"),
    "task": gettext_lazy("did a task of the case"),
}
_DECIDING = frozenset({"granted", "granted_in_part", "refused", "answered"})
_OTHER_PART = gettext_lazy("worked on the case")
_FARTHER_BACK = gettext_lazy("%(part)s, in %(case)s from which it came")
_SAME_PASSWORD = gettext_lazy("shares a temporary password with %(name)s, who worked on the case")


@dataclass(frozen=True)
class Conflict:
    """Why one officer cannot look into a complaint, in words that follow the officer's name."""

    officer: Officer
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """Who can look into a case, and who cannot. `about` names the case that it complains of."""

    about: str
    conflicts: list[Conflict]
    free: list[Officer]


def check_no_conflict(case: SubjectRequest, officer: Officer, *, about_themselves: bool = True) -> None:
    """Raise ConflictOfInterest when the officer handled the case that this one complains of.

    Args:
        about_themselves: the officer is the one who reads the message.
    """
    if case.about_case_id is None:
        return
    standing = conflicts_in(case, also=officer)
    conflict = next((each for each in standing.conflicts if each.officer == officer), None)
    if conflict is None:
        return
    given = {"name": officer.full_name, "case": standing.about, "reasons": "; ".join(conflict.reasons)}
    if about_themselves:
        words = _("You cannot look into this complaint about %(case)s. What stands against it: %(name)s %(reasons)s.")
    else:
        words = _("%(name)s cannot look into this complaint about %(case)s: %(name)s %(reasons)s.")
    raise ConflictOfInterest(f"{words % given} {instead_words(standing.free)}")


def conflicts_in(case: SubjectRequest, *, also: Officer | None = None) -> Standing:
    """Which officers can look into a case that is about another one, and which cannot.

    Args:
        also: to be looked at as well, active or not.
    """
    handling = _who_handle()
    if case.about_case_id is None:
        return Standing(about="", conflicts=[], free=handling)
    against = _Against(case)
    asked = {each.pk: each for each in [*handling, *([also] if also else [])]}
    return Standing(
        about=against.about,
        conflicts=[found for each in asked.values() if (found := against.conflict_of(each)) is not None],
        free=[each for each in handling if against.conflict_of(each) is None],
    )


def instead_words(free: Iterable[Officer]) -> str:
    """Who could do it instead, or that nobody is left."""
    names = [officer.full_name for officer in free]
    if not names:
        return _(
            "Nobody is left who can: another officer has to be added under “Officers”, and set a password of their "
            "own. Until then the complaint waits, and its dates go on."
        )
    return _("Who can: %(names)s.") % {"names": ", ".join(names)}


def parts_in(case_id: uuid.UUID) -> dict[int, list[str]]:
    """What each officer did for a case, in words, by the officer's id; also when only the ledger is left of it."""
    found: dict[int, dict[str, None]] = {}

    def note(officer_id: object, part: str) -> None:
        if officer_id is not None and str(officer_id).isdigit():
            found.setdefault(int(str(officer_id)), {}).setdefault(str(_PARTS.get(part, _OTHER_PART)))

    for assignee, decided_by in SubjectRequest.objects.filter(pk=case_id).values_list("assignee_id", "decided_by_id"):
        note(assignee, "assigned")
        note(decided_by, "decided")
    for officer_id in Approval.objects.filter(case_id=case_id).values_list("officer_id", flat=True):
        note(officer_id, "erasure_approved")
    for officer_id in Errand.objects.filter(case_id=case_id).values_list("closed_by_id", flat=True):
        note(officer_id, "task")
    for actor_kind, actor_id, action, data in _acts_on(case_id):
        code = action.removeprefix(_PREFIX)
        if code == "assigned":
            note(data.get("to"), "assigned")
        elif actor_kind == ActorKind.OFFICER and code not in NOT_HANDLING:
            note(actor_id, "decided" if code in _DECIDING else code)
    return {officer_id: list(parts) for officer_id, parts in found.items()}


def _acts_on(case_id: uuid.UUID) -> Iterable[tuple[str, str, str, dict[str, object]]]:
    entries = LedgerEntry.objects.filter(object_type=SubjectRequest._meta.label_lower, object_id=str(case_id))
    return entries.order_by("recorded_at", "id").values_list("actor_kind", "actor_id", "action", "data")


def _who_handle() -> list[Officer]:
    return list(Officer.objects.filter(is_active=True).exclude(role=Role.AUDITOR).order_by("full_name", "pk"))


def _answered_as(case_id: uuid.UUID | None) -> Iterator[tuple[uuid.UUID, SubjectRequest | None]]:
    """A case, and those to which it was joined, where they are kept; each was open when another was joined to it, so
    there is no circle.
    """
    kept = SubjectRequest.objects.only("reference", "joined_to_id", "about_case_id")
    while case_id is not None:
        case = kept.filter(pk=case_id).first()
        yield case_id, case
        case_id = case.joined_to_id if case else None


class _Against:
    """What stands against officers in one complaint, read once for all of them."""

    def __init__(self, case: SubjectRequest) -> None:
        assert case.about_case_id is not None
        self._parts: dict[int, dict[str, None]] = {}
        seen = {case.pk}
        self.about = self._note(case.about_case_id, seen, farther_back=False)
        self._handlers = list(Officer.objects.filter(pk__in=self._parts))

    def _note(self, case_id: uuid.UUID, seen: set[uuid.UUID], *, farther_back: bool) -> str:
        """Note who had a part in a case and in what lies behind it; returns what to call the case.

        Args:
            seen: cases that were looked at; two complaints can be about each other.
            farther_back: the complaint is not about this case itself.
        """
        answered = list(_answered_as(case_id))
        first = answered[0][1]
        name = first.reference if first else _("a case that is not kept any more")
        for pk, _case in answered:
            seen.add(pk)
            for officer_id, parts in parts_in(pk).items():
                words = [str(_FARTHER_BACK) % {"part": each, "case": name} if farther_back else each for each in parts]
                self._parts.setdefault(officer_id, {}).update(dict.fromkeys(words))
        for _pk, each in answered:
            if each is not None and each.about_case_id is not None and each.about_case_id not in seen:
                self._note(each.about_case_id, seen, farther_back=True)
        return name

    def conflict_of(self, officer: Officer) -> Conflict | None:
        shared = [str(_SAME_PASSWORD) % {"name": each.full_name} for each in self._handlers if _share(each, officer)]
        reasons = (*self._parts.get(officer.pk, ()), *shared)
        return Conflict(officer, reasons) if reasons else None


def _share(one: Officer, other: Officer) -> bool:
    """Whether one of two officers knows the password of the other."""
    return one.password_set_by_id == other.pk or other.password_set_by_id == one.pk
