"""Files that came with tasks: proof that something was done, and copies for the person."""

from typing import Any

from privacy.errands.models import ErrandFile
from privacy.officers.access import may
from privacy.officers.models import Officer
from requests.admin.cards.shape import Card
from requests.models import SubjectRequest


def _task_files(case: SubjectRequest, officer: Officer) -> dict[str, Any] | None:
    files = ErrandFile.objects.filter(errand__case_id=case.pk, is_kept=True).select_related("errand__source")
    may_handle = may(officer, "handle_subjectrequest", case, all_of_them="requests.handle_subjectrequest")
    rows = list(files)
    return {"rows": rows, "may_handle": may_handle} if rows else None


CARDS = (Card("task_files", "files", "officer/requests/cards/task_files.html", _task_files),)
