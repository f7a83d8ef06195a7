"""Planning the erasure of one person over all sources: what would happen to which rows, before anything does."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import rfc8785
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from privacy.datamap.asking import Ask, ask_line, ask_of, asked_sources, databases
from privacy.datamap.engine.counting import changes_rows
from privacy.datamap.engine.introspect import read_catalog
from privacy.datamap.engine.masks import LEGAL_CLASS
from privacy.datamap.engine.plan import Action as EngineAction
from privacy.datamap.engine.plan import Plan, Step
from privacy.datamap.engine.planner import Instruction, make_plan, resolve_subject
from privacy.datamap.engine.protecting import protected_by
from privacy.datamap.engine.selection import NOBODY_HELD, Held, Identifier
from privacy.datamap.engine.source import Source as EngineSource
from privacy.datamap.errors import DatamapIncomplete
from privacy.datamap.minimums import LegalMinimum, minimums_of, protections
from privacy.datamap.models import Action, Dataset, Source, SourceKind, Strategy
from privacy.datamap.newer import has_date, newer_rows, only_through_erased
from privacy.datamap.opening import open_for_engine
from privacy.datamap.sparing import SparedOfSource, sparing
from privacy.datamap.specs import datasets_of, erasure_instruction, is_about_people, specs_of
from privacy.subjects.identifiers import written_forms
from privacy.subjects.models import Identifier as SubjectIdentifier
from privacy.subjects.models import Subject


@dataclass(frozen=True)
class SourcePlan:
    """The plan for one source: of rows, or of what will be asked of somebody."""

    source_id: int
    plan: Plan | Ask

    def to_data(self) -> dict[str, Any]:
        """For storing, encrypted: JSON-able."""
        name = "ask" if isinstance(self.plan, Ask) else "plan"
        return {"source": self.source_id, name: self.plan.to_data()}

    def public_data(self) -> dict[str, Any]:
        """For showing: JSON-able, without a key of any row."""
        if isinstance(self.plan, Ask):
            return {"source": self.source_id, "ask": self.plan.to_data()}
        return {"source": self.source_id, "plan": self.plan.public_data()}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "SourcePlan":
        """The inverse of `to_data`."""
        plan = Ask.from_data(data["ask"]) if "ask" in data else Plan.from_data(data["plan"])
        return cls(data["source"], plan)


@dataclass(frozen=True)
class PlannedErasure:
    """Plans for every source, what they say in words, and the hash that an approval is bound to.

    `summary` is a list of plain dicts for officers (see `_line`), without any key or value of a row.
    """

    plans: tuple[SourcePlan, ...]
    summary: tuple[dict[str, Any], ...]

    @property
    def hash(self) -> str:
        """SHA-256 (hex) over the plans' own hashes, source by source."""
        parts = [f"{each.source_id}:{each.plan.hash}" for each in self.plans]
        return hashlib.sha256(rfc8785.dumps(parts)).hexdigest()

    @property
    def rows(self) -> int:
        """Rows that will change or go, in all sources."""
        steps = [step for each in self.plans if isinstance(each.plan, Plan) for step in each.plan.steps]
        return sum(step.expected_count for step in steps if step.action is not EngineAction.KEEP)

    def to_data(self) -> dict[str, Any]:
        """For storing, encrypted: JSON-able, with the keys of the person's rows."""
        return {"plans": [each.to_data() for each in self.plans], "summary": list(self.summary)}

    def public_data(self) -> dict[str, Any]:
        """For showing: JSON-able, without a key of any row."""
        plans = [each.public_data() for each in self.plans]
        return {"plans": plans, "summary": list(self.summary), "hash": self.hash}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "PlannedErasure":
        """The inverse of `to_data`."""
        return cls(tuple(SourcePlan.from_data(each) for each in data["plans"]), tuple(data["summary"]))


