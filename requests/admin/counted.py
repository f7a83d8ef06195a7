"""Pages of a list whose length is known already."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property


class CountedPaginator(Paginator):
    """known: how many rows there are; counted by a query when absent."""

    def __init__(self, *args: Any, known: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._known = known

    @cached_property
    def count(self) -> int:
        return super().count if self._known is None else self._known
