"""A purpose stops resting on consent, or is prohibited, while consents to it are in force."""

import pytest

from consent.errors import PurposeNotByConsent
from consent.models import CurrentConsent
from consent.selectors import preferences, states
from consent.services import (
    publish_wording,
    record_consent,
    record_statement,
    record_statements,
    stop_everything,
    unsubscribe,
    withdraw,
)
from consent.services.letters import send_receipt
from consent.statement import Statement
from privacy.ledger.actors import SYSTEM, Actor
from privacy.letters.models import Letter
from privacy.officers.models import Role
from privacy.register.models import Purpose
from privacy.register.restrictions.models import Restriction
from privacy.register.restrictions.selectors import is_restricted
from privacy.register.restrictions.services import place_restriction
from privacy.subjects.services import find_or_add_subject

STATEMENT = {"kind": "email", "identifier": "ama@example.com", "decision": "withdrawn", "method": "electronic"}
PAGE = "/officer/register/purpose"


def _agree(ama, purpose):
    return record_consent(subject=ama, purpose=purpose, decision="given", method="electronic", actor=SYSTEM)


@pytest.fixture(params=["legitimate_interests", "legal_obligation"])
def left(request, purposes, ama):
    """A purpose to which Ama agreed, and which rests on something else now."""
    _agree(ama, purposes["newsletter"])
    Purpose.objects.filter(code="newsletter").update(lawful_basis=request.param)
    return Purpose.objects.get(code="newsletter")


def _decision() -> str:
    return CurrentConsent.objects.get(purpose__code="newsletter").decision


def test_who_agreed_can_withdraw_wherever_that_is_done_after_the_ground_changed(left, ama):
    said = Statement(purpose="newsletter", **STATEMENT)
    for act in (
        lambda: record_statement(statement=said, actor=SYSTEM),
        lambda: record_statements(statements=[said], actor=SYSTEM),
        lambda: withdraw(subject=ama, purpose=left, actor=Actor.subject(ama)),
        lambda: stop_everything(subject=ama, actor=Actor.subject(ama)),
        lambda: record_consent(subject=ama, purpose=left, decision="withdrawn", method="written", actor=SYSTEM),
    ):
        CurrentConsent.objects.update(decision="given")
        act()
        assert _decision() == "withdrawn"


def test_nobody_agrees_any_more_and_nothing_is_withdrawn_where_consent_was_never_asked(left, ama, purposes):
    kofi = find_or_add_subject(kind="email", value="kofi@example.com")
    billing = purposes["billing"]
    for who, purpose, decision in (
        (ama, left, "given"), (kofi, left, "refused"), (ama, billing, "refused"), (ama, billing, "withdrawn"),
    ):  # fmt: skip
        with pytest.raises(PurposeNotByConsent):
            record_consent(subject=who, purpose=purpose, decision=decision, method="electronic", actor=SYSTEM)
    record_consent(subject=ama, purpose=left, decision="refused", method="electronic", actor=SYSTEM)
    assert _decision() == "refused"


def test_the_preference_centre_offers_to_withdraw_and_says_what_it_rests_on_now(left, ama):
    (shown,) = [each for each in preferences(ama) if each.purpose == left]
    assert (shown.can_withdraw, shown.can_give, shown.why_not, bool(shown.other_ground)) == (True, False, "", True)
    withdraw(subject=ama, purpose=left, actor=Actor.subject(ama))
    (shown,) = [each for each in preferences(ama) if each.purpose == left]
    assert (shown.can_withdraw, bool(shown.why_not), shown.other_ground) == (False, True, "")


def test_one_click_in_a_mail_takes_the_consent_back_and_objects_to_the_rest(purposes, ama):
    letter = send_receipt(record=_agree(ama, purposes["newsletter"]), actor=SYSTEM)
    Purpose.objects.filter(code="newsletter").update(lawful_basis="legitimate_interests")
    for _click in range(2):
        unsubscribe(letter=letter)
    assert _decision() == "withdrawn"
    assert Restriction.objects.get().purpose.code == "newsletter"