def plan_erasure(
    *,
    subject: Subject,
    held: Held = NOBODY_HELD,
    spared: Mapping[int, SparedOfSource] | None = None,
    not_asked: Collection[int] = (),
    received_on: date | None = None,
) -> PlannedErasure:
    """Find everything about a person in every active source, and say what erasing would do to it. Changes nothing.

    A source in which nothing is found has a plan as well: that nothing is there is verified like everything else. In a
    source that is no database nobody is asked yet: the plan says what will be asked.

    Args:
        held: people whose rows are spared; counted apart.
        spared: by source, columns that stay as they are because it was decided so for this person.
        not_asked: sources that are no database in which nobody is to be asked.
        received_on: rows that came about after this day, where the organisation is, are left: the request is not about
            them; counted apart. None: everything that is there now is meant.

    Raises:
        DatamapIncomplete: there is no source, or a dataset about people was not confirmed, so nobody can say yet
            where the person's data is; or a statutory minimum, or a column that says when rows came about, does not
            fit the data map.
        EngineError: a source cannot be reached (`retryable`), or the data map does not fit it (PlanRefused).
    """
    identifiers = identifiers_of(subject)
    sources = active_sources()
    plans: list[SourcePlan] = []
    summary: list[dict[str, Any]] = []
    for source, datasets in sources:
        instructions = erasure_instructions(
            source, datasets, (spared or {}).get(source.pk, {}), received_on=received_on
        )
        plan = _plan(source, datasets, identifiers, held, instructions)
        plans.append(SourcePlan(source.pk, plan))
        dateless = _dateless(datasets) if received_on else frozenset()
        summary += _lines(source, datasets, plan, dateless)
    for source in asked_sources():
        if source.pk in not_asked:
            continue
        plans.append(SourcePlan(source.pk, ask_of(source, subject)))
        summary.append(ask_line(source))
    return PlannedErasure(tuple(plans), tuple(summary))


def identifiers_of(subject: Subject) -> list[Identifier]:
    """What the person is known by, decrypted, in every form in which a source may hold it."""
    return in_every_form(subject.identifiers.order_by("pk"))


def in_every_form(known: Iterable[SubjectIdentifier]) -> list[Identifier]:
    """Identifiers as the engine looks for them in sources."""
    return [Identifier(each.kind, form) for each in known for form in written_forms(each.kind, each.value)]


def active_sources() -> list[tuple[Source, list[Dataset]]]:
    """Every active source that is a database, with all its datasets.

    Raises:
        DatamapIncomplete: there is no source at all, or one has datasets about people that nobody has confirmed.
    """
    found = [(source, datasets_of(source)) for source in databases()]
    about_people = any(is_about_people(dataset) for _source, datasets in found for dataset in datasets)
    if not about_people and not asked_sources():
        raise DatamapIncomplete(_("No source with data about people is connected; connect one under “Sources”."))
    unconfirmed = [
        f"{source.name}: {dataset.key}"
        for source, datasets in found
        for dataset in datasets
        if dataset.confirmed_at is None and (is_about_people(dataset) or dataset.suggestion_reason)
    ]
    if unconfirmed:
        message = _("These datasets were not confirmed yet: %(names)s. Confirm what they hold under “Datasets”.")
        raise DatamapIncomplete(message % {"names": ", ".join(unconfirmed)}, datasets=unconfirmed)
    return found


def erasure_instructions(
    source: Source,
    datasets: list[Dataset],
    spared: SparedOfSource | None = None,
    *,
    received_on: date | None = None,
) -> list[Instruction]:
    """What erasing a person does to each dataset about people, less what the law wants kept.

    Args:
        spared: by dataset, columns that stay as they are because it was decided so for this person.
        received_on: less rows that came about after this day as well.

    Raises:
        DatamapIncomplete: a statutory minimum, or a column that says when rows came about, does not fit the data map.
    """
    minimums, newer = minimums_of(source, datasets), newer_rows(datasets, received_on)
    wanted = [
        replace(
            erasure_instruction(each),
            unless=(
                *protections(minimums, each.key, each.on_erasure),
                *([newer[each.key]] if each.key in newer else []),
            ),
        )
        for each in datasets
        if is_about_people(each)
    ]
    return [sparing(each, (spared or {}).get(each.dataset, {})) for each in wanted]


