"""Which tables are sealed: every concrete model built on `SealedRow`, found rather than listed."""

from django.apps import apps

from privacy.ledger.sealed import SealedRow


def streams() -> dict[str, type[SealedRow]]:
    """Sealed models by the name of their stream (`app.model`), in a stable order."""
    found = [model for model in apps.get_models() if issubclass(model, SealedRow)]
    return {model._meta.label_lower: model for model in sorted(found, key=lambda model: model._meta.label_lower)}
