"""An organisation's own web form shows terms that we signed, and its decisions are bound to them."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from consent import shown_elsewhere
from consent.models import ConsentRecord, CurrentConsent, Evidence
from consent.services import publish_wording
from privacy.ledger.actors import SYSTEM
from privacy.officers.models import Scope
from privacy.register.models import Notice, Purpose, Recipient
from privacy.tenants.context import organisation_context, owner_context
from tests.config_api.conftest import Caller, decision, make_key
from tests.consent.conftest import WORDS, make_register

ASK = "consents/terms/?purpose=newsletter"


@pytest.fixture
def shown(caller):
    return caller.get(ASK).json()["shown"]


@pytest.fixture
def later(monkeypatch):
    """What is asked from now on is asked so much later."""
    real = timezone.now

    def pass_by(time):
        monkeypatch.setattr(shown_elsewhere.timezone, "now", lambda: real() + time)

    return pass_by


def _errors(answer):
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    return answer.json()["errors"]


def _bulk_errors(answer):
    (item,) = answer.json()["results"]
    assert item["status"] == "refused"
    return item["errors"]


def test_a_form_gets_the_words_in_force_and_what_belongs_to_them(caller, purposes):
    Purpose.objects.filter(code="newsletter").update(valid_days=365, minimum_age=16, no_withdrawal_reason="Act 773.")
    answer = caller.get(ASK)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    terms = answer.json()
    signed, until = terms.pop("shown"), terms.pop("shown_until")
    assert datetime.fromisoformat(until) - timezone.now() <= timedelta(hours=1)
    assert terms == {
        "purpose": "newsletter",
        "title": "Newsletter",
        "description": "We use your data for newsletter.",
        "words": WORDS,
        "wording_version": 1,
        "wording_sha256": purposes["newsletter"].wordings.get().digest,
        "language": "en",
        "notice_version": "2026-01",
        "withdrawal_consequences": "You will no longer hear about new products.",
        "no_withdrawal_reason": "Act 773.",
        "valid_days": 365,
        "minimum_age": 16,
    }
    assert caller.post("consents/", decision(shown=signed, is_of_age=True)).status_code == 201


def test_a_decision_is_recorded_with_what_was_shown_and_when(caller, purposes):
    publish_wording(purpose=purposes["newsletter"], language="fr", text="Oui.", actor=SYSTEM)
    signed = caller.get(f"{ASK}&language=fr").json()["shown"]
    assert caller.post("consents/", decision(shown=signed, evidence={"page": "/signup"})).status_code == 201
    body = decision(shown=signed, wording_version=1, language="fr", notice_version="2026-01", decision="refused")
    assert caller.post("consents/bulk/", [body]).json()["stored"] == 1
    for record in ConsentRecord.objects.all():
        assert (record.wording.text, record.language, record.notice.version) == ("Oui.", "fr", "2026-01")
    kept = [each.content for each in Evidence.objects.order_by("pk")]
    assert [set(each) for each in kept] == [{"page", "shown_at"}, {"shown_at"}]
    asked = datetime.fromisoformat(kept[0]["shown_at"])
    assert timedelta(0) <= timezone.now() - asked < timedelta(minutes=5)


def test_after_an_hour_the_words_are_to_be_shown_anew(caller, shown, later):
    later(timedelta(minutes=61))
    body = decision(shown=shown)
    for errors in (_errors(caller.post("consents/", body)), _bulk_errors(caller.post("consents/bulk/", [body]))):
        assert list(errors) == ["shown"]
        assert "more than an hour ago" in errors["shown"][0]
    assert not ConsentRecord.objects.exists()
    later(timedelta(minutes=59))
    assert caller.post("consents/", body).status_code == 201


@pytest.mark.parametrize("change", ["words", "notice"])
def test_what_is_not_in_force_any_more_is_refused(caller, purposes, shown, change):
    assert caller.post("consents/", decision(shown=shown)).status_code == 201
    if change == "words":
        publish_wording(purpose=purposes["newsletter"], language="en", text="Yes, please.", actor=SYSTEM)
    else:
        Notice.objects.create(version="2026-02", title="N", body="x", published_at=timezone.now() - timedelta(days=1))
    stated = {"words": {"wording_version": 1}, "notice": {}}[change]
    for body in (decision(shown=shown), decision(shown=shown, **stated)):
        assert list(_errors(caller.post("consents/", body))) == ["shown"]
        assert list(_bulk_errors(caller.post("consents/bulk/", [body]))) == ["shown"]
    assert ConsentRecord.objects.count() == 1
    assert caller.post("consents/", decision(shown=caller.get(ASK).json()["shown"])).status_code == 201


def _sell_on(purpose):
    Recipient.objects.create(name="Broker Ltd", role="buys lists", country="US").purposes.add(purpose)


CHANGES = {
    "title": lambda purpose: {"title": "News and more"},
    "description": lambda purpose: {"description": "We use your data for anything."},
    "consequences": lambda purpose: {"withdrawal_consequences": "Your account ends."},
    "binding": lambda purpose: {"no_withdrawal_reason": "Act 773."},
    "days": lambda purpose: {"valid_days": 30},
    "age": lambda purpose: {"minimum_age": 12},
    "data": lambda purpose: {"data_categories": ["contact", "location"]},
    "sensitive": lambda purpose: {"special_categories": ["health"]},
    "recipient": _sell_on,
}


@pytest.mark.parametrize("change", [*CHANGES, "order"])
def test_nobody_is_bound_to_what_the_register_says_only_since_they_were_shown_the_words(
    caller, purposes, shown, change
):
    """Where a purpose stands in a list is no term: the positive control."""
    values = CHANGES.get(change, lambda purpose: {"order": 7})(purposes["newsletter"])
    if values:
        Purpose.objects.filter(code="newsletter").update(**values)
    body = decision(shown=shown, is_of_age=True)
    if change == "order":
        assert caller.post("consents/", body).status_code == 201
        assert caller.post("consents/bulk/", [body]).json()["stored"] == 1
        return
    for errors in (_errors(caller.post("consents/", body)), _bulk_errors(caller.post("consents/bulk/", [body]))):
        assert list(errors) == ["shown"]
        assert "are in force by now" in errors["shown"][0]
    assert not ConsentRecord.objects.exists()
    assert caller.post("consents/", body | {"shown": caller.get(ASK).json()["shown"]}).status_code == 201


def test_nobody_agreed_to_it_before_they_were_shown_it(caller, shown):
    now = timezone.now()
    body = decision(shown=shown, occurred_at=(now - timedelta(minutes=7)).isoformat())
    assert list(_errors(caller.post("consents/", body))) == ["occurred_at"]
    assert list(_bulk_errors(caller.post("consents/bulk/", [body]))) == ["occurred_at"]
    assert not ConsentRecord.objects.exists()
    assert caller.post("consents/", body | {"decision": "withdrawn"}).status_code == 201
    assert caller.post("consents/", body | {"occurred_at": now.isoformat()}).status_code == 201


def _too_old(caller, purposes, shown, later):
    later(timedelta(minutes=61))
    return decision(shown=shown)


def _outdated(caller, purposes, shown, later):
    publish_wording(purpose=purposes["newsletter"], language="en", text="Yes, please.", actor=SYSTEM)
    return decision(shown=shown)


def _from_before(caller, purposes, shown, later):
    return decision(shown=shown, occurred_at=(timezone.now() - timedelta(minutes=7)).isoformat())


def _spoiled(caller, purposes, shown, later):
    return decision(shown=shown[:-1], wording_version=7, notice_version="none")


@pytest.mark.parametrize("make", [_too_old, _outdated, _from_before, _spoiled])
def test_a_no_is_taken_and_claims_no_words_where_nobody_can_prove_which_were_shown(
    caller, purposes, shown, later, make
):
    proved = decision(shown=shown, decision="refused", subject={"email": "kofi@example.com"})
    assert caller.post("consents/", proved).status_code == 201
    assert ConsentRecord.objects.get().wording is not None
    body = make(caller, purposes, shown, later)
    assert caller.post("consents/", body).status_code == 400
    no = body | {"decision": "refused", "evidence": {"page": "/signup"}}
    answer = caller.post("consents/", no)
    assert answer.status_code == 201
    assert answer.json()["receipt"]["record"]["pii_processing"][0]["consent_words"] is None
    assert caller.post("consents/bulk/", [no, body | {"decision": "withdrawn"}]).json()["stored"] == 2
    assert caller.post("consents/", body | {"decision": "withdrawn"}).status_code == 201
    _proved, *refused = ConsentRecord.objects.filter(decision="refused").order_by("recorded_at")
    assert len(refused) == 2
    for each in refused:
        assert (each.wording, each.notice, each.evidence.content) == (None, None, {"page": "/signup"})


@pytest.mark.parametrize("said", ["refused", "withdrawn"])
@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize(
    "named",
    [
        {"notice_version": "2025-01"}, {"notice_version": "draft"}, {"notice_version": 7}, {"notice_version": "x" * 21},
        {"wording_version": 9}, {"wording_version": "one"}, {"language": "fr"}, {"language": "fr-CA"},
        {"language": "french"}, {"language": "fr", "shown": "spoiled"}, {"wording_version": [1], "shown": "spoiled"},
    ],
)  # fmt: skip
def test_a_no_is_recorded_without_words_and_notice_where_it_names_what_does_not_stand(
    caller, purposes, said, many, named
):
    Notice.objects.create(version="2025-01", title="Old", body="x", published_at=timezone.now() - timedelta(days=400))
    Notice.objects.create(version="draft", title="Draft", body="x")
    body = decision(**named)
    _errors(caller.post("consents/", body))
    assert caller.post("consents/", decision()).status_code == 201
    if many:
        assert caller.post("consents/bulk/", [body | {"decision": said}]).json()["stored"] == 1
    else:
        assert caller.post("consents/", body | {"decision": said}).status_code == 201
    record = ConsentRecord.objects.get(decision=said)
    assert (record.wording, record.wording_digest, record.notice) == (None, "", None)
    assert CurrentConsent.objects.get().record == record
    assert (
        caller.post("consents/", decision(decision=said, wording_version=1, notice_version="2026-01")).status_code
        == 201
    )
    assert {(r.wording.version, r.notice.version) for r in ConsentRecord.objects.exclude(pk=record.pk)} == {
        (1, "2026-01")
    }


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("spoil", [lambda shown: shown, lambda _shown: "spoiled", lambda _shown: None])
def test_a_no_to_words_that_were_altered_is_recorded_without_them(caller, alpha, shown, many, spoil):
    with owner_context(alpha), connection.cursor() as cursor:
        cursor.execute("UPDATE consent_wording SET text = 'Other words.'")
    body = decision(shown=spoil(shown))
    _errors(caller.post("consents/", body))
    no = body | {"decision": "refused"}
    answer = caller.post("consents/bulk/", [no]) if many else caller.post("consents/", no)
    assert answer.status_code in (200, 201)
    record = ConsentRecord.objects.get()
    assert (record.decision, record.wording, record.notice) == ("refused", None, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [("purpose", "surveys"), ("language", "fr"), ("wording_version", 2), ("notice_version", "2025-01")],
)
def test_a_no_that_states_something_else_than_was_shown_is_taken_without_words(caller, shown, field, value):
    body = decision(**{"shown": shown, "decision": "refused", field: value})
    assert caller.post("consents/", body).status_code == 201
    assert caller.post("consents/bulk/", [body]).json()["stored"] == 1
    for record in ConsentRecord.objects.all():
        assert (record.purpose.code, record.wording, record.notice) == (body["purpose"], None, None)
        assert not hasattr(record, "evidence")


def test_to_withdraw_nothing_needs_to_have_been_shown_lately(caller, purposes, shown, later):
    publish_wording(purpose=purposes["newsletter"], language="en", text="Yes, please.", actor=SYSTEM)
    later(timedelta(days=9))
    assert caller.post("consents/", decision(shown=shown, decision="withdrawn")).status_code == 201


@pytest.mark.parametrize(
    ("field", "value"),
    [("purpose", "surveys"), ("language", "fr"), ("wording_version", 2), ("notice_version", "2025-01")],
)
def test_who_states_something_else_than_was_shown_is_told_where(caller, shown, field, value):
    body = decision(**{"shown": shown, field: value})
    assert list(_errors(caller.post("consents/", body))) == [field]
    assert list(_bulk_errors(caller.post("consents/bulk/", [body]))) == [field]
    assert not ConsentRecord.objects.exists()


@pytest.mark.parametrize("spoil", [lambda _s: 5, lambda _s: "", lambda s: s[:-1], lambda s: "x" + s, lambda s: s * 9])
def test_what_was_not_signed_here_is_refused(caller, shown, spoil):
    assert list(_errors(caller.post("consents/", decision(shown=spoil(shown))))) == ["shown"]


def test_what_another_organisation_signed_is_nothing_here(caller, shown, beta):
    with organisation_context(beta):
        make_register()
        other = Caller(make_key(Scope.CONSENTS_WRITE), host="beta.localhost")
        assert list(_errors(other.post("consents/", decision(shown=shown)))) == ["shown"]
        assert other.post("consents/", decision(shown=other.get(ASK).json()["shown"])).status_code == 201


def test_a_call_repeated_under_its_key_after_an_hour_gets_its_first_answer(caller, shown, later):
    headers = {"idempotency-key": "k-1"}
    first = caller.post("consents/", decision(shown=shown), **headers)
    later(timedelta(hours=2))
    again = caller.post("consents/", decision(shown=shown), **headers)
    assert (again.status_code, again.json()) == (201, first.json())


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "purpose"), ("?purpose=nothing", "purpose"), ("?purpose=billing", "purpose"), ("?purpose=a b", "purpose"),
        ("?purpose=selling", "purpose"), ("?purpose=newsletter&language=fr", "language"),
        ("?purpose=newsletter&language=x", "language"), ("?purpose=newsletter&who=me", "non_field_errors"),
    ],
)  # fmt: skip
def test_where_nobody_can_agree_there_is_nothing_to_show(caller, query, field):
    assert list(_errors(caller.get(f"consents/terms/{query}"))) == [field]


def test_asking_for_terms_needs_the_scope_to_record(purposes):
    for scopes in ([], [Scope.CONSENTS_READ]):
        assert Caller(make_key(*scopes)).get(ASK).status_code == 403
    assert Caller(make_key(Scope.CONSENTS_WRITE)).get(ASK).status_code == 200
    assert Caller(None).get(ASK).status_code == 401
