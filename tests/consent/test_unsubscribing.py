"""One-click unsubscribing (RFC 8058): the header fields, and what the mail program's POST does."""

import re

import pytest
from django.core import mail
from django.test import Client

from consent.models import ConsentRecord, CurrentConsent
from consent.services import record_consent, send_receipt, withdraw
from consent.unsubscribing import unsubscribe_token
from privacy.ledger.actors import SYSTEM, Actor
from privacy.letters.errors import UnsubscribeMissing
from privacy.letters.kinds import LetterKind, OneClick
from privacy.letters.models import Letter
from privacy.letters.sending import send_letter
from privacy.letters.unsubscribing import check_one_click
from privacy.register.models import Purpose
from privacy.register.restrictions.models import Restriction
from privacy.tenants.context import organisation_context
from tests.consent.conftest import make_register

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def letter(purposes, ama, settings):
    """The receipt of a consent to the newsletter, which ends it with one click."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    record = record_consent(
        subject=ama, purpose=purposes["newsletter"], decision="given", method="electronic", actor=SYSTEM
    )
    return send_receipt(record=record, actor=SYSTEM)


def _path(letter) -> str:
    return f"/preferences/unsubscribe/{unsubscribe_token(letter)}/"


def test_the_mail_says_how_to_unsubscribe_and_the_link_names_nobody(letter, ama):
    send_letter(letter_id=str(letter.pk))
    (sent,) = mail.outbox
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (address,) = re.fullmatch(r"<(\S+)>", sent.extra_headers["List-Unsubscribe"]).groups()
    assert address.endswith(_path(letter))
    assert (str(ama.pk) in address, ama.pk.hex in address, "@" in address) == (False, False, False)
    raw = sent.message().as_bytes()
    assert re.search(rb"^List-Unsubscribe:\s+<(\S+)>$", raw, re.MULTILINE)[1] == address.encode()


def test_other_letters_have_no_such_header(letter, ama, purposes):
    letter.unsubscribe_from = ""
    letter.save()
    send_letter(letter_id=str(letter.pk))
    assert "List-Unsubscribe" not in mail.outbox[0].extra_headers
    assert Client(headers={"host": "alpha.localhost"}).post(_path(letter), ONE_CLICK).status_code == 404


def test_a_mail_programs_post_ends_it_without_cookie_token_or_redirect(letter, ama):
    program = Client(headers={"host": "alpha.localhost"}, enforce_csrf_checks=True)
    for _click in range(2):
        assert program.post(_path(letter), ONE_CLICK).status_code == 200
    assert dict(program.cookies) == {}
    assert CurrentConsent.objects.get(subject=ama).decision == "withdrawn"
    assert ConsentRecord.objects.filter(decision="withdrawn", actor_kind="subject").count() == 1


def test_looking_at_the_link_changes_nothing_and_shows_nothing_of_the_person(letter, ama, visitor):
    page = visitor.get(_path(letter)).content.decode()
    assert page.index("You will no longer hear about new products.") < page.index('type="submit"')
    assert ("ama@example.com" in page, CurrentConsent.objects.get(subject=ama).decision) == (False, "given")


@pytest.mark.parametrize(
    "spoil", [lambda token: token[:-1], lambda token: ("1" if token[0] == "0" else "0") + token[1:], lambda token: "x"]
)
def test_a_link_that_was_not_made_here_does_nothing(letter, ama, visitor, spoil):
    token = spoil(unsubscribe_token(letter))
    for ask in (visitor.get, visitor.post):
        assert ask(f"/preferences/unsubscribe/{token}/").status_code == 404
    assert CurrentConsent.objects.get(subject=ama).decision == "given"


def test_a_link_of_one_organisation_is_nothing_on_the_host_of_another(letter, beta):
    token = unsubscribe_token(letter)
    with organisation_context(beta):
        make_register()
        assert unsubscribe_token(letter) != token
    foreign = Client(headers={"host": "beta.localhost"})
    assert foreign.post(f"/preferences/unsubscribe/{token}/", ONE_CLICK).status_code == 404


def test_what_does_not_rest_on_consent_is_objected_to(letter, ama, visitor, purposes):
    letter.unsubscribe_from = "billing"
    letter.save()
    assert visitor.post(_path(letter)).status_code == 200
    placed = Restriction.objects.get()
    assert (placed.subject, placed.kind, placed.purpose) == (ama, "marketing", purposes["billing"])
    assert CurrentConsent.objects.get(subject=ama).decision == "given"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, (False, False, True, False)),
        ({"lawful_basis": "contract"}, (True, False, False, True)),
        ({"lawful_basis": "legitimate_interests"}, (True, False, False, True)),
        ({"no_withdrawal_reason": "Act 773"}, (False, True, True, False)),
        ({"is_prohibited": True}, (False, False, False, False)),
    ],
)
def test_the_page_says_what_the_click_did_and_promises_nothing_else(letter, visitor, change, said):
    Purpose.objects.filter(code="newsletter").update(**change)
    asked, page = visitor.get(_path(letter)).content.decode(), visitor.post(_path(letter)).content.decode()
    objects = "lawful_basis" in change
    assert ("If you unsubscribe, you object to it as well" in asked) == objects
    words = ("does not rest on consent, so", "cannot be withdrawn: Act 773", "agree again", "objection is taken back")
    assert tuple(each in page for each in words) == said
    assert Restriction.objects.exists() == (objects or "no_withdrawal_reason" in change)


def test_marketing_is_never_written_without_its_link():
    def kind(one_click):
        return LetterKind("sample", "Sample", (), lambda law: {}, one_click=one_click)

    for one_click, purpose in ((OneClick.ALWAYS, ""), (OneClick.NEVER, "newsletter")):
        with pytest.raises(UnsubscribeMissing):
            check_one_click(kind(one_click), purpose)
    for one_click, purpose in ((OneClick.ALWAYS, "newsletter"), (OneClick.NEVER, ""), (OneClick.SOMETIMES, "")):
        check_one_click(kind(one_click), purpose)


def test_the_receipt_of_a_withdrawal_has_nothing_to_unsubscribe_from(letter, ama, purposes):
    withdraw(subject=ama, purpose=purposes["newsletter"], actor=Actor.subject(ama))
    assert [each.unsubscribe_from for each in Letter.objects.order_by("created_at")] == ["newsletter", ""]
