"""What a person answered in the form, as the officer reads it."""

import pytest
from django.urls import reverse

from privacy.register.models import Purpose
from requests.models import SubjectRequest
from requests.services.correcting import add_change, wanted_changes
from tests.officer.making import make_case

CHANGES = [{"what": "Address", "old": "1 Old Road", "new": "2 New Road"}, {"what": "A", "old": "", "new": "B"}]


@pytest.mark.parametrize(
    ("particulars", "residence", "shown"),
    [
        ({"scope": "Invoices of 2025"}, "", ["Which data", "Invoices of 2025"]),
        ({"changes": CHANGES}, "", ["Address: “2 New Road” instead of “1 Old Road”", "A: “B”"]),
        ({"purposes": ["analytics"]}, "", ["Which uses", "Counting"]),
        ({"purposes": []}, "", ["all of them"]),
        ({"decision": "Refused in June"}, "", ["The decision", "Refused in June"]),
        ({"about_reference": "PR-7F3K-92QD"}, "", ["Complains about", "PR-7F3K-92QD"]),
        (None, "CA-QC", ["Residence", "Québec"]),
        (None, "XX", ["Residence", "XX"]),
    ],
)  # fmt: skip
def test_every_answer_is_shown_in_words(officer_client, particulars, residence, shown):
    Purpose.objects.create(code="analytics", title="Counting", description="Words", lawful_basis="legitimate_interests")
    case = make_case()
    case.particulars, case.residence = particulars, residence
    case.save()
    text = officer_client.get(f"/officer/requests/subjectrequest/{case.pk}/change/").content.decode()
    card = text.partition("What the person asks for")[2].partition("</section>")[0]
    assert [words for words in shown if words not in card] == []


def test_a_case_without_such_answers_shows_no_card(officer_client):
    case = make_case()
    assert SubjectRequest.objects.get(pk=case.pk).particulars is None
    text = officer_client.get(f"/officer/requests/subjectrequest/{case.pk}/change/").content.decode()
    assert case.reference in text
    assert "What the person asks for" not in text


ODD = (0, "text", {"what": "x"}, [0, None, "text", ["x"]], [[], {}], True)


@pytest.mark.parametrize("odd", ODD, ids=str)
@pytest.mark.parametrize("kind", ["rectification", "restriction", "objection", "consent_withdrawal"])
def test_what_another_system_states_in_a_shape_of_its_own_closes_no_page(officer_client, kind, odd):
    case = make_case(kind=kind, state="deciding")
    case.particulars = dict.fromkeys(("scope", "changes", "purposes", "decision", "about_reference"), odd)
    case.save()
    for name in ("change",) if kind == "rectification" else ("change", "decide_purposes"):
        response = officer_client.get(reverse(f"officer:requests_subjectrequest_{name}", args=[case.pk]))
        assert response.status_code == 200, name


def test_a_correction_can_be_noted_beside_what_is_none(officer):
    case = make_case(kind="rectification", state="deciding")
    for odd, places in (("text", [0]), ([0, {"what": "A", "new": "B"}], [1, 2])):
        SubjectRequest.objects.filter(pk=case.pk).update(state="deciding")
        case.particulars = {"changes": odd}
        case.save()
        add_change(case=case, officer=officer, what="Name", old="", new="Ama")
        kept = SubjectRequest.objects.get(pk=case.pk)
        assert [each.number for each in wanted_changes(kept)] == places
        assert wanted_changes(kept)[-1].new == "Ama"
