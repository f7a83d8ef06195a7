"""The language of a case's letters, changed by an officer."""

import pytest

from privacy.ledger.models import LedgerEntry
from privacy.officers.models import Role
from requests import services
from requests.errors import NotAllowed, QuestionRefused, WrongState
from requests.models import SubjectRequest
from requests.services.asking_back import ask_for_clarification
from requests.services.languages import change_letter_language
from tests.requests.conftest import letter_of


def test_the_next_letter_is_in_the_other_language_and_the_ones_before_stay(case, officer):
    before = letter_of(case, "confirm").body
    change_letter_language(case=case, officer=officer, language="fr")
    ask_for_clarification(case=SubjectRequest.objects.get(), officer=officer, questions="Quelles années ?")
    assert ("Bonjour" in letter_of(case, "clarification").body, "Bonjour" in before) == (True, False)
    assert letter_of(case, "confirm").body == before
    entry = LedgerEntry.objects.get(action="subject_request.language_changed")
    assert (entry.data, entry.actor_id) == ({"before": "en", "language": "fr"}, str(officer.pk))


@pytest.mark.parametrize("language", ["en", "de", ""])
def test_a_language_without_letters_or_the_same_one_is_refused(case, officer, language):
    with pytest.raises(QuestionRefused, match="Choose another language"):
        change_letter_language(case=case, officer=officer, language=language)
    assert SubjectRequest.objects.get().language == "en"


def test_nobody_changes_it_for_a_case_that_is_not_theirs_or_closed(case, officer, make_officer):
    with pytest.raises(NotAllowed):
        change_letter_language(case=case, officer=make_officer(Role.AUDITOR), language="fr")
    services.reject_identity(case=case, officer=officer)
    with pytest.raises(WrongState):
        change_letter_language(case=case, officer=officer, language="fr")
    assert SubjectRequest.objects.get().language == "en"


def test_an_officer_finds_it_among_the_further_steps(officer_client, case):
    page = f"/officer/requests/subjectrequest/{case.pk}"
    assert f'href="{page}/change-language/"' in officer_client.get(f"{page}/change/").content.decode()
    form = officer_client.get(f"{page}/change-language/").content.decode()
    assert ('value="fr"' in form, 'value="en"' in form) == (True, False)
    officer_client.post(f"{page}/change-language/", {"language": "fr"})
    assert SubjectRequest.objects.get().language == "fr"
