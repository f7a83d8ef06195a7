"""What the form asks for each kind of request, and what becomes of the answers."""

import re

import pytest
from django.utils import timezone

from privacy.register.models import Purpose
from privacy.register.selectors import local_date
from requests.clocks import clocks_at_receipt
from requests.enums import RequestKind as K
from requests.models import Representation, SubjectRequest
from requests.public_words import GROUPS, KINDS
from requests.question_forms import QUESTION_FORMS
from requests.questions import ASKED, ONLY_IF
from requests.traits import PORTAL_KINDS
from tests.portal.conftest import AMA, ask, enter, path_of, submit, text_of

PARTICULARS = {
    K.ACCESS: None,
    K.PORTABILITY: None,
    K.RECTIFICATION: {"changes": [{"what": "Address", "old": "1 Old Road", "new": "2 New Road"}]},
    K.ERASURE: None,
    K.OBJECTION: {"purposes": []},
    K.RESTRICTION: {"purposes": []},
    K.RECONSIDERATION: {"decision": "My plan was refused."},
    K.QUESTION: None,
    K.COMPLAINT: None,
}
DETAILS = {K.QUESTION: "Who receives my data?", K.COMPLAINT: "Nobody answered me."}


def send(visitor, **answers) -> SubjectRequest:
    ask(visitor, **answers)
    assert visitor.post("/requests/new/check/", {}).url == "/requests/sent/"
    return SubjectRequest.objects.latest("received_at")


def test_every_kind_is_asked_for_in_one_place_and_has_words_and_questions():
    grouped = [kind for group in GROUPS for kind in group.kinds]
    assert sorted(grouped) == sorted(ASKED) == sorted(set(K) - {K.CONSENT_WITHDRAWAL})
    assert set(KINDS) == set(K)
    assert set(PORTAL_KINDS) <= set(ASKED)
    assert {code for codes in ASKED.values() for code in codes} | {"kind"} == set(QUESTION_FORMS)
    assert set(ONLY_IF) <= set(QUESTION_FORMS)


@pytest.mark.parametrize("kind", PORTAL_KINDS)
def test_a_person_asks_for_each_kind_for_themselves(visitor, hurry, kind):
    case = send(visitor, kind=kind)
    details = DETAILS.get(kind, "Everything, please.")
    assert (case.kind, case.name, case.details, case.particulars) == (kind, "Ama Mensah", details, PARTICULARS[kind])
    assert (case.subject.identifiers.get().value, case.is_minor, case.residence) == (AMA, False, "")
    assert not Representation.objects.exists()


@pytest.mark.parametrize("kind", [kind for kind in PORTAL_KINDS if "behalf" in ASKED[kind]])
def test_somebody_asks_for_each_kind_for_another_person_and_gets_the_mail(visitor, hurry, kind):
    case = send(visitor, kind=kind, behalf="other")
    acts = Representation.objects.get(case=case)
    assert (acts.name, acts.email, acts.authority) == ("Kofi Mensah", "kofi@example.com", "guardian")
    assert (case.name, case.subject.identifiers.get().value) == ("Ama Mensah", AMA)
    text = text_of(visitor.get("/requests/sent/"))
    assert "kofi@example.com" in text
    assert AMA not in text


@pytest.mark.parametrize("kind", PORTAL_KINDS)
def test_every_answer_can_be_changed_from_the_last_page_and_is_shown_there(visitor, kind):
    ask(visitor, kind=kind, behalf="other", residence="KE")
    text = text_of(visitor.get("/requests/new/check/"))
    for question in ASKED[kind]:
        if QUESTION_FORMS[question].short:
            assert f'<a href="{path_of(question)}">Change' in text
            page = text_of(visitor.get(path_of(question)))
            assert 'href="/requests/new/check/">Back' in page
    assert "Ama Mensah" in text


def test_a_question_of_another_kind_cannot_be_opened_and_one_that_is_none_is_not_found(visitor):
    ask(visitor, until="name")
    assert visitor.get(path_of("changes")).url == path_of("name")
    assert visitor.get(path_of("name")).status_code == 200
    assert visitor.get(path_of("nonsense")).status_code == 404


def test_changing_the_kind_keeps_who_asks_and_asks_only_what_is_missing(visitor, hurry):
    ask(visitor)
    assert visitor.post(path_of("kind"), {"kind": "erasure"}).url == path_of("minor")
    case = send(visitor, kind="erasure")
    assert (case.kind, case.name, case.particulars) == ("erasure", "Ama Mensah", None)


