"""What pages of other origins may ask and send, and what comes back."""

import json
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from consent.cookies import views
from consent.cookies.models import CookieChoice
from privacy.ledger.signing import SignatureInvalid, read_signed
from privacy.tenants.context import organisation_context, owner_context
from tests.consent.cookies.conftest import ORIGIN, body_for, make_site, publish, send

OTHER = "https://evil.example"


def ask(path: str, *, origin: str | None = ORIGIN, host: str = "alpha.localhost"):
    return Client(headers={"host": host} | ({"origin": origin} if origin else {})).get(path)


def test_a_listed_page_gets_the_published_banner_and_may_read_it(banner):
    answer = ask("/cookies/v1/banner.json?site=shop")
    assert answer.status_code == 200
    assert answer.json() == {"version": 1, "digest": banner.digest, "content": banner.content}
    assert answer["Access-Control-Allow-Origin"] == ORIGIN
    assert "Origin" in answer["Vary"]
    assert "Access-Control-Allow-Credentials" not in answer


@pytest.mark.parametrize(
    "origin",
    [OTHER, None, "null", "http://www.shop.example", "https://www.shop.example:444", "https://www.shop.example.evil.example",
     "https://shop.example", f"{ORIGIN}/", ORIGIN.upper()],
)  # fmt: skip
def test_an_unlisted_page_gets_nothing_and_records_nothing(banner, origin):
    asked = ask("/cookies/v1/banner.json?site=shop", origin=origin)
    sent = send(body_for(banner), origin=origin)
    assert (asked.status_code, sent.status_code) == (403, 403)
    for answer in (asked, sent):
        assert "Access-Control-Allow-Origin" not in answer
        assert b"statistics" not in answer.content
    assert CookieChoice.objects.count() == 0
    assert send(body_for(banner)).status_code == 201


def test_a_banner_that_is_switched_off_is_not_there(banner):
    banner.site.is_active = False
    banner.site.save()
    assert ask("/cookies/v1/banner.json?site=shop").status_code == 404
    assert send(body_for(banner)).status_code == 403


def test_before_anything_is_published_there_is_no_banner(site):
    assert ask("/cookies/v1/banner.json?site=shop").status_code == 404


@pytest.mark.parametrize(("origin", "allowed"), [(ORIGIN, ORIGIN), (OTHER, None), (None, None)])
def test_only_listed_pages_are_told_that_they_may_send(banner, origin, allowed):
    headers = {"host": "alpha.localhost", "access-control-request-method": "POST"} | (
        {"origin": origin} if origin else {}
    )
    answer = Client(headers=headers).options("/cookies/v1/choices/")
    assert answer.status_code == 204
    assert answer.get("Access-Control-Allow-Origin") == allowed


def test_a_choice_is_answered_with_its_signed_receipt(banner):
    answer = send(body_for(banner))
    assert answer.status_code == 201
    assert (answer["Access-Control-Allow-Origin"], answer["Cache-Control"]) == (ORIGIN, "no-store")
    content = answer.json()
    choice = CookieChoice.objects.get()
    assert content["id"] == str(choice.pk)
    fields = read_signed(content["jws"], kind="cookie-receipt")
    assert fields == content["receipt"]
    assert fields["banner"]["sha256"] == banner.digest
    assert fields["banner"]["words"]["reject"] == "Reject all"
    states = {each["purpose_type"]: each["event_state"] for each in fields["record"]["events"]}
    assert states == {"advertising": "refused", "statistics": "given"}
    with pytest.raises(SignatureInvalid):
        read_signed(content["jws"], kind="consent-receipt")


def test_the_receipt_is_there_for_whoever_knows_the_number(banner):
    made = send(body_for(banner)).json()
    again = ask(f"/cookies/v1/choices/{made['id']}/receipt/", origin=None)
    assert (again.status_code, again["Cache-Control"]) == (200, "no-store")
    assert again.json() == made
    assert ask(f"/cookies/v1/choices/{uuid.uuid4()}/receipt/", origin=None).status_code == 404


def test_anybody_checks_a_receipt_offline(banner, tmp_path, capsys):
    made = send(body_for(banner)).json()
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(made))
    call_command("verify_receipt", file)
    assert json.loads(capsys.readouterr().out)["receipt_id"] == made["id"]
    head, _content, signature = made["jws"].split(".")
    file.write_text(f"{head}.e30.{signature}")
    with pytest.raises(CommandError, match="not genuine"):
        call_command("verify_receipt", file)


def test_nothing_is_signed_about_words_that_were_altered(alpha, banner):
    made = send(body_for(banner)).json()
    with owner_context(alpha), connection.cursor() as cursor:
        cursor.execute("UPDATE cookies_cookiebanner SET content = jsonb_set(content, '{site}', '\"x\"')")
    answer = ask(f"/cookies/v1/choices/{made['id']}/receipt/", origin=None)
    assert (answer.status_code, "jws" in answer.json()) == (409, False)


