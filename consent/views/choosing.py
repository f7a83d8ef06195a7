"""The consents of a person: seeing, withdrawing and giving them. Each takes the same two clicks."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.views import View
from django.views.decorators.http import require_GET

from consent import selectors
from consent.errors import ConsentRefused
from consent.guards import Age
from consent.models import Decision, Method
from consent.selectors import Preference
from consent.services import record_consent, send_receipt, withdraw
from consent.services.campaigns import waiting_for
from consent.shown import Shown, ShownChanged, ShownTooLong, read_shown, sign_shown
from privacy.ledger.actors import Actor
from privacy.portal.visits import Visit, visit_needed
from privacy.subjects.models import LinkPurpose, Subject

during_a_visit = visit_needed(LinkPurpose.PREFERENCES, otherwise="consent:preferences")


def _subject(visit: Visit) -> Subject:
    return Subject.objects.get(pk=visit.subject_id)


def _language() -> str:
    return get_language() or "en"


def _preference(visit: Visit, code: str, *, decided: str = "") -> Preference:
    shown = selectors.preferences(_subject(visit), _language(), decided=decided)
    found = (one for one in shown if one.purpose.code == code)
    preference = next(found, None)
    if preference is None:
        raise Http404
    return preference


def overview(request: HttpRequest, visit: Visit) -> HttpResponse:
    subject = _subject(visit)
    shown = selectors.preferences(subject, _language())
    choices = [one for one in shown if one.can_give or one.can_withdraw or (one.restriction and not one.why_not)]
    context = {
        "visit": visit,
        "choices": choices,
        "fixed": [one for one in shown if one not in choices],
        "some_bind": any(
            one.purpose.withdrawal_bar and (one.can_give or one.decision == Decision.GIVEN) for one in shown
        ),
        "can_stop": sum(one.can_withdraw for one in shown) > 1 or waiting_for(subject).exists(),
    }
    return render(request, "consent/overview.html", context)


@method_decorator(during_a_visit, name="dispatch")
class WithdrawView(View):
    """The consequences first, then the button."""

    def get(self, request: HttpRequest, code: str, visit: Visit) -> HttpResponse:
        preference = _preference(visit, code)
        if not preference.can_withdraw:
            return redirect("consent:preferences")
        return render(request, "consent/withdraw.html", {"visit": visit, "preference": preference})

    def post(self, request: HttpRequest, code: str, visit: Visit) -> HttpResponse:
        preference, subject = _preference(visit, code), _subject(visit)
        if preference.can_withdraw:
            withdraw(subject=subject, purpose=preference.purpose, actor=Actor.subject(subject), language=_language())
        return redirect("consent:done", code=code)


@method_decorator(during_a_visit, name="dispatch")
class GiveView(View):
    """The exact words, then the button. What is recorded is what was on the page: it comes back signed.

    Who had objected is reminded of it first: agreeing takes the objection back. Where the purpose has a minimum age the
    person says that they have reached it.
    """

    def get(self, request: HttpRequest, code: str, visit: Visit) -> HttpResponse:
        preference = _preference(visit, code)
        if not preference.can_give:
            return redirect("consent:preferences")
        return self._page(request, visit, preference)

    def post(self, request: HttpRequest, code: str, visit: Visit) -> HttpResponse:
        preference, subject = _preference(visit, code), _subject(visit)
        if not preference.can_give or preference.newest is None:
            return redirect("consent:done", code=code)
        try:
            shown = read_shown(request.POST.get("shown", ""), subject=subject, wording=preference.newest)
        except ShownChanged:
            return self._page(request, visit, preference, words_changed=True)
        except ShownTooLong:
            return self._page(request, visit, preference, too_long=True)
        if preference.restriction and request.POST.get("objection") != str(preference.restriction.pk):
            return self._page(request, visit, preference)
        is_of_age = bool(request.POST.get("of_age"))
        if preference.purpose.minimum_age is not None and not is_of_age:
            return self._page(request, visit, preference, age_missing=True)
        return self._record(preference, subject, shown, Age(is_of_age=is_of_age))

    def _page(self, request: HttpRequest, visit: Visit, preference: Preference, **why: bool) -> HttpResponse:
        assert preference.newest is not None
        shown = sign_shown(subject=_subject(visit), wording=preference.newest)
        context = {"visit": visit, "preference": preference, "shown": shown}
        return render(request, "consent/give.html", context | why)

    def _record(self, preference: Preference, subject: Subject, shown: Shown, age: Age) -> HttpResponse:
        actor = Actor.subject(subject)
        try:
            record = record_consent(
                subject=subject,
                purpose=preference.purpose,
                decision=Decision.GIVEN,
                method=Method.ELECTRONIC,
                language=shown.wording.language,
                wording=shown.wording,
                notice=shown.notice,
                evidence=shown.evidence,
                age=age,
                lifts_objection=preference.restriction is not None,
                actor=actor,
            )
        except ConsentRefused:  # the register changed meanwhile; the overview shows what is possible now
            return redirect("consent:preferences")
        send_receipt(record=record, actor=actor)
        return redirect("consent:done", code=preference.purpose.code)


@require_GET
@during_a_visit
def done(request: HttpRequest, code: str, visit: Visit) -> HttpResponse:
    """What holds now, also of what was prohibited since."""
    preference = _preference(visit, code, decided=code)
    return render(request, "consent/done.html", {"visit": visit, "preference": preference})
