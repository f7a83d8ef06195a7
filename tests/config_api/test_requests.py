"""The calls about subject requests: sent, repeated, refused, listed, followed; described as they are."""

from datetime import timedelta

import pytest
import yaml
from django.utils import timezone

from consent.services import publish_wording
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from privacy.officers.models import Scope
from privacy.register.models import LawfulBasis, Purpose
from privacy.register.selectors import local_date
from privacy.subjects.models import Subject
from privacy.tenants.context import organisation_context
from requests.api import parsing
from requests.api.serializers import SubjectRequestSerializer
from requests.enums import IdentityLevel, RequestState
from requests.models import IntakeCall, Representation, SubjectRequest
from requests.services import confirm_request
from tests.config_api.conftest import Caller, make_key
from tests.requests.conftest import letter_kinds, letter_of, token_in
from tests.secrecy import check_readable_nowhere

AMA = "ama.mensah@example.com"


@pytest.fixture
def caller(alpha):
    return Caller(make_key(Scope.REQUESTS_WRITE, Scope.REQUESTS_READ))


def wish(**fields):
    stated = {"kind": "access", "subject": {"email": AMA}, "name": "Ama Mensah", "details": "All of it, please."}
    return {name: value for name, value in (stated | fields).items() if value is not None}


def the_case() -> SubjectRequest:
    return SubjectRequest.objects.get()


def test_a_person_who_is_signed_in_there_need_not_show_who_they_are(caller):
    answer = caller.post("requests/", wish(authenticated=True, particulars={"period": "2025"}, residence="CA-BC"))
    case = the_case()
    assert (answer.status_code, answer["Location"]) == (201, f"/api/v1/requests/{case.reference}/")
    assert (case.state, case.identity_level) == (RequestState.PLANNING, IdentityLevel.AUTHENTICATED)
    assert (case.channel, case.particulars, case.residence) == ("api", {"period": "2025"}, "CA-BC")
    assert letter_kinds(case) == ["acknowledged"]
    assert case.subject.holds.filter(released_at__isnull=True).count() == 1
    written = LedgerEntry.objects.filter(object_id=str(case.pk)).order_by("id").values_list("action", "actor_kind")
    assert list(written) == [
        ("subject_request.submitted", "api_key"),
        ("subject_request.begun", "api_key"),
        ("subject_request.identity_confirmed", "api_key"),
    ]
    check_readable_nowhere(AMA, "Ama Mensah", "All of it, please.")


def test_anybody_else_gets_the_link_that_opens_the_case(caller):
    assert caller.post("requests/", wish()).json()["state"] == "unconfirmed"
    case = the_case()
    assert letter_kinds(case) == ["confirm"]
    confirm_request(token=token_in(letter_of(case, "confirm")))
    case.refresh_from_db()
    assert (case.state, case.identity_level) == (RequestState.RECEIVED, IdentityLevel.MAIL_LINK)


def test_without_an_address_an_officer_finds_out_who_asks(caller):
    body = caller.post("requests/", wish(subject={"customer_id": "K 7"}, name=None)).json()
    assert (body["state"], body["identity"]) == ("received", "none")
    assert [letter.state for letter in Letter.objects.all()] == ["by_post"]
    assert the_case().name is None


def test_a_representative_is_asked_for_authority_and_is_nobody_who_is_signed_in(caller):
    kofi = {"name": "Kofi", "email": "kofi@example.com", "authority": "lawyer"}
    refused = caller.post("requests/", wish(representative=kofi, authenticated=True))
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["authenticated"])
    assert SubjectRequest.objects.count() == 0
    assert caller.post("requests/", wish(representative=kofi)).status_code == 201
    assert (Representation.objects.get().name, letter_of(the_case(), "confirm").address) == ("Kofi", "kofi@example.com")


