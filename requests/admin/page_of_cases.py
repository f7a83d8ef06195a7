"""One page of the queue."""

from django.db.models import QuerySet
from django.http import HttpRequest

from privacy.tenants.change_list import PlainChangeList
from requests.admin.counts import today_for
from requests.admin.presenting import with_row_data
from requests.models import SubjectRequest


class QueueChangeList(PlainChangeList):
    """The queue, of which only the rows of the page that is shown are read."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.result_count:
            self.result_list = SubjectRequest.objects.none()
            return
        self.result_list = self._read_late(self.result_list, request)

    @staticmethod
    def _read_late(page: QuerySet[SubjectRequest], request: HttpRequest) -> QuerySet[SubjectRequest]:
        """The same rows in the same order, found by an index alone and only then read.

        Otherwise the database would read every case that it passes over on the way to the page, and count the tasks
        and look for the holds of each.
        """
        cases = SubjectRequest.objects.filter(pk__in=page.values("pk"))
        return with_row_data(cases, today_for(request)).order_by(*page.query.order_by)
