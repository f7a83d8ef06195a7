"""What personal data the portal itself keeps: every field of every table of ours in an organisation's schema.

The portal asks organisations where their personal data is, so it can say the same of itself. Each app declares its
tables in `personal_data.py` (`PERSONAL_DATA`: model to field to category, None for what is about nobody); the modules
are found, not registered, because the lower apps do not know this one. A field that nobody classified is an error of
the tests, never a field without personal data.
"""

from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models import Model

from privacy.register.categories import DataCategory

CATEGORIES = frozenset(DataCategory.values) - {DataCategory.UNCLASSIFIED}

Declaration = dict[type[Model], dict[str, str | None]]


class DeclarationInvalid(Exception):
    """An app declares a model, field or category that does not exist; the message names it."""


@lru_cache(maxsize=1)
def own_data() -> Declaration:
    """Category of every classified field, by model.

    Raises:
        DeclarationInvalid: something is declared that does not exist, or by an app that does not own it.
    """
    found: Declaration = {}
    for config in _apps_of_organisations():
        declared = _declared_by(config)
        for model, fields in declared.items():
            _check(config, model, fields)
        found |= declared
    return found


def unclassified() -> list[str]:
    """Fields that nobody has classified, as `app.Model.field`."""
    known = own_data()
    return [
        f"{model._meta.label}.{name}"
        for config in _apps_of_organisations()
        for model in config.get_models()
        for name in _field_names(model)
        if name not in known.get(model, {})
    ]


def personal_fields() -> list[tuple[str, str, str]]:
    """(model, field, category) of everything that is about somebody."""
    return [
        (model._meta.label, name, category)
        for model, fields in own_data().items()
        for name, category in fields.items()
        if category is not None
    ]


def _apps_of_organisations() -> list[AppConfig]:
    """Apps of this project, not of libraries, whose tables live in each organisation's schema."""
    names = set(settings.TENANT_APPS)
    return [
        config
        for config in apps.get_app_configs()
        if config.name in names and config.name.partition(".")[0] in ("privacy", "consent", "requests", "retention")
    ]


def _declared_by(config: AppConfig) -> Declaration:
    name = f"{config.name}.personal_data"
    return import_module(name).PERSONAL_DATA if find_spec(name) else {}


def _check(config: AppConfig, model: type[Model], fields: dict[str, str | None]) -> None:
    if model._meta.app_label != config.label:
        raise DeclarationInvalid(f"{config.name} declares {model._meta.label}, which is another app's")
    if unknown := fields.keys() - _field_names(model):
        raise DeclarationInvalid(f"{model._meta.label} has no fields {', '.join(sorted(unknown))}")
    if unknown := {category for category in fields.values() if category is not None} - CATEGORIES:
        raise DeclarationInvalid(f"{model._meta.label}: no category is called {', '.join(sorted(unknown))}")


def _field_names(model: type[Model]) -> list[str]:
    return [field.name for field in (*model._meta.concrete_fields, *model._meta.many_to_many)]
