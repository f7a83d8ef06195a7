"""What narrows the list of disclosures."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from privacy.register.models import Disclosure


class StandFilter(SimpleListFilter):
    title = _("State")
    parameter_name = "stand"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("valid", _("valid")), ("void", _("void")), ("without", _("without consent")), ("secret", _("secret"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Disclosure]) -> QuerySet[Disclosure]:
        match self.value():
            case "valid":
                return queryset.filter(voided__isnull=True)
            case "void":
                return queryset.filter(voided__isnull=False)
            case "without":
                return queryset.exclude(ground="")
            case "secret":
                return queryset.filter(is_secret=True)
        return queryset