def test_a_look_up_tells_what_a_purpose_rests_on_and_whether_it_became_prohibited(left, ama, purposes):
    _agree(ama, purposes["surveys"])
    Purpose.objects.filter(code="surveys").update(is_prohibited=True)
    told = {each.purpose.code: (each.decision, each.purpose.lawful_basis, each.purpose.is_prohibited)
            for each in states(ama)}  # fmt: skip
    assert told == {"newsletter": ("given", left.lawful_basis, False), "surveys": ("given", "consent", True)}


@pytest.mark.parametrize("decision", ["withdrawn", "refused"])
@pytest.mark.parametrize(
    ("language", "no_longer", "goes_on", "because"),
    [
        (
            "en",
            "e your data for this.",
            "This goes on all the same: We need this to keep our contract",
            "no longer hear",
        ),
        ("fr", "vos données à cette fin", "Ceci continue malgré tout\N{NO-BREAK SPACE}: ", "no longer hear"),
    ],
)
def test_the_letter_of_a_no_says_what_goes_on_on_another_ground(
    purposes, ama, decision, language, no_longer, goes_on, because
):
    def letter() -> str:
        purpose = Purpose.objects.get(code="newsletter")
        record = record_consent(
            subject=ama, purpose=purpose, decision=decision, method="oral", language=language, actor=SYSTEM
        )
        return " ".join(send_receipt(record=record, actor=SYSTEM).body.replace("\n", " ").split(" "))

    publish_wording(purpose=purposes["newsletter"], language="fr", text="Oui.", actor=SYSTEM)
    body = letter()
    assert (no_longer in body, goes_on in body, because in body) == (True, False, decision == "withdrawn")
    _agree(ama, purposes["newsletter"])
    Purpose.objects.filter(code="newsletter").update(lawful_basis="contract")
    body = letter()
    assert (no_longer in body, goes_on in body, because in body) == (False, True, False)


def test_the_letter_does_not_say_that_what_the_person_objected_to_goes_on(purposes, ama):
    letter = send_receipt(record=_agree(ama, purposes["newsletter"]), actor=SYSTEM)
    Purpose.objects.filter(code="newsletter").update(lawful_basis="legitimate_interests")
    unsubscribe(letter=letter)
    body = Letter.objects.exclude(pk=letter.pk).get().body
    assert ("We no longer use your data for this." in body, "goes on" in body) == (True, False)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_letter_of_stopping_everything_says_of_each_purpose_what_is_true(left, purposes, ama, language):
    _agree(ama, purposes["surveys"])
    stop_everything(subject=ama, actor=Actor.subject(ama), language=language)
    body = Letter.objects.get().body
    assert "Surveys: We will not ask for your opinion." in body.replace("\N{NO-BREAK SPACE}", "")
    assert "You will no longer hear about new products." not in body
    assert body.count("- Newsletter") == 2  # withdrawn, and goes on
    assert ("change your mind" in body, "changer d’avis" in body) == (False, False)


@pytest.mark.parametrize("change", [{"lawful_basis": "contract"}, {"is_prohibited": "on"}])
def test_an_officer_who_changes_the_ground_of_consents_is_told_how_many_and_confirms(
    officer_client, purposes, ama, change
):
    def send(code, **more):
        purpose = Purpose.objects.get(code=code)
        fields = {"title": code, "description": "x", "lawful_basis": "consent", "order": 1,
                  "withdrawal_consequences": "None.", "data_categories": "contact"}  # fmt: skip
        return officer_client.post(f"{PAGE}/{purpose.pk}/change/", fields | more)

    _agree(ama, purposes["newsletter"])
    before = Purpose.objects.filter(
        **{name: value if value != "on" else True for name, value in change.items()}
    ).count()
    warned = send("newsletter", **change)
    assert warned.status_code == 200
    assert "1 person agreed to this, and the consent is in force." in warned.content.decode()
    assert 'type="checkbox" name="is_confirmed"' in warned.content.decode()
    count = Purpose.objects.filter(**{name: value if value != "on" else True for name, value in change.items()}).count
    assert count() == before
    assert send("newsletter", is_confirmed="on", **change).status_code == 302
    assert count() == before + 1
    assert send("surveys", **change).status_code == 302  # nobody agreed, so nobody is asked
    assert send("newsletter", order=2, **change).status_code == 302  # nor when it is so already


