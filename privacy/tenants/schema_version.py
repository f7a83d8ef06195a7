"""Which version of the organisations' tables this code expects: a digest of its migrations."""

import hashlib
from functools import lru_cache

from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader


def organisation_app_labels() -> set[str]:
    """Labels of the apps whose tables live in each organisation's schema."""
    names = set(settings.TENANT_APPS)
    return {
        config.label
        for config in apps.get_app_configs()
        if config.name in names or f"{config.__module__}.{type(config).__name__}" in names
    }


@lru_cache(maxsize=1)
def expected_migrations() -> frozenset[tuple[str, str]]:
    """(app label, migration name) of every migration on disk for the organisations' apps."""
    labels = organisation_app_labels()
    loader = MigrationLoader(None)
    return frozenset(key for key in loader.disk_migrations if key[0] in labels)


def version_of(migrations: frozenset[tuple[str, str]] | set[tuple[str, str]]) -> str:
    """Digest of a set of (app label, migration name); 64 hex characters."""
    text = "\n".join(f"{app}.{name}" for app, name in sorted(migrations))
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=1)
def expected_version() -> str:
    return version_of(expected_migrations())
