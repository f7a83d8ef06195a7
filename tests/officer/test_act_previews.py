"""The letter of an act, seen before it goes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from privacy.jobs.models import Job
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from privacy.register.models import OrganisationProfile
from privacy.register.restrictions.services import place_restriction
from privacy.register.selectors import local_date
from requests.admin.acts import ACTS
from requests.enums import RequestState as S
from requests.models import SubjectRequest
from tests.requests.conftest import confirmed

GIVEN = {
    "ask_identity": {"ways": "The number of one of your invoices"},
    "ask_person": {"questions": "Which branch, and which years?"},
    "extend": {"reasons": "Two other companies have to be asked first."},
    "estimate_fee": {"amount": "25.00", "currency": "CAD", "work": "Copying of 400 pages."},
    "end_restriction": {"reasons": "We have checked your data."},
}
LAWS = {"extend": ["UK"], "estimate_fee": ["CA-AB"]}


def page(case: SubjectRequest, code: str) -> str:
    return f"/officer/requests/subjectrequest/{case.pk}/{code.replace('_', '-')}/"


def to_be_acted_on(code: str) -> SubjectRequest:
    OrganisationProfile.objects.update(laws=LAWS.get(code, ["GH"]))
    case = confirmed(kind="restriction" if code == "end_restriction" else "access")
    if code == "end_restriction":
        place_restriction(subject=case.subject, kind="restriction", case_id=case.pk, actor=SYSTEM)
        now = timezone.now()
        SubjectRequest.objects.filter(pk=case.pk).update(state=S.COMPLETED, decided_at=now, closed_at=now)
    return case


def test_every_act_that_writes_what_an_officer_typed_shows_its_letter_first():
    assert {act.code for act in ACTS if act.letter} == set(GIVEN)


@pytest.mark.parametrize("code", GIVEN)
def test_the_letter_is_seen_as_it_will_be_and_nothing_else_happens(officer_client, code):
    case, act = to_be_acted_on(code), next(act for act in ACTS if act.code == code)
    form = officer_client.get(page(case, code)).context["form"]
    chosen = {name: form.fields[name].choices[0][0] for name in ("under", "restriction") if name in form.fields}
    given = GIVEN[code] | chosen | {"until": str(local_date(timezone.now()) + timedelta(days=9))}

    def rows() -> list[int]:
        return [model.objects.count() for model in (Letter, LedgerEntry, Job)]

    before = rows()
    shown = officer_client.post(page(case, code), given | {"preview": "1"})
    typed = next(iter(GIVEN[code].values())) if code != "estimate_fee" else GIVEN[code]["work"]
    letter = shown.context["shown"]
    assert (typed in letter, "[[link]]" in letter, rows() == before) == (True, False, True)
    assert "pd-letter" in shown.content.decode()
    assert officer_client.post(page(case, code), given).status_code == 302
    sent = Letter.objects.get(kind=f"case_{act.letter}")
    assert sent.body.replace("[[link]]", "https://…") == letter


def test_what_the_act_refuses_stands_above_the_form_in_place_of_the_letter(officer_client):
    case = to_be_acted_on("end_restriction")
    form = officer_client.get(page(case, "end_restriction")).context["form"]
    given = {"restriction": form.fields["restriction"].choices[0][0], "until": str(timezone.now().date())}
    answer = officer_client.post(page(case, "end_restriction"), given | GIVEN["end_restriction"] | {"preview": "1"})
    text = answer.content.decode()
    assert ("7 days at least" in text, "pd-letter" in text, "We have checked your data." in text) == (True, False, True)
