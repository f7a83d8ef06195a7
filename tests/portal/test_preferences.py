"""The preference centre."""

import pytest

from consent.models import ConsentRecord, CurrentConsent
from consent.services import publish_wording, record_consent
from consent.views import entering
from privacy.ledger.actors import SYSTEM
from privacy.letters.models import Letter
from privacy.register.models import Purpose
from privacy.register.restrictions.models import Restriction
from privacy.register.restrictions.services import place_restriction
from privacy.subjects.services import find_or_add_subject
from tests.portal.conftest import AMA, enter_preferences, statements, text_of

WORDS = "Yes, send me the newsletter."


@pytest.fixture
def subject(alpha):
    return find_or_add_subject(kind="email", value=AMA, name="Ama Mensah")


@pytest.fixture
def newsletter(alpha) -> Purpose:
    purpose = Purpose.objects.create(
        code="newsletter", title="Newsletter", description="News once a month.", lawful_basis="consent",
        withdrawal_consequences="You will hear no news from us.",
    )  # fmt: skip
    publish_wording(purpose=purpose, language="en", text=WORDS, actor=SYSTEM)
    return purpose


@pytest.fixture
def billing(alpha) -> Purpose:
    return Purpose.objects.create(
        code="billing", title="Invoices", description="Writing invoices.", lawful_basis="contract"
    )


def _agree(subject, purpose):
    record_consent(subject=subject, purpose=purpose, decision="given", method="electronic", actor=SYSTEM)


def _decisions() -> list[str]:
    return list(ConsentRecord.objects.order_by("recorded_at").values_list("decision", flat=True))


def test_asking_for_the_link_answers_the_same_for_known_and_unknown_by_the_same_work(visitor, subject):
    typed = [AMA, "stranger@example.com"]
    visitor.post("/preferences/", {"email": AMA})
    seen = [statements(lambda email=email: visitor.post("/preferences/", {"email": email})) for email in typed]
    assert [answer.url for _sql, answer in seen] == ["/preferences/sent/"] * 2
    assert seen[1][0] == seen[0][0]
    assert Letter.objects.count() == 0
    assert AMA not in text_of(visitor.get("/preferences/sent/"))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"email": ""}, "Enter your e-mail address."),
        ({"email": "ama"}, "Enter an e-mail address in the form name@example.com."),
        ({"email": AMA, "website": "x"}, "It is there to stop programs."),
    ],
)
def test_what_is_typed_wrong_is_explained(visitor, data, message):
    text = text_of(visitor.post("/preferences/", data))
    assert "<title>Error: " in text
    assert message in text


def test_asking_too_often_is_refused(visitor, monkeypatch):
    monkeypatch.setattr(entering, "FROM_ONE_MACHINE", 1)
    assert [visitor.post("/preferences/", {"email": AMA}).status_code for _time in range(2)] == [302, 429]


def test_a_person_sees_what_they_agreed_to_and_what_is_not_theirs_to_decide(visitor, subject, newsletter, billing):
    _agree(subject, newsletter)
    enter_preferences(visitor, subject)
    text = text_of(visitor.get("/preferences/"))
    for shown in ("Newsletter", "You agreed", WORDS, "Invoices", "so it does not depend on consent"):
        assert shown in text
    assert "/preferences/newsletter/withdraw/" in text
    assert "/preferences/billing/withdraw/" not in text


def test_withdrawing_shows_the_consequences_first_then_holds_and_sends_a_receipt(visitor, subject, newsletter):
    _agree(subject, newsletter)
    enter_preferences(visitor, subject)
    before = text_of(visitor.get("/preferences/newsletter/withdraw/"))
    assert before.index("You will hear no news from us.") < before.index("Withdraw my consent")
    assert WORDS in before
    assert _decisions() == ["given"]
    response = visitor.post("/preferences/newsletter/withdraw/", follow=True)
    assert response.redirect_chain == [("/preferences/newsletter/done/", 302)]
    assert "You have not agreed" in text_of(response)
    assert _decisions() == ["given", "withdrawn"]
    assert ConsentRecord.objects.latest("recorded_at").actor_kind == "subject"
    assert Letter.objects.get().kind == "consent_receipt"