def test_clocks_run_from_the_day_on_which_it_reached_the_organisation(caller):
    day = local_date(timezone.now()) - timedelta(days=3)
    late = {"received_reason": "The shop was closed.", "authenticated": True}
    body = caller.post("requests/", wish(received_on=str(day), **late)).json()
    moment = timezone.now() - timedelta(days=2)
    other = caller.post("requests/", wish(received_at=moment.isoformat(), **late)).json()
    assert (body["received_on"], other["received_on"]) == (str(day), str(local_date(moment)))
    assert body["clocks"][0]["due_on"] == body["due_on"]
    assert len(body["clocks"][0]["sentences"]) > 1


def test_the_day_of_the_last_request_that_was_joined_is_named(caller):
    reference = caller.post("requests/", wish(authenticated=True)).json()["reference"]
    assert caller.get(f"requests/{reference}/").json()["asked_again_on"] is None
    SubjectRequest.objects.update(asked_again_on="2026-11-09")
    assert caller.get(f"requests/{reference}/").json()["asked_again_on"] == "2026-11-09"
    assert [each["asked_again_on"] for each in caller.get("requests/").json()["results"]] == ["2026-11-09"]


def test_a_request_that_is_dated_back_says_so_in_the_ledger_and_why(caller):
    today = local_date(timezone.now())
    reason = "The shop was closed."
    on_the_day = caller.post(
        "requests/", wish(received_on=str(today), received_reason=reason, authenticated=True)
    ).json()
    assert SubjectRequest.objects.get(reference=on_the_day["reference"]).received_reason is None
    dated_back = LedgerEntry.objects.filter(action="subject_request.dated_back")
    assert dated_back.count() == 0
    day = today - timedelta(days=40)
    body = caller.post("requests/", wish(received_on=str(day), received_reason=reason)).json()
    case = SubjectRequest.objects.get(reference=body["reference"])
    assert (case.received_on, case.received_reason) == (day, reason)
    entry = dated_back.get()
    assert (entry.object_id, entry.data) == (str(case.pk), {"received": str(day), "entered": str(today)})
    assert entry.actor_kind == "api_key"
    check_readable_nowhere(reason)


@pytest.mark.parametrize("reason", [None, "", "  "])
@pytest.mark.parametrize("field", ["received_on", "received_at"])
def test_a_request_is_not_dated_back_without_a_reason(caller, field, reason):
    moment = timezone.now() - timedelta(days=2)
    stated = {"received_on": str(local_date(moment)), "received_at": moment.isoformat()}[field]
    answer = caller.post("requests/", wish(**{field: stated, "received_reason": reason, "authenticated": True}))
    assert answer.status_code == 400
    said = ["Say why it is entered only now, in 1000 characters at most."]
    assert answer.json()["errors"] == {"received_reason": said}
    assert (SubjectRequest.objects.count(), Subject.objects.count()) == (0, 0)
    given = wish(**{field: stated, "received_reason": "The shop was closed.", "authenticated": True})
    assert caller.post("requests/", given).status_code == 201


def test_what_the_form_asks_is_taken_in_the_forms_shape(caller):
    rests = {"description": "Words", "lawful_basis": LawfulBasis.LEGITIMATE_INTERESTS}
    Purpose.objects.create(code="newsletter", title="Newsletter", **rests)
    change = {"what": "address", "old": "", "new": "4 Palm Street"}
    for kind, given in (
        ("objection", {"purposes": ["newsletter"]}),
        ("restriction", {"purposes": []}),
        ("rectification", {"changes": [change]}),
        ("access", {"scope": "Invoices", "our_ticket": 7}),
    ):
        answer = caller.post("requests/", wish(kind=kind, particulars=given, language="fr-CA"))
        assert answer.status_code == 201
        assert SubjectRequest.objects.get(reference=answer.json()["reference"]).particulars == given


def test_a_withdrawal_names_what_consent_was_once_asked_for_whatever_it_rests_on_by_now(caller):
    asked = Purpose.objects.create(
        code="newsletter", title="Newsletter", description="Words", lawful_basis=LawfulBasis.CONSENT,
        withdrawal_consequences="None.",
    )  # fmt: skip
    for words in ("Yes.", "Yes, please."):
        publish_wording(purpose=asked, language="en", text=words, actor=SYSTEM)
    Purpose.objects.create(
        code="billing", title="Billing", description="Words", lawful_basis=LawfulBasis.LEGITIMATE_INTERESTS
    )
    Purpose.objects.update(lawful_basis=LawfulBasis.LEGITIMATE_INTERESTS)

    def send(code):
        return caller.post("requests/", wish(kind="consent_withdrawal", particulars={"purposes": [code]}))

    assert (send("newsletter").status_code, send("billing").status_code) == (201, 400)