def test_changing_to_another_persons_request_asks_who_acts_for_them(visitor):
    ask(visitor)
    assert visitor.post(path_of("behalf"), {"behalf": "other"}).url == path_of("representative")
    assert visitor.get("/requests/new/check/").url == path_of("representative")


def test_nobody_sends_an_erasure_without_the_warning_that_it_cannot_be_undone(visitor):
    Purpose.objects.create(
        code="tax", title="Tax records", description="Kept", lawful_basis="legal_obligation", retention="Six years"
    )
    ask(visitor, kind="erasure", until="irreversible")
    assert visitor.get("/requests/new/check/").url == path_of("irreversible")
    text = text_of(visitor.get(path_of("irreversible")))
    assert "Deleting cannot be undone" in text
    assert "<strong>Tax records</strong>: Six years" in text
    visitor.post(path_of("irreversible"), {})
    assert visitor.get("/requests/new/check/").status_code == 200


def test_the_data_of_a_minor_is_marked_and_said_to_go_first(visitor, hurry):
    ask(visitor, kind="erasure", is_minor="yes")
    assert "before anything else" in text_of(visitor.get("/requests/new/check/"))
    assert send(visitor, kind="erasure", is_minor="yes").is_minor
    assert not send(visitor, kind="erasure", is_minor="no").is_minor


def test_who_lives_where_another_law_holds_is_told_and_not_stopped(visitor, hurry):
    ask(visitor, residence="GH")
    assert "another law may hold" not in text_of(visitor.get("/requests/new/check/"))
    visitor.post(path_of("residence"), {"residence": "CA-QC"})
    assert "You chose Québec, where another law may hold." in text_of(visitor.get("/requests/new/check/"))
    assert send(visitor).residence == "CA-QC"
    assert send(visitor, residence="other").residence == "other"


@pytest.mark.skipif(K.RECTIFICATION not in PORTAL_KINDS, reason="not offered")
class TestCorrections:
    def test_room_for_another_is_added_and_what_was_typed_stays(self, visitor, hurry):
        ask(visitor, kind="rectification", until="changes")
        typed = {"places": "1", "what_0": "Address", "old_0": "1 Old Road", "new_0": ""}
        text = text_of(visitor.post(path_of("changes"), typed | {"another": "1"}))
        assert 'value="1 Old Road"' in text
        assert 'id="id_what_1"' in text
        assert "There is a problem" not in text
        two = typed | {"places": "2", "new_0": "2 New Road", "what_1": "Birthday", "old_1": "", "new_1": "1 May 1990"}
        assert visitor.post(path_of("changes"), two).url == path_of("details")
        text = text_of(visitor.get(path_of("changes")))
        assert 'value="1 May 1990"' in text
        visitor.post(path_of("details"), {"details": ""})
        visitor.post("/requests/new/check/", {})
        assert SubjectRequest.objects.get().particulars == {
            "changes": [
                {"what": "Address", "old": "1 Old Road", "new": "2 New Road"},
                {"what": "Birthday", "old": "", "new": "1 May 1990"},
            ]
        }

    def test_what_is_missing_is_named_at_its_field_and_empty_room_is_left_out(self, visitor):
        ask(visitor, kind="rectification", until="changes")
        text = text_of(visitor.post(path_of("changes"), {"places": "1"}))
        assert '<a href="#id_what_0">Say what is to be corrected.</a>' in text
        assert '<a href="#id_new_0">Say what it should say.</a>' in text
        text = text_of(visitor.post(path_of("changes"), {"places": "2", "what_0": "A", "new_0": "B", "old_1": "C"}))
        assert 'href="#id_what_0"' not in text
        assert '<a href="#id_what_1">Correction 2: Say what is to be corrected.</a>' in text
        assert visitor.post(path_of("changes"), {"places": "2", "what_0": "A", "new_0": "B"}).status_code == 302

    @pytest.mark.parametrize("places", ["5", "99", "-1", "x", "²", ""])
    def test_there_is_room_for_five_and_no_more(self, visitor, places):
        ask(visitor, kind="rectification", until="changes")
        text = text_of(visitor.post(path_of("changes"), {"places": places, "another": "1"}))
        assert len(re.findall(r'id="id_what_\d"', text)) == (5 if places in ("5", "99") else 2)
        assert ("Add another correction" in text) == (places not in ("5", "99"))


