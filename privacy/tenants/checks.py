"""Mistakes in the list of apps, found before anything is served."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

OURS = ("privacy.", "consent", "requests", "retention")


@register("privacy_desk")
def each_app_lives_in_one_place(**kwargs: Any) -> list[CheckMessage]:
    """An app of ours in both lists would fall through to the public tables when its own are missing."""
    both = set(settings.SHARED_APPS) & set(settings.TENANT_APPS)
    return [
        Error(
            f"{name} is in SHARED_APPS and in TENANT_APPS.",
            hint="Keep it in one list: an organisation without the table would read and write the public one.",
            id="privacy_desk.E001",
        )
        for name in sorted(both)
        if name.startswith(OURS)
    ]


@register("privacy_desk")
def schema_per_cursor(**kwargs: Any) -> list[CheckMessage]:
    """Setting the schema less often than per cursor has served other organisations' rows."""
    if getattr(settings, "TENANT_LIMIT_SET_CALLS", False):
        return [Error("TENANT_LIMIT_SET_CALLS is on.", hint="Remove the setting.", id="privacy_desk.E002")]
    return []


@register("privacy_desk")
def public_models_are_not_personal(**kwargs: Any) -> list[CheckMessage]:
    """Models that say they are append-only must live in the organisations' schemas, where that is enforced."""
    tenant_apps = set(settings.TENANT_APPS)
    return [
        Error(f"{model.__name__} is append-only but lives in the public schema.", id="privacy_desk.E003")
        for model in apps.get_models()
        if getattr(model, "append_only", False) and model._meta.app_config.name not in tenant_apps
    ]