TOMORROW = str((timezone.now() + timedelta(days=2)).date())


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"kind": "wish"}, {"kind"}),
        ({"kind": None, "subject": None}, {"kind", "subject"}),
        ({"subject": {"email": "nobody"}}, {"subject"}),
        ({"subject": {"email": "a@example.com", "phone": "+233560320128"}}, {"subject"}),
        ({"name": "x" * 151}, {"name"}),
        ({"details": "x" * 10_001}, {"details"}),
        ({"details": "\0"}, {"details"}),
        ({"particulars": []}, {"particulars"}),
        ({"particulars": {"x": 2**60}}, {"particulars"}),
        ({"kind": "objection", "particulars": {"purposes": ["nonexistent"]}}, {"particulars.purposes"}),
        ({"kind": "objection", "particulars": {"purposes": "newsletter"}}, {"particulars.purposes"}),
        ({"kind": "restriction", "particulars": {"purposes": 5}}, {"particulars.purposes"}),
        ({"particulars": {"purposes": []}}, {"particulars.purposes"}),
        ({"kind": "rectification", "particulars": {"changes": "foo"}}, {"particulars.changes"}),
        ({"kind": "rectification", "particulars": {"changes": [1, 2]}}, {"particulars.changes"}),
        (
            {"kind": "rectification", "particulars": {"changes": [{"what": "name", "new": " "}]}},
            {"particulars.changes"},
        ),
        ({"particulars": {"scope": 5, "decision": "No."}}, {"particulars.scope", "particulars.decision"}),
        ({"language": "zz"}, {"language"}),
        ({"received_reason": "x" * 1001}, {"received_reason"}),
        ({"residence": "here"}, {"residence"}),
        ({"language": "english"}, {"language"}),
        ({"received_on": "1.6.2025"}, {"received_on"}),
        ({"received_on": TOMORROW}, {"received_on"}),
        ({"received_on": "1972-12-31"}, {"received_on"}),
        ({"received_at": "2999-01-01T00:00:00Z"}, {"received_at"}),
        ({"received_at": "0001-01-01T00:00:00+14:00"}, {"received_at"}),
        ({"received_on": "2026-01-01", "received_at": "2026-01-01T00:00:00Z"}, {"received_on"}),
        ({"authenticated": "yes"}, {"authenticated"}),
        ({"is_minor": 1}, {"is_minor"}),
        ({"representative": {"name": "K"}}, {"representative"}),
        ({"representative": {"name": "", "authority": "lawyer"}}, {"representative_name"}),
        ({"colour": "red"}, {"non_field_errors"}),
    ],
)
@pytest.mark.parametrize("key", [None, "k-1"])
def test_what_does_not_stand_is_a_problem_that_names_the_fields(caller, fields, errors, key):
    answer = caller.post("requests/", wish(**fields), **({"idempotency-key": key} if key else {}))
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert set(answer.json()["errors"]) == errors
    assert (SubjectRequest.objects.count(), Subject.objects.count()) == (0, 0)


def test_the_same_key_makes_one_case_and_another_body_under_it_is_a_conflict(caller):
    first = caller.post("requests/", wish(), **{"idempotency-key": "k-1"})
    again = caller.post("requests/", wish(), **{"idempotency-key": "k-1"})
    assert (again.status_code, again.json()) == (201, first.json())
    other = caller.post("requests/", wish(kind="erasure"), **{"idempotency-key": "k-1"})
    assert (other.status_code, other.json()["title"]) == (409, "The call contradicts an earlier one")
    assert caller.post("requests/", wish(), **{"idempotency-key": "k-2"}).status_code == 201
    assert caller.post("requests/", wish(), **{"idempotency-key": "x" * 256}).status_code == 400
    assert (SubjectRequest.objects.count(), IntakeCall.objects.count()) == (2, 2)
    stranger = Caller(make_key(Scope.REQUESTS_WRITE))
    assert stranger.post("requests/", wish(kind="erasure"), **{"idempotency-key": "k-1"}).status_code == 201


