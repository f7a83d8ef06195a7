"""Sessions that end while an officer writes."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from requests.enums import RequestState as S
from tests.conftest import PASSWORD
from tests.requests.conftest import in_state

REASONS = "The file is about <b>your neighbour</b>."
SECRETS = {
    "csrfmiddlewaretoken": "c" * 64, "password": "hunter2 hunter2", "client_secret": "do not tell",
    "address": "postgresql://a:b@c/d",
}  # fmt: skip


@pytest.mark.parametrize("act", ["refuse", "decide-parts", "decide-purposes", "extend"])
def test_what_was_typed_is_shown_and_the_way_in_leads_to_the_case(visitor, officer, act):
    case = in_state(S.DECIDING, kind="access")
    page = f"/officer/requests/subjectrequest/{case.pk}/"
    answer = visitor.post(
        f"{page}{act}/", {"text": REASONS, "ground": "GH.third_party", "plan_hash": "a" * 64} | SECRETS
    )
    shown = [(each.name, each.words) for each in answer.context["written"]]
    assert (answer.status_code, shown) == (403, [("text", REASONS), ("ground", "GH.third_party")])
    body = answer.content.decode()
    assert "The file is about &lt;b&gt;your neighbour&lt;/b&gt;." in body
    assert [words for words in SECRETS.values() if words in body] == []
    signed_in = visitor.post(answer.context["way_in"], {"username": officer.email, "password": PASSWORD})
    assert (signed_in.status_code, signed_in["Location"]) == (302, page)
    assert visitor.get(page, follow=True).status_code == 200
    assert REASONS not in str(dict(visitor.session))
    case.refresh_from_db()
    assert case.state == S.DECIDING


def test_what_has_no_words_leads_to_the_page_of_the_case_as_well(visitor):
    case = in_state(S.DECIDING, kind="access")
    page = f"/officer/requests/subjectrequest/{case.pk}/"
    answer = visitor.post(f"{page}grant/", {"plan_hash": "a" * 64})
    assert (answer.status_code, answer["Location"]) == (302, f"/officer/login/?next={page.replace('/', '%2F')}")


def test_forms_of_other_kinds_keep_their_words_and_lead_to_a_page(visitor):
    answer = visitor.post(reverse("officer:register_purpose_add"), {"title": "News by e-mail"})
    assert [(each.name, each.words) for each in answer.context["written"]] == [("title", "News by e-mail")]
    assert answer.context["way_in"] == "/officer/login/?next=%2Fofficer%2Fregister%2Fpurpose%2F"


def test_a_field_is_named_as_it_was_shown_where_the_page_said_how(visitor):
    shown = {"ground": ["Ground", {"GH.third_party": "It is about somebody else"}], "text": ["<b>Reasons</b>", {}]}
    typed = {"text": REASONS, "ground": "GH.third_party", "own_note": "Call first", "_as_shown": json.dumps(shown)}
    answer = visitor.post("/officer/requests/subjectrequest/", typed)
    assert [(each.label, each.words) for each in answer.context["written"]] == [
        ("<b>Reasons</b>", REASONS), ("Ground", "It is about somebody else"), ("own note", "Call first"),
    ]  # fmt: skip
    assert "&lt;b&gt;Reasons&lt;/b&gt;" in answer.content.decode()


@pytest.mark.parametrize("told", ["", "{", "[]", "7", '{"text": 7}', '{"text": [7, 7]}', '{"text": ["", {"a": 1}]}'])
def test_what_is_told_of_the_fields_in_another_shape_says_nothing(visitor, told):
    answer = visitor.post("/officer/requests/subjectrequest/", {"text": REASONS, "_as_shown": told})
    assert [(each.label, each.words) for each in answer.context["written"]] == [("text", REASONS)]


def test_an_operator_who_was_signed_out_gets_their_words_back_as_well(settings, alpha, operator):
    browser = Client(headers={"host": settings.PUBLIC_HOSTS[0]})
    page = f"/platform/tenants/organisation/{alpha.pk}/"
    answer = browser.post(f"{page}cancel/", {"reason": "contract ended", "slug": "alpha"})
    shown = [(each.name, each.words) for each in answer.context["written"]]
    assert (answer.status_code, shown) == (403, [("reason", "contract ended"), ("slug", "alpha")])
    assert answer.context["way_in"].startswith("/platform/login/?next=%2Fplatform%2F")
    assert 'href="/platform/"' in answer.content.decode()


def test_a_form_of_another_site_is_still_refused(officer):
    foreign = Client(headers={"host": "alpha.localhost"}, enforce_csrf_checks=True)
    answer = foreign.post(reverse("officer:register_purpose_add"), {"title": "News by e-mail"})
    assert (answer.status_code, b"News by e-mail" in answer.content) == (403, False)


def test_a_postal_address_and_a_number_with_dashes_are_given_back_and_keys_are_not(visitor):
    number = "6f1c2f0e-7d0a-4c55-9a57-0d8b6a3f4e21"
    typed = {"postal_address": "1 High Street", "customer_number": number, "api_key": "k"}
    typed |= {"mark": "ab" * 32, "page": number}
    answer = visitor.post("/officer/requests/subjectrequest/enter/", typed | SECRETS)
    assert [(each.name, each.words) for each in answer.context["written"]] == [
        ("postal_address", "1 High Street"), ("customer_number", number),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "label", "words"),
    [
        (r'{"details": ["Measure \ud83d", {}]}', "Measure \ufffd", "a"),
        (r'{"details": ["Measure", {"a": "One \ude00"}]}', "Measure", "One \ufffd"),
        (r'{"details": ["Measure", {"\ud83d": "x"}], "\ud83d": ["y", {}]}', "Measure", "a"),
        (r'{"details": ["Measure \ud83d\ude00", {}]}', "Measure \U0001f600", "a"),
    ],
)
def test_half_a_character_in_a_label_costs_no_words(visitor, told, label, words):
    answer = visitor.post("/officer/requests/subjectrequest/enter/", {"details": "a", "_as_shown": told})
    assert (answer.status_code, [(each.label, each.words) for each in answer.context["written"]]) == (
        403, [(label, words)],
    )  # fmt: skip