def test_the_signal_in_the_header_counts_whatever_the_script_says(banner):
    send(body_for(banner, has_signal=False), **{"sec-gpc": "1"})
    assert CookieChoice.objects.get().has_signal
    send(body_for(banner, has_signal=False), **{"sec-gpc": "true"})
    assert sorted(CookieChoice.objects.values_list("has_signal", flat=True)) == [False, True]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"site": 1}, "site"),
        ({"call": "1"}, "call"),
        ({"browser": "A" * 36}, "browser"),
        ({"version": True}, "version"),
        ({"version": 2**40}, "version"),
        ({"digest": "0" * 63}, "digest"),
        ({"action": "maybe"}, "action"),
        ({"accepted": "statistics"}, "accepted"),
        ({"refused": [1]}, "refused"),
        ({"refused": ["x"] * 21}, "refused"),
        ({"has_signal": 1}, "has_signal"),
        ({"language": "\u0000"}, "language"),
        ({"chosen_at": "yesterday"}, "chosen_at"),
        ({"chosen_at": "0001-01-01T00:00:00+14:00"}, "chosen_at"),
        ({"email": "ama@example.com"}, "non_field_errors"),
        ({"call": None}, "call"),
    ],
)
def test_a_field_at_fault_is_named_and_what_was_sent_is_not_repeated(banner, changes, field):
    answer = send(body_for(banner, **changes))
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert answer["Content-Type"] == "application/problem+json"
    assert "ama@example.com" not in answer.content.decode()
    assert CookieChoice.objects.count() == 0


@pytest.mark.parametrize("body", [" ", "[]", "null", "{", "[" * 2000, '{"site": NaN}', '"\\ud800"'])
def test_what_is_no_choice_is_refused(banner, body):
    assert send(body).status_code == 400


def test_a_body_that_is_too_large_or_no_json_is_not_read(banner):
    large = json.dumps(body_for(banner)) + " " * 5000
    assert send(large).status_code == 413
    form = Client(headers={"host": "alpha.localhost", "origin": ORIGIN}).post("/cookies/v1/choices/", body_for(banner))
    assert form.status_code == 415


def test_only_sending_is_offered(visitor):
    assert visitor.get("/cookies/v1/choices/").status_code == 405
    assert visitor.post("/cookies/v1/banner.json").status_code == 405


def test_a_choice_that_does_not_fit_is_answered_so_that_the_page_can_read_it(banner):
    answer = send(body_for(banner, version=7))
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (400, ORIGIN)
    body = body_for(banner)
    assert send(body).status_code == 201
    assert send(body).status_code == 201
    assert send(body | {"language": "fr"}).status_code == 409


def test_one_machine_does_not_fill_the_table(banner, monkeypatch):
    monkeypatch.setattr(views, "CHOICES_AT_ONCE", 2)
    assert [send(body_for(banner)).status_code for _time in range(3)] == [201, 201, 429]
    assert CookieChoice.objects.count() == 2


def test_no_cookie_is_set_and_none_is_needed(banner):
    client = Client(headers={"host": "alpha.localhost", "origin": ORIGIN}, enforce_csrf_checks=True)
    client.get("/cookies/v1/banner.json?site=shop")
    client.post("/cookies/v1/choices/", json.dumps(body_for(banner)), content_type="application/json")
    client.get("/cookies/v1/consent.js")
    assert dict(client.cookies) == {}
    assert CookieChoice.objects.count() == 1


def test_banners_and_proofs_of_one_organisation_are_nothing_to_another(banner, beta):
    made = send(body_for(banner)).json()
    elsewhere = {"host": "beta.localhost"}
    assert ask("/cookies/v1/banner.json?site=shop", **elsewhere).status_code == 404
    assert ask(f"/cookies/v1/choices/{made['id']}/receipt/", origin=None, **elsewhere).status_code == 404
    assert send(body_for(banner), **elsewhere).status_code == 403
    with organisation_context(beta):
        theirs = publish(make_site())
        assert send(body_for(theirs), **elsewhere).status_code == 201
        assert CookieChoice.objects.count() == 1
    assert CookieChoice.objects.count() == 1


def test_a_call_asks_the_database_the_same_however_many_choices_there_are(banner, django_assert_max_num_queries):
    send(body_for(banner))
    with django_assert_max_num_queries(30) as first:
        send(body_for(banner))
    for _time in range(5):
        send(body_for(banner))
    with django_assert_max_num_queries(30) as later:
        send(body_for(banner))
    assert len(first) == len(later)


def test_support_of_the_signal_is_stated(visitor):
    answer = visitor.get("/.well-known/gpc.json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert answer.json() == {"gpc": True, "lastUpdate": views.SIGNAL_SINCE}
