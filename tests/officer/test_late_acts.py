"""An officer presses a button on a page of before: the act was done by somebody else, or by themselves a moment ago."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from consent.models import WithdrawalTask
from privacy.register.activities.models import ProcessingActivity, ProcessingWithoutConsent
from privacy.register.models import Notice
from privacy.register.restrictions.models import Restriction
from retention.models import Hold
from tests.officer.everything import one_of_everything

NOW, TODAY = timezone.now(), date(2026, 11, 30)
LIFTED = {"lifted_at": NOW, "lift_reason": "It is over", "lifted_by_kind": "officer", "told_on": TODAY}
ACTS = [
    (Hold, "ask-release", "Ask for release", {"released_at": NOW, "spared_until": NOW}),
    (Restriction, "lift", "Lift", LIFTED),
    (WithdrawalTask, "told", "They were told", {"state": "overtaken", "closed_at": NOW}),
    (ProcessingWithoutConsent, "approve-entry", "Approve", {"standing": "approved", "decided_at": NOW}),
    (ProcessingActivity, "review", "Reviewed", {"ended_on": TODAY}),
    (Notice, "publish", "Put into force", {"published_at": NOW}),
]


@pytest.mark.parametrize(("model", "act", "name", "after"), ACTS)
def test_who_comes_too_late_is_told_on_the_page_of_the_row(
    officer_client, auditor, sign_in, model, act, name, after
):  # fmt: skip
    row = one_of_everything("garnet")[model]
    page = reverse(f"officer:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
    asked = page.replace("change/", f"{act}/")
    reader = sign_in(auditor)
    assert (officer_client.get(asked).status_code, reader.get(asked).status_code) == (200, 403)

    model.objects.filter(pk=row.pk).update(**after)
    kept = model.objects.filter(pk=row.pk).values().get()
    told = f"“{name}” cannot be done as it stands now, and nothing was changed."
    for ask in (officer_client.get, officer_client.post):
        assert ask(asked)["Location"] == page
        assert told in officer_client.get(page).content.decode()
    written = officer_client.post(asked, {"reason": "Again", "how": "By post"})
    shown = written.content.decode()
    assert (written.status_code, written.context["back"], told in shown) == (409, page, True)
    assert [each.words for each in written.context["typed"]] == ["Again", "By post"]
    assert reader.post(asked).status_code == 403
    assert model.objects.filter(pk=row.pk).values().get() == kept
