from consent.selectors import history, preferences
from consent.services import publish_wording, record_consent, withdraw
from privacy.ledger.actors import SYSTEM
from privacy.subjects.services import find_or_add_subject
from tests.consent.conftest import WORDS


def _decide(subject, purpose, decision):
    return record_consent(subject=subject, purpose=purpose, decision=decision, method="electronic", actor=SYSTEM)


def _by_code(subject, language="en"):
    return {shown.purpose.code: shown for shown in preferences(subject, language)}


def test_every_purpose_is_shown_but_the_prohibited(purposes, ama):
    assert sorted(_by_code(ama)) == ["billing", "newsletter", "surveys"]


def test_what_was_never_decided_can_be_given_and_not_withdrawn(purposes, ama):
    shown = _by_code(ama)["newsletter"]
    assert (shown.decision, shown.since, shown.words) == (None, None, WORDS)
    assert (shown.can_give, shown.can_withdraw, shown.why_not) == (True, False, "")


def test_what_was_given_can_be_withdrawn_with_its_consequences(purposes, ama):
    record = _decide(ama, purposes["newsletter"], "given")
    shown = _by_code(ama)["newsletter"]
    assert (shown.decision, shown.since) == ("given", record.recorded_at)
    assert (shown.can_give, shown.can_withdraw) == (False, True)
    assert shown.consequences == "You will no longer hear about new products."


def test_what_was_withdrawn_can_be_given_again(purposes, ama):
    _decide(ama, purposes["newsletter"], "given")
    withdraw(subject=ama, purpose=purposes["newsletter"], actor=SYSTEM)
    shown = _by_code(ama)["newsletter"]
    assert (shown.decision, shown.can_give, shown.can_withdraw) == ("withdrawn", True, False)


def test_the_words_shown_are_those_that_were_agreed_to(purposes, ama):
    _decide(ama, purposes["newsletter"], "given")
    publish_wording(purpose=purposes["newsletter"], language="en", text="Newer.", actor=SYSTEM)
    other = find_or_add_subject(kind="email", value="kofi@example.com")
    assert _by_code(ama)["newsletter"].words == WORDS
    assert _by_code(other)["newsletter"].words == "Newer."


def test_words_come_in_the_language_when_there_are_any(purposes, ama):
    publish_wording(purpose=purposes["newsletter"], language="fr", text="Oui.", actor=SYSTEM)
    shown = _by_code(ama, "fr")
    assert (shown["newsletter"].words, shown["newsletter"].wording.language) == ("Oui.", "fr")
    assert shown["surveys"].wording.language == "en"


def test_what_rests_on_contract_says_why_it_cannot_be_withdrawn(purposes, ama):
    shown = _by_code(ama)["billing"]
    assert (shown.can_give, shown.can_withdraw, shown.wording) == (False, False, None)
    assert shown.why_not.startswith("We need this to keep our contract")


def test_a_consent_to_what_was_prohibited_later_can_still_be_withdrawn(purposes, ama):
    _decide(ama, purposes["newsletter"], "given")
    purposes["newsletter"].is_prohibited = True
    purposes["newsletter"].save()
    shown = _by_code(ama)["newsletter"]
    assert (shown.can_give, shown.can_withdraw) == (False, True)
    withdraw(subject=ama, purpose=purposes["newsletter"], actor=SYSTEM)
    assert "newsletter" not in _by_code(ama)


def test_a_purpose_without_words_cannot_be_given(purposes, ama):
    purposes["billing"].lawful_basis, purposes["billing"].withdrawal_consequences = "consent", "Nothing."
    purposes["billing"].save()
    assert _by_code(ama)["billing"].can_give is False


def test_history_shows_own_decisions_newest_first(purposes, ama, django_assert_num_queries):
    other = find_or_add_subject(kind="email", value="kofi@example.com")
    _decide(other, purposes["newsletter"], "given")
    for decision in ("given", "refused", "given"):
        _decide(ama, purposes["newsletter"], decision)
    with django_assert_num_queries(1):
        shown = [(row.decision, row.purpose.code, row.wording.text, row.notice.version) for row in history(ama)]
    assert shown == [(said, "newsletter", WORDS, "2026-01") for said in ("given", "refused", "given")]
