"""Deciding a rectification: each wanted change is corrected where it lives, given to somebody as a task, or refused.

Danger: a wrong row is changed, or a value that the officer did not see.
Rule: an officer chooses among the values that the person's own rows hold at this moment; what is chosen is found again
by its fingerprint when the decision is stored, or the officer looks again. Values are kept encrypted and never logged.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from privacy.datamap.asking import asked_sources
from privacy.datamap.correcting import PresentValue, check_new_value, present_values
from privacy.datamap.engine.correcting import Correction as EngineCorrection
from privacy.datamap.engine.errors import EngineError
from privacy.datamap.engine.plan import Plan
from privacy.datamap.errors import CorrectionUnfit
from privacy.datamap.models import Source
from privacy.datamap.subject_plan import PlannedErasure
from privacy.jobs.services import enqueue
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer
from privacy.register.categories import DISCLOSABLE
from privacy.register.selectors import local_date
from requests.asked import stated_changes, stated_list
from requests.deciding.checking import ground_problems
from requests.enums import Outcome, RequestKind, RequestState
from requests.errors import ChangeInvalid, PlanChanged, PlanMissing, SourceAway
from requests.models import Correction, SubjectRequest, Verdict
from requests.services.decisions import refusal_grounds
from requests.services.moves import check_may_handle, expect, locked, move

CORRECT_JOB = "requests.correct"
LONGEST_VALUE = 2_000
_BY_HAND = "by-hand:"


@dataclass(frozen=True)
class WantedChange:
    """One change as the person or an officer wrote it. Personal data."""

    number: int
    what: str = field(repr=False)
    old: str = field(repr=False)
    new: str = field(repr=False)
    evidence: str = field(repr=False)

    @property
    def words(self) -> str:
        """What is wanted, in one sentence for letters, notices and annotations."""
        if self.old and self.new:
            particulars = {"what": self.what, "old": self.old, "new": self.new}
            return _("%(what)s: instead of “%(old)s” it should say “%(new)s”") % particulars
        return _("%(what)s: it should say “%(new)s”") % {"what": self.what, "new": self.new} if self.new else self.what


@dataclass(frozen=True)
class Decided:
    """An officer's decision about one change.

    place: token of a `PresentValue`, or `by_hand(source)`; a refusal may do without.
    ground, reasons: of a refusal. alternatives, own_alternative: what it offers besides the note of the person's words,
    which every refusal brings; codes of the ground, and the officer's words.
    category: the kind of data it is about, where the place does not say it: who got such data has to be told.
    """

    number: int
    verdict: Verdict
    place: str = ""
    new: str = field(default="", repr=False)
    ground: str = ""
    reasons: str = field(default="", repr=False)
    category: str = ""
    alternatives: tuple[str, ...] = ()
    own_alternative: str = field(default="", repr=False)

    @property
    def is_about_a_value(self) -> bool:
        """Whether a value of a source was chosen, and not nothing or a task."""
        return bool(self.place) and not self.place.startswith(_BY_HAND)


def by_hand(source: Source) -> str:
    """What stands for a source that is no database among the places of a change."""
    return f"{_BY_HAND}{source.pk}"


def wanted_changes(case: SubjectRequest) -> list[WantedChange]:
    """All changes that the person wants, also those that are decided."""
    return [
        WantedChange(number, *(str(each.get(name) or "") for name in ("what", "old", "new", "evidence")))
        for number, each in stated_changes(case.particulars)
    ]


def wanted_words(correction: Correction) -> str:
    """What the person wants, in the active language, from what the case keeps; as it was told where that is gone."""
    stated = (each for each in wanted_changes(correction.case) if each.number == correction.number)
    return next((each.words for each in stated), str(correction.wanted))


def undecided_changes(case: SubjectRequest) -> list[WantedChange]:
    """Those that nobody has decided yet, or whose decision could not be carried out."""
    decided = set(case.corrections.values_list("number", flat=True))
    return [each for each in wanted_changes(case) if each.number not in decided]


@transaction.atomic
def add_change(*, case: SubjectRequest, officer: Officer, what: str, old: str, new: str) -> SubjectRequest:
    """Note a change that the person asked for in their own words, so that it can be decided.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: there is nothing to decide.
        ChangeInvalid: it does not say what is to be changed.
    """
    case = locked(case)
    check_may_handle(officer, case)
    expect(case, RequestState.DECIDING)
    what, old, new = what.strip(), old.strip(), new.strip()
    if case.kind != RequestKind.RECTIFICATION or not what or not new or max(map(len, (what, old, new))) > LONGEST_VALUE:
        raise ChangeInvalid(_("Say what is to be changed, and what it should say."))
    changes = [*stated_list(case.particulars, "changes"), {"what": what, "old": old, "new": new, "evidence": ""}]
    case.particulars = (case.particulars or {}) | {"changes": changes}
    case.save(update_fields=["particulars"])
    record(action="subject_request.change_noted", actor=Actor.officer(officer), target=case, data={"n": len(changes)})
    return case


def values_to_correct(case: SubjectRequest) -> list[PresentValue]:
    """What the sources say about the person now. Reaches over the network: never call it in a transaction.

    Raises:
        PlanMissing: the data was not looked for.
        SourceAway: a source cannot be read now.
    """
    try:
        return list(present_values(_planned(case)))
    except EngineError as error:
        raise SourceAway from error


def decide_corrections(
    *, case: SubjectRequest, officer: Officer, plan_hash: str, decisions: Sequence[Decided]
) -> SubjectRequest:
    """Decide every change that is open. What is granted is carried out by a job; when all is refused, that is the end.

    Args:
        plan_hash: of the plan that the officer saw.
        decisions: one for each of `undecided_changes`.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: there is nothing to decide.
        PlanMissing: the data was not looked for.
        PlanChanged: the case has another plan by now.
        ChangeInvalid: a change has no decision, or one that cannot be carried out; `number` says which.
        SourceAway: a source cannot be read now.
    """
    check_may_handle(officer, case)
    is_asking = any(each.is_about_a_value for each in decisions)
    places = {each.token: each for each in values_to_correct(case)} if is_asking else {}
    prepared = [_prepared(case, each, places) for each in decisions]  # over the network, before anything is locked
    return _store(case, officer, plan_hash, prepared)


@transaction.atomic
def _store(case: SubjectRequest, officer: Officer, plan_hash: str, prepared: list[Correction]) -> SubjectRequest:
    from requests.services.carrying_out import close_refused

    case = locked(case)
    check_may_handle(officer, case)
    expect(case, RequestState.DECIDING)
    if case.kind != RequestKind.RECTIFICATION or plan_hash != case.plan_hash:
        raise PlanChanged
    _check_complete(case, prepared)
    Correction.objects.bulk_create(prepared)
    verdicts = list(case.corrections.values_list("verdict", flat=True))
    actor, now = Actor.officer(officer), timezone.now()
    if set(verdicts) == {Verdict.REFUSE}:
        return close_refused(case=case, officer=officer)
    outcome = Outcome.PARTIAL if Verdict.REFUSE in verdicts else Outcome.GRANTED
    counts = {each.value: verdicts.count(each.value) for each in Verdict}
    move(
        case=case, to=RequestState.EXECUTING, action="granted", actor=actor, data={"plan": case.plan_hash} | counts,
        decided_by=officer, decided_at=now, outcome=outcome, problem="",
    )  # fmt: skip
    queue_correcting(case)
    return case


def queue_correcting(case: SubjectRequest) -> None:
    """Have the changes made. Each asking is a slot of its own."""
    enqueue(kind=CORRECT_JOB, slot=f"{case.pk}/{secrets.token_hex(4)}")


def _planned(case: SubjectRequest) -> PlannedErasure:
    if case.frozen_keys is None:
        raise PlanMissing
    return PlannedErasure.from_data(case.frozen_keys)


def plan_of(case: SubjectRequest, source_id: int | None) -> Plan:
    """The plan for one source that was found last.

    Raises:
        PlanMissing: there is none.
    """
    for each in _planned(case).plans:
        if each.source_id == source_id and isinstance(each.plan, Plan):
            return each.plan
    raise PlanMissing


def _prepared(case: SubjectRequest, decided: Decided, places: Mapping[str, PresentValue]) -> Correction:
    wanted = next((each for each in undecided_changes(case) if each.number == decided.number), None)
    if wanted is None:
        raise ChangeInvalid(_("This change was decided meanwhile. Reload the page."), decided.number)
    with translation.override(case.language):  # the person reads it in letters
        common: dict[str, Any] = {"case": case, "number": decided.number, "wanted": wanted.words}
    place = places.get(decided.place)
    if decided.verdict == Verdict.REFUSE:
        about = _refusal(case, decided, place)
    else:
        about = _granted(case, decided, wanted, place)
    return Correction(**common, **about, category=_category(decided, place))


def _granted(
    case: SubjectRequest, decided: Decided, wanted: WantedChange, place: PresentValue | None
) -> dict[str, Any]:
    new = decided.new.strip()
    if not new or len(new) > LONGEST_VALUE:
        raise ChangeInvalid(_("Enter what the record is to say."), decided.number)
    if decided.place.startswith(_BY_HAND):
        return _task(decided, wanted, new)
    if place is None:
        raise _place_missing(decided)
    return _replacement(case, decided.number, place, new)


def _place_missing(decided: Decided) -> ChangeInvalid:
    words = _("Choose which value is to be replaced; it may have changed meanwhile.")
    return ChangeInvalid(words, decided.number)


def _category(decided: Decided, place: PresentValue | None) -> str:
    """The kind of data that a change is about. Without it nobody would know to whom the change has to be told."""
    given = place.category if place is not None and place.category in DISCLOSABLE else decided.category
    if given not in DISCLOSABLE:
        words = _("Choose the kind of data that it is about: those to whom such data was disclosed are told.")
        raise ChangeInvalid(words, decided.number)
    return given


def _refusal(case: SubjectRequest, decided: Decided, place: PresentValue | None) -> dict[str, Any]:
    if decided.is_about_a_value and place is None:
        raise _place_missing(decided)
    ground = next((each for each in refusal_grounds(case) if each.code == decided.ground), None)
    if ground is None:
        raise ChangeInvalid(_("Choose one of the grounds that the law knows."), decided.number)
    problems = ground_problems(
        case, ground, reasons=decided.reasons,
        alternatives=decided.alternatives, own_alternative=decided.own_alternative,
        must_offer=False,  # the person's words are put beside the data: that is what they have instead
        today=local_date(timezone.now()),
    )  # fmt: skip
    if (first := next(problems, None)) is not None:
        raise ChangeInvalid(first[1], decided.number)
    label = f"{place.dataset_label} · {place.label}"[:400] if place is not None else ""
    return {
        "verdict": Verdict.REFUSE, "label": label, "ground": decided.ground, "reasons": decided.reasons.strip(),
        "alternatives": list(decided.alternatives), "own_alternative": decided.own_alternative.strip() or None,
    }  # fmt: skip


def _task(decided: Decided, wanted: WantedChange, new: str) -> dict[str, Any]:
    source = next((each for each in asked_sources() if by_hand(each) == decided.place), None)
    if source is None:
        raise ChangeInvalid(_("This source is not used any more; choose another."), decided.number)
    label = f"{source.name} · {wanted.what}"[:400]
    return {"verdict": Verdict.TASK, "source": source, "label": label, "old": wanted.old or None, "new": new}


def _replacement(case: SubjectRequest, number: int, place: PresentValue, new: str) -> dict[str, Any]:
    source = Source.objects.get(pk=place.source_id)
    change = EngineCorrection(place.dataset, place.column, place.keys, place.text, new)
    try:
        check_new_value(source, plan_of(case, place.source_id), change)
    except CorrectionUnfit as error:
        raise ChangeInvalid(str(error), number) from None
    except EngineError as error:
        raise SourceAway from error
    return {
        "verdict": Verdict.CORRECT, "source": source, "dataset": place.dataset, "column": place.column,
        "label": f"{place.dataset_label} · {place.label}"[:400],
        "keys": [list(key) for key in place.keys], "old": place.text, "new": new,
    }  # fmt: skip


def _check_complete(case: SubjectRequest, prepared: list[Correction]) -> None:
    open_numbers = [each.number for each in undecided_changes(case)]
    if sorted(each.number for each in prepared) != open_numbers:
        raise ChangeInvalid(_("Decide every change that the person asked for."))
    if not open_numbers and not case.corrections.exists():
        raise ChangeInvalid(_("Note first which changes the person wants."))
    places = [(each.source_id, each.dataset, each.column, str(key)) for each in prepared for key in each.keys or ()]
    if len(set(places)) != len(places):
        raise ChangeInvalid(_("Two changes are about the same value. Decide on one of them, and refuse the other."))
