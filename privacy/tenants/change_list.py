"""Lists of the staff sites: called by what they list, and without a number where nothing was left out."""

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from unfold.views import ChangeList


class PlainChangeList(ChangeList):
    """A list whose heading tells how many were found only when something was looked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = capfirst(self.opts.verbose_name_plural)

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet[Any]:
        """An address that asks for what PostgreSQL cannot hold gets the list without its filters, as Django does it."""
        if any("\0" in value for values in dict(request.GET.lists()).values() for value in values):
            raise IncorrectLookupParameters
        return super().get_queryset(request, *args, **kwargs)

    def get_results(self, request: HttpRequest) -> None:
        """Everything is listed unless somebody searched or filtered, so it is not counted a second time."""
        super().get_results(request)
        if not self.query and not self.has_active_filters:
            self.full_result_count = self.result_count
