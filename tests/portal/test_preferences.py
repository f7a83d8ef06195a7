"""The preference centre."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.urls import resolve
from django.utils import timezone
from django.utils.formats import date_format

from consent.models import ConsentRecord, CurrentConsent
from consent.services import publish_wording, record_consent, send_receipt, unsubscribe
from consent.shown import SHOWN_FOR, sign_shown
from consent.views import entering
from privacy.ledger.actors import SYSTEM
from privacy.letters.models import Letter
from privacy.register.models import Notice, Purpose
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


def _shown(page) -> str:
    """What the page signed for its form to send back."""
    return re.search(r'name="shown" value="([^"]+)"', text_of(page))[1]


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


def test_a_consent_that_was_recorded_late_is_shown_with_the_day_on_which_it_was_given(visitor, subject, newsletter):
    def day(moment) -> str:
        return date_format(moment, "j F Y")

    told = timezone.now() - timedelta(days=20)
    record_consent(
        subject=subject, purpose=newsletter, decision="given", method="electronic", occurred_at=told, actor=SYSTEM
    )
    enter_preferences(visitor, subject)
    text = text_of(visitor.get("/preferences/"))
    assert (f"on {day(told)}" in text, f"on {day(timezone.now())}" in text) == (True, False)


def test_giving_takes_as_many_clicks_as_withdrawing(visitor, subject, newsletter):
    enter_preferences(visitor, subject)
    assert "/preferences/newsletter/give/" in text_of(visitor.get("/preferences/"))
    page = visitor.get("/preferences/newsletter/give/")
    assert WORDS in text_of(page)
    wording = newsletter.wordings.get()
    response = visitor.post("/preferences/newsletter/give/", {"shown": _shown(page)}, follow=True)
    assert "You have agreed" in text_of(response)
    record = ConsentRecord.objects.get()
    assert (record.decision, record.wording, record.method) == ("given", wording, "electronic")
    assert Letter.objects.get().kind == "consent_receipt"


def test_what_is_agreed_to_is_what_was_on_the_page(visitor, subject, newsletter):
    enter_preferences(visitor, subject)
    shown = _shown(visitor.get("/preferences/newsletter/give/"))
    publish_wording(purpose=newsletter, language="en", text="Yes, and share it with partners.", actor=SYSTEM)
    text = text_of(visitor.post("/preferences/newsletter/give/", {"shown": shown}))
    assert "have changed since you opened the page." in text
    assert "share it with partners" in text
    assert ConsentRecord.objects.count() == 0


@pytest.mark.parametrize(
    "change",
    [{"no_withdrawal_reason": "Act 773"}, {"withdrawal_consequences": "Your account ends."}, {"valid_days": 30}, {}],
)
def test_nobody_is_bound_to_what_the_register_says_only_since_the_page_was_opened(visitor, subject, newsletter, change):
    enter_preferences(visitor, subject)
    shown = _shown(visitor.get("/preferences/newsletter/give/"))
    Purpose.objects.filter(pk=newsletter.pk).update(order=7, **change)
    answer = visitor.post("/preferences/newsletter/give/", {"shown": shown})
    if not change:
        assert (answer.url, _decisions()) == ("/preferences/newsletter/done/", ["given"])
        return
    assert "have changed since you opened the page." in text_of(answer)
    assert _decisions() == []
    visitor.post("/preferences/newsletter/give/", {"shown": _shown(answer)})
    assert _decisions() == ["given"]


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
    shown = _shown(visitor.get("/preferences/newsletter/give/"))
    page = text_of(visitor.get("/preferences/newsletter/give/"))
    assert page.index("your objection is taken back") < page.index("I agree")
    again = text_of(visitor.post("/preferences/newsletter/give/", {"shown": shown}))
    assert "your objection is taken back" in again
    assert ConsentRecord.objects.count() == 0
    visitor.post("/preferences/newsletter/give/", {"shown": shown, "objection": objection.pk})
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
    visitor.post(
        "/preferences/newsletter/give/", {"shown": sign_shown(subject=subject, wording=newsletter.wordings.get())}
    )
    assert ConsentRecord.objects.count() == 0


def test_a_page_that_was_open_too_long_or_is_another_persons_or_names_an_old_notice_records_nothing(
    visitor, subject, newsletter, monkeypatch
):
    other = find_or_add_subject(kind="email", value="kofi@example.com")
    wording = newsletter.wordings.get()
    enter_preferences(visitor, subject)
    fresh = _shown(visitor.get("/preferences/newsletter/give/"))
    theirs = sign_shown(subject=other, wording=wording)
    for shown in ("", "made up", theirs, fresh + "x"):
        answer = text_of(visitor.post("/preferences/newsletter/give/", {"shown": shown}))
        assert "have changed since you opened the page." in answer
    now = signing.time.time()
    with monkeypatch.context() as later:
        later.setattr(signing.time, "time", lambda: now + SHOWN_FOR.total_seconds() + 2)
        answer = text_of(visitor.post("/preferences/newsletter/give/", {"shown": fresh}))
        assert "The page was open for more than an hour." in answer
    Notice.objects.create(version="2", title="Notice", body="New.", published_at=timezone.now() - timedelta(seconds=1))
    assert "have changed since you opened the page." in text_of(
        visitor.post("/preferences/newsletter/give/", {"shown": fresh})
    )
    assert ConsentRecord.objects.count() == 0
    again = visitor.get("/preferences/newsletter/give/")
    visitor.post("/preferences/newsletter/give/", {"shown": _shown(again)})
    record = ConsentRecord.objects.get()
    assert (record.wording, record.notice.version, record.evidence.content["control"]) == (wording, "2", "button")


def test_who_agrees_to_what_has_a_minimum_age_says_that_they_have_reached_it(visitor, subject, newsletter):
    Purpose.objects.update(minimum_age=16)
    enter_preferences(visitor, subject)
    page = visitor.get("/preferences/newsletter/give/")
    assert "I am at least 16 years old" in text_of(page)
    answer = text_of(visitor.post("/preferences/newsletter/give/", {"shown": _shown(page)}))
    assert "You can agree to this yourself from the age of 16" in answer
    assert ConsentRecord.objects.count() == 0
    visitor.post("/preferences/newsletter/give/", {"shown": _shown(page), "of_age": "yes"})
    assert ConsentRecord.objects.get().evidence.content["age"] == {"minimum": 16, "known_by": "declaration"}


def test_what_ran_out_is_said_so_at_once_and_can_be_given_again(visitor, subject, newsletter):
    Purpose.objects.update(valid_days=10)
    newsletter.refresh_from_db()
    _agree(subject, newsletter)
    enter_preferences(visitor, subject)
    overview = text_of(visitor.get("/preferences/"))
    assert "You agreed" in overview
    assert "/preferences/newsletter/give/" not in overview
    CurrentConsent.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    overview = text_of(visitor.get("/preferences/"))
    assert "Your consent ran out" in overview
    assert "You agreed" not in overview
    assert "/preferences/newsletter/withdraw/" not in overview
    visitor.post("/preferences/newsletter/give/", {"shown": _shown(visitor.get("/preferences/newsletter/give/"))})
    assert "You agreed" in text_of(visitor.get("/preferences/"))


LAW = "The registry of lenders must know your address (Act 773, s. 24)."


@pytest.mark.parametrize("reason", [LAW, ""])
def test_what_cannot_be_withdrawn_is_said_with_its_ground_before_agreeing_and_nothing_promises_otherwise(
    visitor, subject, newsletter, reason
):
    Purpose.objects.update(no_withdrawal_reason=reason)
    enter_preferences(visitor, subject)
    page = visitor.get("/preferences/newsletter/give/")
    visitor.post("/preferences/newsletter/give/", {"shown": _shown(page)})
    record, letter = ConsentRecord.objects.get(), Letter.objects.get()
    receipt = text_of(visitor.get(f"/preferences/receipts/{record.pk}/"))
    asking = text_of(page).partition("I agree</button>")[0]
    for text in (asking, letter.body, receipt):
        assert (LAW in text) == bool(reason)
    promises = ("can withdraw at any time" in asking, "at any time" in letter.body, "until you withdraw" in receipt)
    assert promises == (not reason,) * 3


def test_the_list_says_of_what_could_be_agreed_to_that_it_would_bind(visitor, subject, newsletter):
    enter_preferences(visitor, subject)
    assert "You may decide otherwise at any time.</p>" in text_of(visitor.get("/preferences/"))
    Purpose.objects.update(no_withdrawal_reason=LAW)
    text = text_of(visitor.get("/preferences/"))
    assert text.index(LAW) < text.index("/preferences/newsletter/give/")
    assert "You may decide otherwise at any time.</p>" not in text


@pytest.mark.parametrize(
    "code", ["no", "unsubscribe", "stop", "history", "receipts", "sent", "withdraw", "give", "done"]
)
def test_a_purpose_is_given_and_withdrawn_whatever_its_code(visitor, subject, newsletter, code):
    Purpose.objects.update(code=code)
    enter_preferences(visitor, subject)
    page = visitor.get(f"/preferences/{code}/give/")
    response = visitor.post(f"/preferences/{code}/give/", {"shown": _shown(page)}, follow=True)
    assert "You have agreed" in text_of(response)
    assert "Withdraw my consent" in text_of(visitor.get(f"/preferences/{code}/withdraw/"))
    response = visitor.post(f"/preferences/{code}/withdraw/", follow=True)
    assert response.redirect_chain == [(f"/preferences/{code}/done/", 302)]
    assert _decisions() == ["given", "withdrawn"]


def test_a_consent_to_what_is_prohibited_by_now_is_withdrawn_and_the_page_says_so(visitor, subject, newsletter):
    _agree(subject, newsletter)
    Purpose.objects.update(is_prohibited=True, lawful_basis="legitimate_interests")
    enter_preferences(visitor, subject)
    response = visitor.post("/preferences/newsletter/withdraw/", follow=True)
    assert (response.status_code, _decisions()) == (200, ["given", "withdrawn"])
    shown = text_of(response)
    assert ("You have not agreed" in shown, "This goes on all the same" in shown) == (True, False)
    other = find_or_add_subject(kind="email", value="kofi@example.com")
    enter_preferences(visitor, other)
    assert visitor.get("/preferences/newsletter/done/").status_code == 404


def test_the_addresses_in_mails_lead_where_they_led():
    for path, name in (("no", "objecting"), ("unsubscribe", "unsubscribe")):
        for token in ("4d1f_-aB", "4d1f.x-y_z"):
            assert resolve(f"/preferences/{path}/{token}/").view_name == f"consent:{name}"
    assert resolve("/preferences/4d1f_-aB/").view_name == "consent:preferences_link"


def test_a_consent_that_binds_is_listed_once_with_its_words_and_receipt(visitor, subject, newsletter):
    _agree(subject, newsletter)
    Purpose.objects.update(no_withdrawal_reason=LAW)
    enter_preferences(visitor, subject)
    record = ConsentRecord.objects.get()
    text = text_of(visitor.get("/preferences/"))
    counted = {said: text.count(said) for said in (LAW, "The words you agreed to", f"/receipts/{record.pk}/", WORDS)}
    assert counted == dict.fromkeys(counted, 1)


def test_who_unsubscribed_from_what_binds_them_sees_it_once_and_as_agreed(visitor, subject, newsletter):
    _agree(subject, newsletter)
    Purpose.objects.update(no_withdrawal_reason=LAW)
    unsubscribe(letter=send_receipt(record=ConsentRecord.objects.get(), actor=SYSTEM))
    enter_preferences(visitor, subject)
    text = text_of(visitor.get("/preferences/"))
    said = ("You objected", "We do not use your data for this", LAW, "The words you agreed to", "would agree to")
    assert [text.count(each) for each in said] == [1, 1, 1, 1, 0]


@pytest.mark.parametrize(("decision", "tag"), [("refused", "You said no"), ("withdrawn", "You withdrew")])
@pytest.mark.parametrize(("basis", "can_object"), [("legitimate_interests", True), ("contract", False)])
def test_an_earlier_no_is_shown_with_what_it_means_once_the_purpose_rests_on_something_else(
    visitor, subject, newsletter, decision, tag, basis, can_object
):
    def listed():
        text = text_of(visitor.get("/preferences/"))
        said = (tag, "Your no is about consent only", "Object to it", f"/receipts/{record.pk}/", "You objected")
        return [text.count(each) for each in said]

    record = record_consent(subject=subject, purpose=newsletter, decision=decision, method="written", actor=SYSTEM)
    enter_preferences(visitor, subject)
    assert listed() == [1, 0, 0, 1, 0]
    Purpose.objects.update(lawful_basis=basis)
    assert listed() == [1, 1, int(can_object), 1, 0]
    place_restriction(subject=subject, kind="objection", purpose=newsletter, actor=SYSTEM)
    assert listed() == [1, 0, 0, 1, 1]


@pytest.mark.parametrize(
    ("method", "decision", "tag"),
    [
        ("written", "given", "You agreed"),
        ("written", "withdrawn", "You withdrew"),
        ("representative", "given", "Agreed for you"),
        ("representative", "refused", "Refused for you"),
        ("representative", "withdrawn", "Withdrawn for you"),
        ("implied", "given", "We take it that you agree"),
    ],
)
def test_the_list_says_who_decided(visitor, subject, newsletter, method, decision, tag):
    enter_preferences(visitor, subject)
    evidence = {
        "written": {"document_sha256": "a" * 64, "kept_at": "Archive"},
        "representative": {
            "representative": "Esi", "authority": "Power", "valid_until": "2099-01-01", "is_guardian": False,
        },
        "implied": {"act": "Asked for it."},
    }[method]  # fmt: skip
    record_consent(
        subject=subject, purpose=newsletter, decision=decision, method=method, evidence=evidence, actor=SYSTEM
    )
    text = text_of(visitor.get("/preferences/"))
    tags = ("You agreed<", "You withdrew<", "Agreed for you<", "Refused for you<", "Withdrawn for you<", "you agree<")
    assert [each for each in tags if each in text] == [each for each in tags if f"{tag}<".endswith(each)]


def test_before_a_withdrawal_is_said_what_goes_on_and_never_of_what_is_not_used(visitor, subject, newsletter, billing):
    """The list, the page of one withdrawal and of all, and what is left afterwards."""

    def pages(*paths):
        return [text_of(visitor.get(f"/preferences/{path}")) for path in paths]

    surveys, profiles = (
        Purpose.objects.create(
            code=code,
            title=code.title(),
            description="x",
            lawful_basis="consent",
            withdrawal_consequences=f"No {code}.",
        )
        for code in ("surveys", "profiles")
    )
    for each in (surveys, profiles):
        publish_wording(purpose=each, language="en", text="Yes.", actor=SYSTEM)
    for each in (newsletter, surveys, profiles):
        _agree(subject, each)
    Purpose.objects.exclude(code__in=["surveys", "billing"]).update(lawful_basis="legitimate_interests")
    place_restriction(subject=subject, kind="restriction", purpose=profiles, actor=SYSTEM)
    place_restriction(subject=subject, kind="marketing", purpose=billing, actor=SYSTEM)
    enter_preferences(visitor, subject)
    because, objecting = "goes on all the same: This rests on our legitimate interests", "?kind=objection"
    overview, one, held, everything = pages("", "newsletter/withdraw/", "profiles/withdraw/", "stop/")
    assert overview.count("This rests on our legitimate interests") == overview.count(objecting) == 1
    assert (because in one, objecting in one, "You will hear no news" in one) == (True, True, False)
    assert (because in held, objecting in held, "No profiles." in held, ">Restricted<" in held) == (
        False, False, True, True,
    )  # fmt: skip
    assert (everything.count(because), "No surveys." in everything, "Invoices" in everything) == (1, True, False)
    stopped = text_of(visitor.post("/preferences/stop/", follow=True))
    assert "What can be stopped is stopped" in stopped
    assert [stopped.count(each) for each in ("Newsletter", "Profiles", "Invoices", "uses of your data go on")] == [
        1, 0, 0, 0,
    ]  # fmt: skip
