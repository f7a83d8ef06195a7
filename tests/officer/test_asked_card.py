"""What a person answered in the form, as the officer reads it."""

import pytest

from privacy.register.models import Purpose
from requests.models import SubjectRequest
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
