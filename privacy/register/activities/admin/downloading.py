"""A register as a download: whole, never cached, and written down."""

from django.http import HttpRequest, HttpResponse

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.register.activities.export.table import Format, R
from privacy.register.selectors import local_date


def download(
    request: HttpRequest, register: R, *, form: Format[R], name: str, action: str, rows: dict[str, int]
) -> HttpResponse:
    """The file; the ledger has what was downloaded by whom, and how long it was. Called inside a transaction.

    Args:
        name: of the file, before the day.
        action: of the ledger entry.
        rows: what the ledger calls its rows, and how many there are.
    """
    record(action=action, actor=Actor.officer(request.user), data={"format": form.extension, **rows})
    response = HttpResponse(form.render(register), content_type=form.content_type)
    day = local_date(register.as_at).isoformat()
    response["Content-Disposition"] = f'attachment; filename="{name}-{day}.{form.extension}"'
    response["Cache-Control"] = "no-store"
    return response