@pytest.fixture
def three(caller):
    for kind in ("access", "erasure", "question"):
        caller.post("requests/", wish(kind=kind, authenticated=True))
    first = SubjectRequest.objects.get(kind="access")
    SubjectRequest.objects.filter(pk=first.pk).update(due_on="2020-01-01")
    done = {"state": RequestState.REFUSED, "closed_at": timezone.now(), "refusal_ground": "CA-FED.secret"}
    SubjectRequest.objects.filter(kind="question").update(**done, refusal_text="Because of the police.")
    return caller


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("", ["question", "erasure", "access"]),
        ("ordering=received_at", ["access", "erasure", "question"]),
        ("ordering=due_on&kind=access,erasure", ["access", "erasure"]),
        ("kind=erasure", ["erasure"]),
        ("state=refused", ["question"]),
        ("open=true", ["erasure", "access"]),
        ("open=false", ["question"]),
        ("due_before=2020-01-02", ["access"]),
        ("due_before=2020-01-01", []),
    ],
)
def test_cases_are_listed_by_what_is_asked_for(three, query, kinds):
    answer = three.get(f"requests/?{query}")
    assert (answer.status_code, [case["kind"] for case in answer.json()["results"]]) == (200, kinds)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("state=lost", "state"), ("kind=wish", "kind"), ("due_before=soon", "due_before"), ("open=1", "open"),
        ("ordering=name", "ordering"), ("name=Ama", "name"),
    ],
)  # fmt: skip
def test_a_filter_that_is_none_is_said_and_not_overlooked(three, query, name):
    answer = three.get(f"requests/?{query}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])


def test_pages_follow_each_other_and_leave_nothing_out(three):
    SubjectRequest.objects.update(due_on="2026-01-01")
    seen, page = [], three.get("requests/?page_size=1&ordering=due_on").json()
    while True:
        seen += [case["reference"] for case in page["results"]]
        if page["next"] is None:
            break
        page = three.get(f"requests/?{page['next'].partition('?')[2]}").json()
    assert (len(seen), set(seen)) == (3, set(SubjectRequest.objects.values_list("reference", flat=True)))


def test_nothing_of_the_person_and_no_ground_of_refusal_is_told(three):
    case = SubjectRequest.objects.get(kind="question")
    whole, listed = three.get(f"requests/{case.reference}/"), three.get("requests/")
    assert whole.json()["status"].startswith("Closed: we could not do what you asked.")
    for answer in (whole, listed):
        text = answer.content.decode()
        assert str(case.subject_id) in text
        assert [each for each in ("Ama", AMA, "All of it", "secret", "police", "ground") if each in text] == []


def test_the_list_takes_as_many_queries_for_many_cases_as_for_few(three, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        three.get("requests/?open=false")
    with django_assert_num_queries(len(few)):
        three.get("requests/")


def test_a_reference_is_read_as_people_write_it_and_an_unknown_one_is_not_found(three):
    case = SubjectRequest.objects.get(kind="access")
    for written in (case.reference, case.reference.lower(), case.reference.replace("-", "")):
        assert three.get(f"requests/{written}/").json()["reference"] == case.reference
    for written in ("PR-0000-0000", "nonsense"):
        answer = three.get(f"requests/{written}/")
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_only_a_key_with_the_scope_may_send_and_see(caller):
    reference = caller.post("requests/", wish()).json()["reference"]
    writer, reader = Caller(make_key(Scope.REQUESTS_WRITE)), Caller(make_key(Scope.REQUESTS_READ))
    assert writer.post("requests/", wish()).status_code == 201
    assert (writer.get("requests/").status_code, writer.get(f"requests/{reference}/").status_code) == (403, 403)
    assert reader.post("requests/", wish()).status_code == 403
    assert (reader.get("requests/").status_code, reader.get(f"requests/{reference}/").status_code) == (200, 200)
    assert Caller(None).get("requests/").status_code == 401
    assert SubjectRequest.objects.count() == 2


def test_cases_of_one_organisation_are_not_there_for_anothers_key(caller, beta):
    reference = caller.post("requests/", wish()).json()["reference"]
    with organisation_context(beta):
        theirs = Caller(make_key(Scope.REQUESTS_READ, Scope.REQUESTS_WRITE), host="beta.localhost")
    stolen = Caller(caller.key, host="beta.localhost")
    assert (stolen.get("requests/").status_code, stolen.get(f"requests/{reference}/").status_code) == (401, 401)
    assert theirs.get("requests/").json()["results"] == []
    assert theirs.get(f"requests/{reference}/").status_code == 404
    again = theirs.post("requests/", wish(), **{"idempotency-key": "k"}).json()
    assert again["reference"] != reference
    assert [case["reference"] for case in caller.get("requests/").json()["results"]] == [reference]


def test_the_description_names_the_calls_and_the_fields_that_are_read(visitor):
    description = yaml.safe_load(visitor.get("/api/v1/schema/").content)
    for path, method in (
        ("/api/v1/requests/", "post"), ("/api/v1/requests/", "get"), ("/api/v1/requests/{reference}/", "get"),
    ):  # fmt: skip
        assert description["paths"][path][method]["security"] == [{"ApiKey": []}]
    described = {name: field.required for name, field in SubjectRequestSerializer().fields.items()}
    assert described == {name: required for name, (_read, required) in parsing._FIELDS.items()}


def test_a_complaint_cannot_be_older_than_the_case_it_is_about(caller):
    days = [local_date(timezone.now()) - timedelta(days=back) for back in (3, 2)]
    late = {"received_reason": "The shop was closed.", "authenticated": True}
    caller.post("requests/", wish(received_on=str(days[1]), **late))
    complaint = {"kind": "complaint", "about": the_case().reference} | late
    refused = caller.post("requests/", wish(received_on=str(days[0]), **complaint))
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["received_on"])
    assert SubjectRequest.objects.count() == 1
    assert caller.post("requests/", wish(received_on=str(days[1]), **complaint)).status_code == 201


@pytest.mark.parametrize(
    ("language", "known", "unknown"),
    [
        ("en", "You were signed in with us when you asked", "An officer makes sure that it is you"),
        ("fr", "Vous étiez connecté à votre compte chez nous", "Un responsable s’assure qu’il s’agit bien de vous"),
    ],
)
@pytest.mark.parametrize("kind", ["access", "objection", "question"])
def test_whoever_was_signed_in_there_is_not_told_that_we_find_out_who_they_are(caller, language, known, unknown, kind):
    caller.post("requests/", wish(kind=kind, authenticated=True, language=language))
    letter = letter_of(the_case(), "acknowledged").body
    assert (known in letter, unknown in letter) == (True, False)


@pytest.mark.parametrize(
    ("language", "past", "ahead"),
    [
        ("en", "This day is past: we answer without further delay.", "You will have our answer by"),
        ("fr", "Cette date est passée\u00a0: nous vous répondons sans plus tarder.", "Vous aurez notre réponse"),
    ],
)
@pytest.mark.parametrize(("back", "is_past"), [(90, True), (1, False)])
def test_a_letter_promises_no_day_that_is_past(caller, language, past, ahead, back, is_past):
    day = local_date(timezone.now()) - timedelta(days=back)
    caller.post(
        "requests/",
        wish(received_on=str(day), received_reason="It lay there.", authenticated=True, language=language),
    )
    letter = letter_of(the_case(), "acknowledged").body
    assert (past in letter, ahead in letter) == (is_past, not is_past)


def test_the_mail_that_asks_to_confirm_says_that_our_time_is_over(caller):
    day = local_date(timezone.now()) - timedelta(days=90)
    caller.post("requests/", wish(received_on=str(day), received_reason="It lay there."))
    letter = letter_of(the_case(), "confirm").body
    assert "This day is past: once you have confirmed, we answer without further delay." in letter
    assert "already runs" not in letter
