"""Bringing the portal's own tables into the data map, with what each column holds as its app declares it.

Danger: a table of ours that nobody described would be a table about people outside of every rule.
Rule: the tables come from PostgreSQL's catalog; the words from each app's `personal_data.py`. What officers changed
since stays; only what is new is described.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from privacy.datamap.models import OWN_SUBJECT, Action, DataCategory, Dataset, Field, Source, SourceKind, Strategy
from privacy.datamap.services import check_source, discover
from privacy.datamap.services.confirming import confirm_dataset
from privacy.datamap.services.looking import reconcile_map
from privacy.ledger.actors import SYSTEM
from privacy.ledger.services import record
from privacy.register.own_data import own_data
from privacy.tenants.context import current_organisation
from retention.models import Rule
from retention.own.rules import RULES, OwnRule
from retention.services import save_rule

OWN_JOB = "retention.own_schema"
_NAMED = ("requests_subjectrequest", "letters_letter", "consent_consentrecord", "consent_currentconsent")
"""Tables by whose `subject_id` a person under a hold is spared, and what hangs from them."""
_HANGING = {
    "requests_approval": ("case_id", "requests_subjectrequest"),
    "requests_accesspackage": ("case_id", "requests_subjectrequest"),
    "requests_caseofficerpermission": ("content_object_id", "requests_subjectrequest"),
    "requests_casegrouppermission": ("content_object_id", "requests_subjectrequest"),
    "consent_evidence": ("record_id", "consent_consentrecord"),
}


def describe_own_schema() -> Source:
    """Add the organisation's own schema as a source, describe what is new in it, and give it its first rules.

    May be repeated: it costs one query when nothing is new.

    Raises:
        SourceNotUsable: the portal's database cannot be read a second time now.
    """
    source, is_new = _own_source()
    if is_new:
        check_source(source=source)
        discover(source=source, actor=SYSTEM)
    if is_new or source.datasets.filter(confirmed_at__isnull=True).exists():
        with transaction.atomic():
            _describe(source)
            if not Rule.objects.filter(dataset__source=source).exists():
                for rule in RULES:
                    _add(rule, source)
                reconcile_map(source)
    return source


def _own_source() -> tuple[Source, bool]:
    with transaction.atomic():
        source, is_new = Source.objects.get_or_create(
            kind=SourceKind.PORTAL, defaults={"name": _("Privacy Desk itself")}
        )
        if is_new:
            record(action="source.connected", actor=SYSTEM, target=source, data={})
    return source, is_new or not source.datasets.exists()


def _describe(source: Source) -> None:
    tables = {each.table_name: each for each in source.datasets.prefetch_related("fields")}
    categories = _categories()
    new = [each for each in tables.values() if each.confirmed_at is None]
    for dataset in new:
        _describe_dataset(dataset, tables)
        for field in dataset.fields.all():
            _describe_field(field, dataset, categories.get(dataset.table_name, {}))
    for dataset in new:
        confirm_dataset(dataset=dataset, actor=SYSTEM)


def _describe_dataset(dataset: Dataset, tables: dict[str, Dataset]) -> None:
    dataset.label = _labels().get(dataset.table_name, dataset.label)
    dataset.on_erasure, dataset.suggestion_reason = Action.KEEP, ""
    dataset.keep_reason = _("The portal erases its own records of a person itself, with the case.")
    dataset.parent, dataset.link_columns = None, []
    if dataset.table_name in _HANGING:
        column, parent = _HANGING[dataset.table_name]
        dataset.parent, dataset.link_columns = tables[parent], [[column, "id"]]
    dataset.save()


def _describe_field(field: Field, dataset: Dataset, categories: dict[str, str]) -> None:
    field.category = categories.get(field.column) or _by_itself(field, dataset)
    named = field.column == "subject_id" and dataset.table_name in _NAMED
    field.identifier_kind = OWN_SUBJECT if named else ""
    field.on_erasure = field.on_retention = Strategy.KEEP
    field.mask_params, field.suggestion_reason = {}, ""
    field.save()


def _by_itself(field: Field, dataset: Dataset) -> str:
    """What our declarations call nobody's is business; tables of libraries hold keys and technical data."""
    if field.column in dataset.primary_key:
        return DataCategory.KEY
    known = {model._meta.db_table for model in own_data()}
    return DataCategory.BUSINESS if dataset.table_name in known else DataCategory.TECHNICAL


def _categories() -> dict[str, dict[str, str]]:
    """By table and column, what the apps declare of fields that are about somebody."""
    return {
        model._meta.db_table: {
            field.column: category
            for field in model._meta.concrete_fields
            if field.column and (category := fields.get(field.name)) is not None
        }
        for model, fields in own_data().items()
    }


def _labels() -> dict[str, str]:
    labels = {model._meta.db_table: str(model._meta.verbose_name_plural).capitalize() for model in own_data()}
    return labels | {"django_session": _("Visits to the portal")}


def _add(rule: OwnRule, source: Source) -> None:
    schema = current_organisation().schema_name
    tables = {each.table_name: each for each in source.datasets.all()}
    stored = Rule(
        name=_(rule.name), dataset=tables[rule.table], start_dataset=tables[rule.start_table],
        start_column=rule.start_column, start_event=rule.event, amount=rule.amount, unit=rule.unit,
        conditions=list(rule.conditions), action=Action.DELETE, legal_reason=_(rule.reason), is_active=True,
        path=[
            {"columns": list(columns), "to": f"{schema}.{table}", "to_columns": list(to_columns)}
            for columns, table, to_columns in rule.path
        ],
    )  # fmt: skip
    save_rule(rule=stored, actor=SYSTEM, along=[tables[name] for name in rule.along])