@pytest.fixture
def save(officer_client, purposes):
    """What an officer reads who saves a purpose with these fields; empty when it is saved."""

    def send(code, **fields):
        always = {"title": code, "description": "x", "lawful_basis": "consent", "order": 1,
                  "withdrawal_consequences": "None.", "data_categories": "contact"}  # fmt: skip
        answer = officer_client.post(f"{PAGE}/{purposes[code].pk}/change/", always | fields)
        page = answer.content.decode()
        assert (answer.status_code, 'name="is_confirmed"' in page) in {(200, True), (302, False)}
        return page

    return send


@pytest.mark.parametrize("first", [{}, {"is_prohibited": "on"}])
def test_a_no_is_overridden_by_another_ground_only_by_whoever_was_told_of_it(save, purposes, ama, first):
    kofi = find_or_add_subject(kind="email", value="kofi@example.com")
    assert save("surveys", lawful_basis="contract") == ""  # nobody said no
    record_consent(subject=kofi, purpose=purposes["newsletter"], decision="refused", method="electronic", actor=SYSTEM)
    _agree(ama, purposes["newsletter"])
    withdraw(subject=ama, purpose=purposes["newsletter"], actor=Actor.subject(ama))
    if first:
        assert save("newsletter", lawful_basis="contract", **first) == ""  # it does not go on
    assert "2 people said no to this, or withdrew." in save("newsletter", lawful_basis="contract")
    assert Purpose.objects.get(code="newsletter").lawful_basis == ("contract" if first else "consent")
    assert save("newsletter", lawful_basis="contract", is_confirmed="on") == ""
    assert Purpose.objects.get(code="newsletter").lawful_basis == "contract"
    assert save("newsletter", lawful_basis="legitimate_interests") == ""  # they were told of it before


@pytest.mark.parametrize("at_once", [True, False])
def test_what_becomes_allowed_again_is_confirmed_and_so_is_another_reason_with_it(save, purposes, ama, at_once):
    Purpose.objects.filter(code="newsletter").update(no_withdrawal_reason="Act 773", is_prohibited=True)
    Purpose.objects.filter(code="surveys").update(is_prohibited=True)
    assert save("surveys") == ""  # nobody agreed
    Purpose.objects.filter(code="newsletter").update(is_prohibited=False)
    _agree(ama, Purpose.objects.get(code="newsletter"))
    Purpose.objects.filter(code="newsletter").update(is_prohibited=True)
    again = "1 person agreed to this before it was prohibited or rested on another ground."
    other = "was told another reason"
    same = save("newsletter", no_withdrawal_reason="Act 773")
    assert (again in same, other in same) == (True, False)
    asked = save("newsletter", no_withdrawal_reason="Act 990", **({} if at_once else {"is_prohibited": "on"}))
    assert (again in asked, other in asked) == (at_once, True)
    assert Purpose.objects.get(code="newsletter").is_prohibited
    assert save("newsletter", no_withdrawal_reason="Act 990", is_confirmed="on") == ""
    assert not Purpose.objects.get(code="newsletter").is_prohibited


@pytest.mark.parametrize("before", [{}, {"is_prohibited": True}])
@pytest.mark.parametrize("ground", ["legitimate_interests", "contract"])
def test_old_consents_count_again_only_where_that_is_confirmed(save, purposes, ama, ground, before):
    _agree(ama, purposes["newsletter"])
    kofi = find_or_add_subject(kind="email", value="kofi@example.com")
    record_consent(subject=kofi, purpose=purposes["surveys"], decision="refused", method="electronic", actor=SYSTEM)
    Purpose.objects.filter(code__in=("newsletter", "surveys")).update(lawful_basis=ground, **before)
    assert save("surveys", lawful_basis="consent") == ""  # of whom nobody agreed
    again = "1 person agreed to this before it was prohibited or rested on another ground."
    assert again in save("newsletter", lawful_basis="consent")
    assert Purpose.objects.get(code="newsletter").lawful_basis == ground
    assert save("newsletter", lawful_basis="consent", is_confirmed="on") == ""
    assert Purpose.objects.get(code="newsletter").lawful_basis == "consent"