@pytest.mark.skipif(K.OBJECTION not in PORTAL_KINDS, reason="not offered")
class TestPurposes:
    @pytest.fixture(autouse=True)
    def register(self, alpha):
        for code, basis in (
            ("service", "contract"), ("tax", "legal_obligation"), ("news", "consent"),
            ("analytics", "legitimate_interests"), ("fraud", "legitimate_interests"),
        ):  # fmt: skip
            Purpose.objects.create(
                code=code, title=code.title(), description="Words", lawful_basis=basis,
                withdrawal_consequences="None" if basis == "consent" else "",
            )  # fmt: skip
        Purpose.objects.create(
            code="sale", title="Sale", description="Never", lawful_basis="consent", is_prohibited=True
        )

    @pytest.mark.parametrize(
        ("kind", "offered"),
        [("objection", ["analytics", "fraud"]), ("restriction", ["analytics", "fraud", "news", "service", "tax"])],
    )
    def test_uses_are_offered_that_the_right_reaches(self, visitor, kind, offered):
        ask(visitor, kind=kind, until="purposes")
        text = text_of(visitor.get(path_of("purposes")))
        assert [
            code for code in sorted(Purpose.objects.values_list("code", flat=True)) if f'value="{code}"' in text
        ] == (offered)

    def test_the_chosen_uses_are_kept_and_shown(self, visitor, hurry):
        ask(visitor, kind="objection", until="purposes")
        assert visitor.post(path_of("purposes"), {"purposes": ["fraud"]}).url == path_of("details")
        visitor.post(path_of("details"), {"details": ""})
        assert "Fraud" in text_of(visitor.get("/requests/new/check/"))
        assert 'value="fraud" id="id_purposes_1" checked' in text_of(visitor.get(path_of("purposes")))
        visitor.post("/requests/new/check/", {})
        assert SubjectRequest.objects.get().particulars == {"purposes": ["fraud"]}

    def test_one_has_to_be_chosen_and_only_of_those_offered(self, visitor):
        ask(visitor, kind="objection", until="purposes")
        text = text_of(visitor.post(path_of("purposes"), {}))
        assert '<a href="#id_purposes">Choose at least one use, or all of them.</a>' in text
        assert "Choose among the uses listed." in text_of(visitor.post(path_of("purposes"), {"purposes": ["service"]}))


@pytest.mark.skipif(K.COMPLAINT not in PORTAL_KINDS, reason="not offered")
class TestComplaints:
    def test_a_complaint_names_the_request_it_is_about(self, visitor, hurry):
        about = submit()
        case = send(visitor, kind="complaint", about=about.reference.lower().replace("-", " "))
        assert case.particulars == {"about_reference": about.reference}
        assert case.about_case_id == about.pk

    def test_a_reference_that_can_be_none_is_explained(self, visitor):
        ask(visitor, kind="complaint", until="about")
        assert '<a href="#id_about">Check the reference' in text_of(
            visitor.post(path_of("about"), {"about": "PR-1234-5678"})
        )

    def test_the_page_of_a_request_leads_to_a_complaint_about_it(self, visitor, hurry):
        case = submit()
        SubjectRequest.objects.update(state="received")
        enter(visitor, case)
        assert "Complain about this request" in text_of(visitor.get("/requests/status/"))
        assert visitor.post("/requests/status/complain/").url == path_of("behalf")
        text = text_of(visitor.get(path_of("about")))
        assert f'value="{case.reference}"' in text
        assert AMA not in text_of(visitor.get(path_of("behalf")))

    def test_a_request_nobody_confirmed_and_a_complaint_lead_to_none(self, visitor):
        case = submit()
        enter(visitor, case)
        assert "Complain about this request" not in text_of(visitor.get("/requests/status/"))
        SubjectRequest.objects.update(state="received")
        assert "Complain about this request" in text_of(visitor.get("/requests/status/"))
        SubjectRequest.objects.update(state="received", kind="complaint")
        assert "Complain about this request" not in text_of(visitor.get("/requests/status/"))

    def test_it_cannot_be_begun_by_a_stranger_or_a_link(self, visitor):
        assert visitor.post("/requests/status/complain/").url == "/requests/track/"
        assert visitor.get("/requests/status/complain/").status_code == 405


def test_the_page_of_the_residence_says_when_our_answer_comes_and_the_form_where_documents_go(visitor, hurry):
    ask(visitor, kind="rectification", until="residence")
    by = clocks_at_receipt(kind="rectification", received_on=local_date(timezone.now())).due_on
    page = text_of(visitor.get(path_of("residence")))
    assert f"our answer comes by {by:%A} {by.day} {by:%B %Y} at the latest" in page
    ask(visitor, kind="rectification", until="changes")
    assert "You can send it on the page of your request" in text_of(visitor.get(path_of("changes")))
