"""A ground that must stay secret (PIPEDA s. 9(2.4)) reaches nobody but officers, by whatever way."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.law.catalogue import ground
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from privacy.register.selectors import local_date
from privacy.subjects.models import LinkPurpose
from requests import services
from requests.addresses import new_address
from requests.deciding.found import found_lines
from requests.deciding.given import LineDecision
from requests.deciding.letters import partly_granted
from requests.errors import DecisionInvalid, GroundInvalid
from requests.selectors import public_status, public_steps
from tests.requests.conftest import letter_kinds, letter_of, planned_case, run_jobs
from tests.requests.deciding import SECRET, said, to_decide, under
from tests.requests.test_access_package import downloaded
from tests.requests.test_partial_packages import columns_in, words_in

REASON = "The ministry of silence has written to us."
OFFER = "We can meet in a quiet place."
KNOWN = ground(SECRET)
GIVEAWAYS = (SECRET, KNOWN.section, "9(2.4)", KNOWN.words, "government institution", REASON, OFFER, "objected")
LAW_NOTE = "The law can forbid us to give out some information, or to say whether we have it."


def secretly(line, verdict: str = "refuse") -> LineDecision:
    since = local_date(timezone.now()) - timedelta(days=40)
    return said(line, verdict, ground=SECRET, reasons=REASON, own_alternative=OFFER, waited_from=since)


def gives_away(text: str) -> list[str]:
    return [words for words in GIVEAWAYS if words in text]


def letters_to(case) -> str:
    return "\n".join(f"{each.heading}\n{each.body}" for each in Letter.objects.filter(case_id=case.pk))


def seen_by_the_person(case) -> str:
    """Every page of the portal that a person with a link sees."""
    client = Client(headers={"host": "alpha.localhost"})
    address = new_address(purpose=LinkPurpose.TRACK, case=case)
    path = "/" + address.split("/", 3)[3]
    pages = [client.get(path), client.post(path, follow=True)]
    pages += [client.get("/requests/status/"), client.get("/requests/download/")]
    return "\n".join(each.content.decode() for each in pages)


@pytest.fixture
def answered(offixpro, officer):
    """Ama's access of which one category is secretly refused, with its package made."""
    under("CA-FED")
    case = planned_case(officer, kind="access", email=AMA_MENSAH.email)
    lines = [secretly(line) if line.category == "technical" else said(line, "grant") for line in found_lines(case)]
    services.decide_case(case=case, officer=officer, plan_hash=case.plan_hash, decisions=lines)
    run_jobs("requests.build_package")
    case.refresh_from_db()
    return case


def test_neither_letters_nor_pages_nor_the_file_tell_of_it_and_the_officers_page_does(answered, officer_client):
    refused = {
        (table.label, column)
        for line in found_lines(answered)
        if line.category == "technical"
        for table in line.tables
        for column, _label in table.columns
    }
    assert refused
    assert (answered.state, answered.outcome, letter_kinds(answered)[-1]) == ("completed", "granted", "package_ready")
    with downloaded(answered) as archive:
        everything, columns = words_in(archive), columns_in(archive)
        page = archive.read("index.html").decode()
    assert columns & refused == set()
    assert gives_away(everything) == []
    assert gives_away(letters_to(answered)) == []
    shown = seen_by_the_person(answered)
    assert (answered.reference in shown, gives_away(shown)) == (True, [])
    steps = " ".join(str(each.words) for each in public_steps(answered)) + public_status(answered)
    assert ("We decided to do what you asked." in steps, gives_away(steps)) == (True, [])
    assert (LAW_NOTE in page, LAW_NOTE in letter_of(answered, "package_ready").body) == (True, True)
    officers = officer_client.get(
        f"/officer/requests/subjectrequest/{answered.pk}/change/", follow=True
    ).content.decode()
    assert {words for words in GIVEAWAYS if words in officers} == set(GIVEAWAYS)
    assert "must not be told" in officers


def test_an_answer_in_which_nothing_was_refused_says_the_same_of_the_law(offixpro, officer, answered):
    plain = planned_case(officer, kind="access", email=AMA_MENSAH.email)
    services.grant(case=plain, officer=officer, plan_hash=plain.plan_hash)
    run_jobs("requests.build_package")
    plain.refresh_from_db()

    def without_particulars(case) -> str:
        body = letter_of(case, "package_ready").body
        return " ".join(word for word in body.split() if not any(each.isdigit() for each in word))

    assert without_particulars(plain) == without_particulars(answered)
    assert [each.words for each in public_steps(plain)] == [each.words for each in public_steps(answered)]
    assert (plain.outcome, plain.refusal_ground) == (answered.outcome, answered.refusal_ground)


def test_beside_a_refusal_that_may_be_told_a_secret_one_has_no_line(officer):
    under("CA-FED")
    case = to_decide("identity", "contact", "technical")
    identity, contact, technical = found_lines(case)
    told = said(contact, "refuse", ground="CA-FED.privilege", reasons="Our lawyers wrote it.")
    lines = [said(identity, "grant"), told, secretly(technical)]
    case = services.decide_case(case=case, officer=officer, plan_hash=case.plan_hash, decisions=lines)
    words = json.dumps(partly_granted(case, list(case.decisions.all())))
    assert (case.outcome, gives_away(words), "Usage and technical" in words) == ("partial", [], False)
    assert ("Our lawyers wrote it." in words, "s. 9(3)(a)" in words) == (True, True)


def test_all_refused_and_some_of_it_secretly_is_told_by_the_other_grounds_alone(officer):
    under("CA-FED")
    case = to_decide("contact", "technical")
    contact, technical = found_lines(case)
    told = said(contact, "refuse", ground="CA-FED.privilege", reasons="Our lawyers wrote it.")
    case = services.decide_case(
        case=case, officer=officer, plan_hash=case.plan_hash, decisions=[secretly(technical), told]
    )
    assert (case.state, case.refusal_ground) == ("refused", "CA-FED.privilege")
    assert gives_away(letters_to(case) + case.refusal_text) == []
    assert "Our lawyers wrote it." in letters_to(case)


def test_everything_refused_in_secret_is_answered_like_any_other(officer):
    under("CA-FED")
    case = to_decide("contact", "technical")
    lines = [secretly(line) for line in found_lines(case)]
    case = services.decide_case(case=case, officer=officer, plan_hash=case.plan_hash, decisions=lines)
    assert (case.state, case.outcome, case.refusal_ground) == ("executing", "granted", "")
    assert gives_away(letters_to(case)) == []
    assert LedgerEntry.objects.get(action="subject_request.granted", object_id=str(case.pk)).data["grounds"] == [SECRET]


def test_a_secret_ground_cannot_refuse_a_case_as_a_whole(officer):
    under("CA-FED")
    case = to_decide("contact")
    since = local_date(timezone.now()) - timedelta(days=40)
    with pytest.raises(GroundInvalid):
        services.refuse(case=case, officer=officer, ground=SECRET, text=REASON, waited_from=since)
    services.refuse(
        case=case, officer=officer, ground="CA-FED.privilege", text="Our lawyers wrote it.", own_alternative="Call us."
    )


def test_what_is_secret_must_not_be_asked_for_where_the_answer_would_show_it(officer, monkeypatch):
    under("CA-FED")
    case = to_decide("contact", kind="erasure")
    (line,) = found_lines(case)
    monkeypatch.setattr("requests.deciding.checking.grounds_of", lambda _case: [KNOWN])
    with pytest.raises(DecisionInvalid, match="this kind of request cannot hide it"):
        services.decide_case(case=case, officer=officer, plan_hash=case.plan_hash, decisions=[secretly(line)])