def test_nothing_is_to_be_confirmed_before_something_is_changed(officer_client, make_officer, purposes, ama):
    _agree(ama, purposes["newsletter"])
    page = f"{PAGE}/{purposes['newsletter'].pk}/change/"
    seen = [officer_client.get(page)]
    officer_client.force_login(make_officer(Role.AUDITOR), backend="privacy.officers.backends.OfficerBackend")
    seen.append(officer_client.get(page))
    assert [(each.status_code, "is_confirmed" in each.content.decode()) for each in seen] == [(200, False)] * 2


def test_what_people_agreed_to_as_long_as_they_like_cannot_bind_them_later(officer_client, purposes, ama):
    def send(code, reason):
        fields = {"title": code, "description": "x", "lawful_basis": "consent", "order": 1,
                  "withdrawal_consequences": "None.", "data_categories": "contact"}  # fmt: skip
        page = f"{PAGE}/{purposes[code].pk}/change/"
        return officer_client.post(page, fields | {"no_withdrawal_reason": reason})

    _agree(ama, purposes["newsletter"])
    refused = send("newsletter", "Act 773")
    assert "1 person agreed to this and was told that they can withdraw." in refused.content.decode()
    assert Purpose.objects.get(code="newsletter").no_withdrawal_reason == ""
    assert send("surveys", "Act 773").status_code == 302  # nobody agreed
    _agree(ama, Purpose.objects.get(code="surveys"))
    assert send("surveys", "Act 773").status_code == 302  # who agreed was told


def test_another_reason_is_put_under_what_binds_people_only_by_whoever_says_that_it_is_the_same(
    officer_client, purposes, ama
):
    def send(reason, **more):
        fields = {"title": "Surveys", "description": "x", "lawful_basis": "consent", "order": 1,
                  "withdrawal_consequences": "None.", "data_categories": "contact"}  # fmt: skip
        page = f"{PAGE}/{purposes['surveys'].pk}/change/"
        return officer_client.post(page, fields | {"no_withdrawal_reason": reason} | more)

    def reason():
        return Purpose.objects.get(code="surveys").no_withdrawal_reason

    Purpose.objects.filter(code="surveys").update(no_withdrawal_reason="Act 773")
    assert send("Act 7 73").status_code == 302  # nobody agreed
    assert send("Act 773").status_code == 302
    _agree(ama, Purpose.objects.get(code="surveys"))
    asked = send("Act 990").content.decode()
    assert "1 person agreed to this and was told another reason why they cannot withdraw." in asked
    assert ('name="is_confirmed"' in asked, reason()) == (True, "Act 773")
    assert send("Act 773, s. 24", is_confirmed="on").status_code == 302
    assert reason() == "Act 773, s. 24"
    assert send("").status_code == 302  # to free people needs no confirmation
    assert reason() == ""


@pytest.mark.parametrize("basis", ["contract", "legal_obligation", "vital_interests"])
def test_a_purpose_gets_a_ground_that_evades_objections_only_by_whoever_was_told_of_them(
    officer_client, purposes, ama, basis
):
    def send(basis, **more):
        fields = {"title": "Billing", "description": "x", "lawful_basis": basis, "order": 1,
                  "data_categories": "contact"}  # fmt: skip
        return officer_client.post(f"{PAGE}/{purposes['billing'].pk}/change/", fields | more)

    def is_free():
        return not is_restricted(ama, Purpose.objects.get(code="billing"))

    Purpose.objects.filter(code="billing").update(lawful_basis="legitimate_interests")
    place_restriction(subject=ama, kind="objection", purpose=purposes["newsletter"], actor=SYSTEM)
    assert send(basis).status_code == 302  # nobody objected to everything
    Purpose.objects.filter(code="billing").update(lawful_basis="legitimate_interests")
    place_restriction(subject=ama, kind="objection", actor=SYSTEM)
    asked = send(basis).content.decode()
    assert "1 person objected to every use of their data that can be objected to, this one included." in asked
    assert ('name="is_confirmed"' in asked, is_free()) == (True, False)
    assert send("public_task").status_code == 302  # which can be objected to
    assert is_free() is False
    assert send(basis, is_confirmed="on").status_code == 302
    assert is_free() is True
