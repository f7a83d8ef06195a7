"""Where a processor says that something has changed (OpenDSR, section 8.5).

Danger: anybody can call it. Rule: whatever comes, the answer is the same, so that it tells nothing; a callback that
carries the processor's signature brings our own next question forward, and what it says is not used.
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from privacy.errands.errors import ProcessorProblem
from privacy.errands.models import Errand, ErrandState
from privacy.errands.processor.asking import digest_of
from privacy.errands.processor.client import ANSWER_BYTES, host_of
from privacy.errands.processor.signatures import verify
from privacy.errands.standing import tell


@csrf_exempt
@require_POST
def callback(request: HttpRequest, token: str) -> HttpResponse:
    """Told by a processor that there is news."""
    body = request.read(ANSWER_BYTES + 1)
    errands = Errand.objects.select_related("source__processor").filter(state=ErrandState.OPEN)
    errand = errands.filter(callback_digest=digest_of(token)).first()
    if errand is not None and len(body) <= ANSWER_BYTES and _is_signed(request, body, errand):
        tell(errand)
    return HttpResponse(status=202)


def _is_signed(request: HttpRequest, body: bytes, errand: Errand) -> bool:
    processor = errand.source.processor
    try:
        verify(body=body, headers=request.headers, key_pem=processor.key_pem, domain=host_of(processor))
    except ProcessorProblem:
        return False
    return True