def sources_outside(planned_for: Collection[int]) -> QuerySet[Source]:
    """Active sources that a plan says nothing about: they were connected, or switched on again, after it was made.

    Args:
        planned_for: the sources of the plan.
    """
    return Source.objects.filter(is_active=True).exclude(kind=SourceKind.PORTAL).exclude(pk__in=planned_for)


def _plan(
    source: Source,
    datasets: list[Dataset],
    identifiers: list[Identifier],
    held: Held,
    instructions: list[Instruction],
) -> Plan:
    specs = specs_of(datasets)
    with open_for_engine(source) as engine:
        catalog = read_catalog(engine)
        keys = resolve_subject(engine, specs, identifiers, catalog=catalog)
        return make_plan(engine, specs, instructions, selection=keys, held=held, catalog=catalog)


def _dateless(datasets: list[Dataset]) -> frozenset[str]:
    """Datasets of which nobody can tell whether a row is newer than a request."""
    return frozenset(each.key for each in datasets if not has_date(each, datasets))


def _lines(source: Source, datasets: list[Dataset], plan: Plan, dateless: Collection[str]) -> Iterator[dict[str, Any]]:
    by_key = {dataset.key: dataset for dataset in datasets}
    kept, lost = _kept_by_law(source, datasets, plan), only_through_erased(plan)
    for step in plan.steps:
        if step.expected_count or step.held_count or step.protected_count:
            told = {"by_law": kept.get(step.key, []), "dateless": changes_rows(step) and step.dataset in dateless}
            told["newer_lost"] = step.newer_count if step.dataset in lost else 0
            yield _line(source, by_key[step.dataset], step) | told


def _kept_by_law(source: Source, datasets: list[Dataset], plan: Plan) -> dict[str, list[dict[str, Any]]]:
    """By step: how many rows a minimum keeps, why, and until which day; None when nobody knows."""
    steps = [step for step in plan.steps if step.protected_count > step.newer_count]
    if not steps:
        return {}
    known = {each.protection.name: each for each in minimums_of(source, datasets)}
    with open_for_engine(source) as engine:
        return {step.key: [*_minimums_of_step(engine, plan, step, known)] for step in steps}


def _minimums_of_step(
    engine: EngineSource, plan: Plan, step: Step, known: Mapping[str, LegalMinimum]
) -> Iterator[dict[str, Any]]:
    for protection in step.unless:
        minimum = known.get(protection.name)
        if minimum is not None and (found := protected_by(engine, plan, step, protection)).rows:
            until = minimum.ends_on(found.newest)
            yield {"rows": found.rows, "reason": minimum.reason, "until": until.isoformat() if until else None}


def _line(source: Source, dataset: Dataset, step: Step) -> dict[str, Any]:
    labels = {each.column: each.label or each.column for each in dataset.fields.all()}
    return {
        "source": source.name,
        "dataset": dataset.label,
        "table": dataset.key,
        "action": str(step.action),
        "action_words": str(Action(step.action).label),
        "rows": step.expected_count,
        "held": step.held_count,
        "protected": step.protected_count - step.newer_count,
        "newer": step.newer_count,
        "masked": [
            {
                "field": labels.get(mask.column, mask.column),
                "strategy": str(Strategy(mask.strategy).label),
                "legal_class": str(LEGAL_CLASS[mask.strategy]),
            }
            for mask in step.effective_masks
        ],
        "kept": [{"field": labels.get(kept.column, kept.column), "reason": kept.reason} for kept in step.kept],
        "reason": dataset.keep_reason,
    }