def test_giving_takes_as_many_clicks_as_withdrawing(visitor, subject, newsletter):
    enter_preferences(visitor, subject)
    assert "/preferences/newsletter/give/" in text_of(visitor.get("/preferences/"))
    page = visitor.get("/preferences/newsletter/give/")
    assert WORDS in text_of(page)
    wording = newsletter.wordings.get()
    response = visitor.post("/preferences/newsletter/give/", {"wording": wording.pk}, follow=True)
    assert "You have agreed" in text_of(response)
    record = ConsentRecord.objects.get()
    assert (record.decision, record.wording, record.method) == ("given", wording, "electronic")
    assert Letter.objects.get().kind == "consent_receipt"


def test_what_is_agreed_to_is_what_was_on_the_page(visitor, subject, newsletter):
    enter_preferences(visitor, subject)
    shown = newsletter.wordings.get().pk
    publish_wording(purpose=newsletter, language="en", text="Yes, and share it with partners.", actor=SYSTEM)
    text = text_of(visitor.post("/preferences/newsletter/give/", {"wording": shown}))
    assert "The words have changed since you opened the page." in text
    assert "share it with partners" in text
    assert ConsentRecord.objects.count() == 0


def test_withdrawing_twice_records_it_once(visitor, subject, newsletter):
    _agree(subject, newsletter)
    enter_preferences(visitor, subject)
    for _click in range(2):
        visitor.post("/preferences/newsletter/withdraw/")
    assert _decisions() == ["given", "withdrawn"]
    assert Letter.objects.count() == 1


def test_what_rests_on_a_contract_cannot_be_withdrawn(visitor, subject, billing):
    enter_preferences(visitor, subject)
    assert visitor.get("/preferences/billing/withdraw/").url == "/preferences/"
    visitor.post("/preferences/billing/withdraw/")
    assert ConsentRecord.objects.count() == 0


def test_a_purpose_that_does_not_exist_is_not_found(visitor, subject):
    enter_preferences(visitor, subject)
    assert visitor.get("/preferences/nothing/withdraw/").status_code == 404


def test_one_person_never_changes_the_consents_of_another(visitor, subject, newsletter):
    other = find_or_add_subject(kind="email", value="kofi@example.com")
    _agree(other, newsletter)
    enter_preferences(visitor, subject)
    visitor.post("/preferences/newsletter/withdraw/")
    assert CurrentConsent.objects.get(subject=other).decision == "given"


@pytest.mark.parametrize("times", [0, 1, 3])
def test_the_history_has_every_decision(visitor, subject, newsletter, times):
    for _time in range(times):
        _agree(subject, newsletter)
    enter_preferences(visitor, subject)
    assert text_of(visitor.get("/preferences/history/")).count("<strong>Newsletter</strong>") == times


def test_who_objected_sees_it_and_agreeing_again_asks_first_and_takes_it_back(visitor, subject, newsletter, billing):
    objection = place_restriction(subject=subject, kind="marketing", purpose=newsletter, actor=SYSTEM)
    enter_preferences(visitor, subject)
    overview = text_of(visitor.get("/preferences/"))
    assert "You objected" in overview
    assert overview.count("We do not use your data for this.") == 1
    page = text_of(visitor.get("/preferences/newsletter/give/"))
    assert page.index("your objection is taken back") < page.index("I agree")
    wording = newsletter.wordings.get().pk
    again = text_of(visitor.post("/preferences/newsletter/give/", {"wording": wording}))
    assert "your objection is taken back" in again
    assert ConsentRecord.objects.count() == 0
    visitor.post("/preferences/newsletter/give/", {"wording": wording, "objection": objection.pk})
    assert (_decisions(), Restriction.objects.get().lifted_by_kind) == (["given"], "subject")
    assert "We do not use your data for this." not in text_of(visitor.get("/preferences/"))


def test_what_was_restricted_by_a_case_is_shown_for_every_purpose_and_not_lifted_here(
    visitor, subject, newsletter, billing
):
    place_restriction(subject=subject, kind="restriction", actor=SYSTEM)
    enter_preferences(visitor, subject)
    overview = text_of(visitor.get("/preferences/"))
    assert overview.count("We do not use your data for this.") == 2
    assert "/preferences/newsletter/give/" not in overview
    assert visitor.get("/preferences/newsletter/give/").url == "/preferences/"
    visitor.post("/preferences/newsletter/give/", {"wording": newsletter.wordings.get().pk})
    assert ConsentRecord.objects.count() == 0
