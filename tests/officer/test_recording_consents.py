"""Officers record what people decided on the phone, on paper, or through somebody else."""

import hashlib
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from consent.documents import drop_what_never_counted, folder, scan_document, store_document
from consent.models import ConsentDocument, ConsentRecord, CurrentConsent, Evidence
from consent.receipts import facts_of, receipt, words
from consent.services import publish_wording, record_consent
from privacy.documents.errors import ScannerAway
from privacy.jobs.models import Job
from privacy.ledger.actors import SYSTEM, Actor, ActorKind
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from privacy.register.models import Notice, Purpose
from privacy.register.selectors import local_date, local_midnight
from privacy.subjects.fields import encrypted
from privacy.subjects.models import Subject
from privacy.subjects.services import find_or_add_subject
from privacy.tenants.context import owner_context
from tests.clamd import EICAR, over_tcp
from tests.consent.conftest import ORAL, WORDS, make_register
from tests.documents import text_document

LIST = "/officer/consent/consentrecord/"
ADD = f"{LIST}add/"
AMA = "ama.mensah@example.com"


@pytest.fixture
def purposes(alpha):
    return make_register()


@pytest.fixture(autouse=True)
def _clean_folder(alpha, settings):
    settings.CLAMD_ADDRESS = None
    yield
    for path in folder().iterdir():
        path.unlink()


def text(response) -> str:
    return response.content.decode()


def typed(purposes, **fields):
    words = purposes["newsletter"].wordings.order_by("version").first()
    return {"email": AMA, "name": "Ama Mensah", "wording": words.pk, "decision": "given"} | fields


def paper(content=None, name="signed.pdf"):
    return SimpleUploadedFile(name, content or text_document())


def test_a_call_is_recorded_with_what_shows_it_and_the_person_gets_a_receipt(officer_client, officer, purposes):
    page = text(officer_client.get(f"{ADD}?method=oral"))
    assert officer.full_name in page
    assert "Yes, send me the monthly newsletter by e-mail." in page
    response = officer_client.post(f"{ADD}?method=oral", typed(purposes, **ORAL))
    assert (response.status_code, response["Location"]) == (302, LIST)
    record = ConsentRecord.objects.get()
    assert (record.method, record.decision, record.actor_kind, record.actor_id) == (
        "oral", "given", "officer", str(officer.pk),
    )  # fmt: skip
    assert record.evidence.content == ORAL
    assert local_date(record.occurred_at).isoformat() == ORAL["spoken_on"]
    assert (record.subject.name, CurrentConsent.objects.get().record) == ("Ama Mensah", record)
    assert [(letter.kind, letter.address) for letter in Letter.objects.all()] == [("consent_receipt", AMA)]
    assert LedgerEntry.objects.filter(action="consent.given", object_id=str(record.pk)).count() == 1


@pytest.mark.parametrize("said", ["refused", "withdrawn"])
def test_a_no_is_recorded_without_words_that_were_altered(officer_client, purposes, alpha, said):
    assert officer_client.post(f"{ADD}?method=oral", typed(purposes, **ORAL)).status_code == 302
    with owner_context(alpha), connection.cursor() as cursor:
        cursor.execute("UPDATE consent_wording SET text = 'Other words.'")
    again = officer_client.post(f"{ADD}?method=oral", typed(purposes, **ORAL))
    assert (again.status_code, "The published words of this purpose were altered" in text(again)) == (200, True)
    assert officer_client.post(f"{ADD}?method=oral", typed(purposes, **ORAL, decision=said)).status_code == 302
    record = CurrentConsent.objects.get().record
    assert (record.decision, record.wording, record.notice) == (said, None, None)


@pytest.mark.parametrize(
    ("method", "names"),
    [
        ("oral", ["script_version", "officer", "call_reference", "spoken_on"]),
        ("written", ["document"]),
        ("representative", ["representative", "authority", "valid_until"]),
        ("implied", ["act"]),
        ("opt_out", ["notice_sent_on", "period_days"]),
    ],
)
def test_what_lacks_is_named_at_its_field_and_nothing_is_recorded(officer_client, purposes, method, names):
    response = officer_client.post(f"{ADD}?method={method}", typed(purposes))
    assert response.status_code == 200
    assert sorted(response.context["form"].errors) == sorted(names)
    assert (ConsentRecord.objects.count(), Subject.objects.count(), Letter.objects.count()) == (0, 0, 0)
    for decision in ("refused", "withdrawn"):
        assert officer_client.post(f"{ADD}?method={method}", typed(purposes, decision=decision)).status_code == 302
    assert ConsentRecord.objects.count() == 2


def test_refusals_of_the_service_stand_at_their_field(officer_client, purposes):
    Purpose.objects.update(minimum_age=16)
    ended = {"representative": "Esi", "authority": "Letter", "valid_until": "2020-01-01", "is_of_age": "on"}
    for more, field in (
        (typed(purposes, birth_date="2020-01-01", **ORAL), "birth_date"),
        (typed(purposes, **ended), "valid_until"),
    ):
        method = "oral" if field == "birth_date" else "representative"
        response = officer_client.post(f"{ADD}?method={method}", more)
        assert list(response.context["form"].errors) == [field]
    in_two_days = (timezone.now() + timedelta(days=2)).date().isoformat()
    later = typed(purposes, act="Bought a bag", is_of_age="on", decided_on=in_two_days)
    assert list(officer_client.post(f"{ADD}?method=implied", later).context["form"].errors) == ["decided_on"]
    assert (ConsentRecord.objects.count(), Subject.objects.count()) == (0, 0)


def test_the_form_says_at_the_words_why_silence_is_no_consent_to_them(officer_client, purposes):
    Purpose.objects.update(no_withdrawal_reason="Act 773")
    sent = typed(purposes, act="Bought a bag")
    response = officer_client.post(f"{ADD}?method=implied", sent)
    words = "A consent to this cannot be withdrawn: silence does not bind anybody. Ask people."
    assert response.context["form"].errors == {"wording": [words]}
    assert (ConsentRecord.objects.count(), Subject.objects.count()) == (0, 0)
    Purpose.objects.update(no_withdrawal_reason="")
    assert officer_client.post(f"{ADD}?method=implied", sent).status_code == 302


def test_who_was_silent_agreed_the_day_after_the_period(officer_client, purposes):
    Purpose.objects.update(valid_days=999)
    sent = typed(purposes, notice_sent_on="2026-01-05", period_days="30")
    early = officer_client.post(f"{ADD}?method=opt_out", sent | {"decided_on": "2026-01-20"})
    words = "The person could object until 2026-02-04, and agreed by silence only after that. Leave this out."
    assert early.context["form"].errors == {"decided_on": [words]}
    assert officer_client.post(f"{ADD}?method=opt_out", sent).status_code == 302
    record = ConsentRecord.objects.get()
    assert record.occurred_at == local_midnight(date(2026, 2, 5))
    assert record.expires_at == record.occurred_at + timedelta(days=999)
    said_no = typed(purposes, decision="refused", decided_on="2026-01-20")
    assert officer_client.post(f"{ADD}?method=opt_out", said_no).status_code == 302
    again = officer_client.post(f"{ADD}?method=opt_out", sent)
    assert list(again.context["form"].errors) == ["notice_sent_on"]


@pytest.mark.parametrize("change", [{"is_prohibited": True}, {"lawful_basis": "contract"}])
@pytest.mark.parametrize("decision", ["withdrawn", "refused"])
def test_a_no_is_entered_of_whoever_agreed_to_what_nobody_can_agree_to_any_more(
    officer_client, purposes, change, decision
):
    officer_client.post(f"{ADD}?method=oral", typed(purposes, **ORAL))
    Purpose.objects.update(**change)
    page = text(officer_client.get(f"{ADD}?method=oral"))
    assert ("Newsletter (only to say no), en" in page, "Surveys" in page) == (True, False)
    again = officer_client.post(f"{ADD}?method=oral", typed(purposes, **ORAL))
    assert list(again.context["form"].errors) == ["wording"]
    assert officer_client.post(f"{ADD}?method=oral", typed(purposes, decision=decision)).status_code == 302
    assert CurrentConsent.objects.get().decision == decision


def test_a_guardian_agrees_in_the_words_of_the_day_on_which_they_signed(officer_client, purposes):
    Purpose.objects.update(minimum_age=16)
    publish_wording(purpose=purposes["newsletter"], language="en", text="Newer words.", actor=SYSTEM)
    until = (timezone.now() + timedelta(days=9)).date().isoformat()
    more = {"representative": "Esi", "authority": "Birth certificate", "valid_until": until, "is_guardian": "on"}
    officer_client.post(f"{ADD}?method=representative", typed(purposes, decided_on="2026-02-03", **more))
    record = ConsentRecord.objects.get()
    assert (record.wording.version, local_date(record.occurred_at).isoformat()) == (1, "2026-02-03")
    assert record.occurred_at == local_midnight(local_date(record.occurred_at))
    assert record.evidence.content["age"] == {"minimum": 16, "known_by": "guardian"}


def test_a_representative_had_the_authority_on_the_day_on_which_they_decided(officer_client, purposes):
    sent = typed(purposes, representative="Esi", authority="Mandate", valid_until="2026-02-03")
    page = f"{ADD}?method=representative"
    late = officer_client.post(page, sent | {"decided_on": "2026-02-04"})
    assert late.context["form"].errors == {"valid_until": [ENDED]}
    assert not ConsentRecord.objects.exists()
    assert officer_client.post(page, sent | {"decided_on": "2026-02-03"}).status_code == 302


def test_a_paper_is_closed_until_the_scanner_found_it_clean(officer_client, purposes, settings):
    with over_tcp() as clamd:
        settings.CLAMD_ADDRESS = clamd.address
        assert officer_client.post(f"{ADD}?method=written", typed(purposes, document=paper())).status_code == 302
        record, document = ConsentRecord.objects.get(), ConsentDocument.objects.get()
        content = record.evidence.content
        assert content == {"document_sha256": document.digest, "kept_at": f"privacy-desk:{document.pk}"}
        assert document.evidence == record.evidence
        assert Job.objects.get(kind="consent.scan_document").slot == str(document.pk)
        page = f"{LIST}{record.pk}/document/"
        assert officer_client.get(page)["Location"] == f"{LIST}{record.pk}/change/"
        clamd.hangs, settings.CLAMD_ADDRESS = False, ("127.0.0.1", 1)
        with pytest.raises(ScannerAway):
            scan_document(document_id=str(document.pk))
        settings.CLAMD_ADDRESS = clamd.address
        scan_document(document_id=str(document.pk))
        answer = officer_client.get(page)
        body = b"".join(answer.streaming_content)
        assert (hashlib.sha256(body).hexdigest(), "no-store" in answer["Cache-Control"]) == (document.digest, True)
        assert LedgerEntry.objects.filter(action="consent.document_opened").count() == 1
        assert "signed.pdf" in text(officer_client.get(f"{LIST}{record.pk}/change/"))


def test_malware_is_deleted_and_its_hash_stays_in_the_record(
    officer_client, purposes, settings, django_capture_on_commit_callbacks
):
    with over_tcp() as clamd:
        settings.CLAMD_ADDRESS = clamd.address
        bad = paper(b"%PDF-1.7\n" + EICAR)
        officer_client.post(f"{ADD}?method=written", typed(purposes, document=bad))
        document = ConsentDocument.objects.get()
        with django_capture_on_commit_callbacks(execute=True):
            scan_document(document_id=str(document.pk))
    document.refresh_from_db()
    assert (document.scan, list(folder().iterdir())) == ("infected", [])
    assert ConsentRecord.objects.get().evidence.content["document_sha256"] == document.digest
    answer = officer_client.get(f"{LIST}{ConsentRecord.objects.get().pk}/document/", follow=True)
    assert "Malware was found in this file" in text(answer)


def test_a_paper_of_a_consent_that_does_not_stand_leaves_no_file(officer_client, purposes):
    Purpose.objects.update(minimum_age=16)
    young, grown = {"birth_date": "2020-01-01"}, {"is_of_age": "on"}
    response = officer_client.post(f"{ADD}?method=written", typed(purposes, document=paper(), **young))
    assert list(response.context["form"].errors) == ["birth_date"]
    wrong = officer_client.post(f"{ADD}?method=written", typed(purposes, document=paper(b"MZ", "virus.pdf"), **grown))
    assert list(wrong.context["form"].errors) == ["document"]
    assert (ConsentDocument.objects.count(), list(folder().iterdir())) == (0, [])


def test_a_paper_that_nobody_recorded_is_dropped_after_an_hour(alpha):
    young, old = store_document(paper()), store_document(paper())
    ConsentDocument.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(hours=2))
    drop_what_never_counted()
    assert list(ConsentDocument.objects.all()) == [young]
    assert [path.name for path in folder().iterdir()] == [f"{young.pk}.sealed"]


LONG_AGO = "Nobody was asked for consent that long ago. Check the year: it is 1970 or later."
DIGITS = "Write the year with all its digits, 1900 to 2199."
PART = "Fill this in: it is part of what shows the consent."
TO_COME = "This day is yet to come. Write the day on which it was."


AGE = (
    "Consent to this purpose can be given from the age of 16. Give the date of birth, or tick below that the person "
    "says they are old enough."
)
ENDED = (
    "The authority of the representative had ended on the day of the decision. Ask for a new one, or ask the person "
    "themselves."
)
ODD = "Take out the character that cannot be shown, or type it anew."
BAD = {
    "email": ("ama", "Write an e-mail address like name@example.com."),
    "wording": ("999", "Choose the words. New ones are published under Consent wordings."),
    "decision": ("maybe", "Choose one of the list."),
    "script_version": ("S" * 61, "This is too long: write 60 characters at most; it has 61."),
    "spoken_on": ("5.1.", "Write the day like 2026-11-22."),
}


@pytest.mark.parametrize(
    ("method", "wrong"),
    [
        ("oral", BAD),
        ("oral", {"officer": (" ", PART), "spoken_on": ("0001-01-01", DIGITS), "birth_date": ("0026-01-01", DIGITS)}),
        ("oral", {"spoken_on": ("2199-01-01", TO_COME), "decision": ("refused", "")}),
        ("oral", {"birth_date": ("", AGE)}),
        ("oral", {"spoken_on": ("1900-01-05", LONG_AGO)}),
        ("implied", {"act": ("a\x00b", ODD), "decided_on": ("9999-12-31", DIGITS)}),
        (
            "opt_out",
            {
                "period_days": ("0", "Write a whole number that is 1 or more."),
                "notice_sent_on": ("2199-01-01", TO_COME),
            },
        ),
        ("representative", {"valid_until": ("2020-01-01", ENDED), "is_guardian": ("True", "")}),
    ],
)
def test_what_is_wrong_is_said_at_its_field_in_plain_words_with_all_that_was_typed_still_there(
    officer_client, purposes, method, wrong
):
    Purpose.objects.update(minimum_age=16)
    right = {
        "oral": ORAL,
        "implied": {"act": "Bought a bag"},
        "opt_out": {"notice_sent_on": "2026-01-05", "period_days": "30"},
        "representative": {"representative": "Esi", "authority": "Letter"},
    }[method]
    sent = typed(purposes, birth_date="2000-01-01", **right) | {name: value for name, (value, _said) in wrong.items()}
    form = officer_client.post(f"{ADD}?method={method}", sent).context["form"]
    assert dict(form.errors) == {name: [said] for name, (_value, said) in wrong.items() if said}
    assert {name: str(form[name].value() or "") for name in sent} == {name: str(value) for name, value in sent.items()}
    assert not ConsentRecord.objects.exists()


def test_a_file_that_is_not_what_its_name_says_is_told_so_and_a_page_that_comes_back_asks_for_it_again(
    officer_client, purposes
):
    assert "Choose the file again" not in text(officer_client.get(f"{ADD}?method=written"))
    false = officer_client.post(f"{ADD}?method=written", typed(purposes, document=paper(b"MZ", "signed.pdf")))
    words = "The name of this file ends in .pdf, but its content is of another kind. Use one of: pdf, jpg, jpeg, png."
    assert false.context["form"].errors == {"document": [words]}
    other = officer_client.post(f"{ADD}?method=written", typed(purposes, email="", document=paper()))
    assert (list(other.context["form"].errors), "Choose the file again" in text(other)) == (["email"], True)


def page_shown(client, method="oral") -> dict[str, str]:
    return {"page": re.findall(r'name="page" value="([0-9a-f-]{36})"', text(client.get(f"{ADD}?method={method}")))[0]}


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (ConsentRecord, Letter, ConsentDocument, Evidence))


def test_a_page_that_is_sent_twice_records_once_and_says_so(officer_client, purposes):
    sent = typed(purposes, **ORAL) | page_shown(officer_client)
    for said in ("It is recorded, and the person gets a receipt", "You had sent this page already. It is recorded"):
        answer = officer_client.post(f"{ADD}?method=oral", sent, follow=True)
        assert (answer.redirect_chain, said in text(answer)) == ([(LIST, 302)], True)
        assert counts() == (1, 1, 0, 1)
    officer_client.post(f"{ADD}?method=oral", sent | page_shown(officer_client))
    assert counts() == (2, 2, 0, 2)


def test_a_paper_that_is_sent_twice_is_kept_once_and_another_paper_is_no_second_press(officer_client, purposes):
    sent, signed = typed(purposes) | page_shown(officer_client, "written"), text_document()
    for _time in range(2):
        answer = officer_client.post(f"{ADD}?method=written", sent | {"document": paper(signed)})
        assert answer.status_code == 302
        assert (counts(), len(list(folder().iterdir()))) == ((1, 1, 1, 1), 1)
    other = officer_client.post(f"{ADD}?method=written", sent | {"document": paper(text_document(2))})
    assert "You have sent this page before, with other words" in text(other)
    assert (counts(), len(list(folder().iterdir()))) == ((1, 1, 1, 1), 1)


@pytest.mark.parametrize("changed", [{"name": "Ama M."}, {"email": "no address"}])
def test_other_words_on_a_page_that_was_sent_are_shown_again_under_a_new_number(officer_client, purposes, changed):
    sent = typed(purposes, **ORAL) | page_shown(officer_client)
    officer_client.post(f"{ADD}?method=oral", sent)
    again = officer_client.post(f"{ADD}?method=oral", sent | changed)
    assert "You have sent this page before, with other words" in text(again)
    assert [f'value="{value}"' in text(again) for value in (*changed.values(), sent["page"])] == [True, False]
    assert counts() == (1, 1, 0, 1)


def test_a_page_that_was_refused_keeps_its_number_and_records_once_it_is_right(officer_client, purposes):
    sent = typed(purposes, **ORAL) | page_shown(officer_client)
    refused = officer_client.post(f"{ADD}?method=oral", sent | {"spoken_on": ""})
    assert (list(refused.context["form"].errors), sent["page"] in text(refused)) == (["spoken_on"], True)
    assert officer_client.post(f"{ADD}?method=oral", sent).status_code == 302
    assert counts() == (1, 1, 0, 1)


def test_who_may_only_look_records_nothing_and_a_known_person_stays_one(
    officer_client, sign_in, auditor, handler, purposes
):
    for client in (sign_in(auditor), sign_in(handler)):
        assert client.get(ADD).status_code == 403
        assert client.post(f"{ADD}?method=implied", typed(purposes, act="Bought a bag")).status_code == 403
    assert not ConsentRecord.objects.exists()
    known = find_or_add_subject(kind="email", value=AMA)
    officer_client.post(f"{ADD}?method=implied", typed(purposes, act="Bought a bag", email="AMA.Mensah@example.com"))
    assert ConsentRecord.objects.get().subject == known


def test_a_paper_or_call_from_before_a_withdrawal_is_refused_at_its_day_and_takes_nothing_back(
    officer_client, purposes
):
    officer_client.post(f"{ADD}?method=written", typed(purposes, decision="withdrawn"))
    for method, field, more in (
        ("written", "decided_on", {"decided_on": "2026-02-03", "document": paper()}),
        ("oral", "spoken_on", ORAL),
    ):
        response = officer_client.post(f"{ADD}?method={method}", typed(purposes, **more))
        assert list(response.context["form"].errors) == [field]
    assert CurrentConsent.objects.get().decision == "withdrawn"
    assert ConsentDocument.objects.count() == 0
    officer_client.post(f"{ADD}?method=written", typed(purposes, document=paper()))
    assert CurrentConsent.objects.get().decision == "given"


@pytest.mark.parametrize(("method", "day"), [("written", "decided_on"), ("oral", "spoken_on")])
def test_an_older_day_names_the_notice_of_that_day_and_a_consent_lasts_from_it(officer_client, purposes, method, day):
    Purpose.objects.update(valid_days=3650)
    for version, year in (("2023", 2023), ("2025", 2025)):
        Notice.objects.create(
            version=version, title="Notice", body="x", published_at=datetime(year, 6, 1, 12, tzinfo=UTC)
        )
    notices = []
    for number, told in enumerate(["2022-05-01", "2024-05-01", "2025-08-01", local_date(timezone.now()).isoformat()]):
        fields = {"email": f"p{number}@example.com", "document": paper()} | (ORAL if method == "oral" else {})
        assert (
            officer_client.post(f"{ADD}?method={method}", typed(purposes, **(fields | {day: told}))).status_code == 302
        )
        record = ConsentRecord.objects.latest("recorded_at")
        assert local_date(record.expires_at - timedelta(days=3650)).isoformat() == told
        notices.append(record.notice.version if record.notice else None)
    assert notices == [None, "2023", "2025", "2026-01"]


def test_a_paper_that_is_older_than_a_consent_lasts_is_no_consent_any_more(officer_client, purposes):
    Purpose.objects.update(valid_days=30)
    officer_client.post(f"{ADD}?method=written", typed(purposes, decided_on="2026-02-03", document=paper()))
    current, record = CurrentConsent.objects.get(), ConsentRecord.objects.get()
    assert current.standing(timezone.now()) == "expired"
    assert receipt(record).fields["record"]["events"][0]["validity_duration"] == "P0D"
    lines = {line.label: line.words for line in words.decision_lines(facts_of(record))}
    assert ("3 February 2026" in lines["Decided on"], "5 March 2026" in lines["Holds"]) == (True, True)


def test_who_is_told_of_a_consent_that_was_over_reads_that_it_is_and_since_when(officer_client, purposes):
    Purpose.objects.update(valid_days=30)
    page, sent = f"{ADD}?method=written", typed(purposes, decided_on="2026-02-03", document=paper())
    assert "ended on 5 March 2026 already" in text(officer_client.post(page, sent, follow=True))
    record, letter = ConsentRecord.objects.get(), Letter.objects.get()
    assert letter.heading == "A consent of yours that is over: Newsletter"
    assert "It ended by itself on 5 March 2026, before we recorded it" in letter.body
    assert ("withdraw it at any time" in letter.body, letter.unsubscribe_from) == (False, "")
    lines = {line.label: line.words for line in words.decision_lines(facts_of(record))}
    assert lines["Holds"] == "no longer: it had ended on 5 March 2026, before it was recorded"
    assert "If you withdraw" not in lines
    fields = receipt(record).fields
    given, ended = fields["record"]["events"]
    assert (given["event_state"], ended["event_state"]) == ("given", "expired")
    assert ended["event_time"] == f"{record.expires_at:%Y-%m-%dT%H:%M:%S.%fZ}"
    assert "consentReceiptID" not in fields
    lasting = typed(purposes, decided_on=local_date(timezone.now()).isoformat(), document=paper())
    assert "ended on" not in text(officer_client.post(page, lasting, follow=True))
    held = Letter.objects.latest("created_at")
    assert (held.heading, held.unsubscribe_from) == ("You gave your consent: Newsletter", "newsletter")


def _page_of(client, record):
    return text(client.get(f"{LIST}{record.pk}/change/"))


def test_officers_read_the_evidence_of_a_call_and_who_recorded_it(officer_client, officer, purposes):
    officer_client.post(f"{ADD}?method=oral", typed(purposes, **ORAL))
    page = _page_of(officer_client, ConsentRecord.objects.get())
    for title, value in (
        ("Version of the script that was read", "S-3"), ("Who heard it", "Kofi Addo"),
        ("Reference of the call", "C-77"), ("Day of the call", "5 Jan 2026"),
    ):  # fmt: skip
        assert f"<dt>{title}</dt><dd>{value}</dd>" in page
    assert str(officer) in page


def test_evidence_is_shown_as_it_was_sent(officer_client, purposes):
    subject = find_or_add_subject(kind="email", value=AMA)
    stated = {"act": "<b>Bought</b> a_bag", "web_form": "a_b_c", "more": {"is": True}}
    record = record_consent(
        subject=subject, purpose=purposes["newsletter"], decision="given", method="implied", evidence=stated,
        actor=Actor(ActorKind.API_KEY, "shop"),
    )  # fmt: skip
    page = _page_of(officer_client, record)
    for title, value in (
        ("What the person did", "&lt;b&gt;Bought&lt;/b&gt; a_bag"), ("Web_form", "a_b_c"),
        ("More", "{&quot;is&quot;: true}"),
    ):  # fmt: skip
        assert f"<dt>{title}</dt><dd>{value}</dd>" in page


def test_evidence_that_went_or_was_altered_is_said_to_be_so(officer_client, purposes, alpha):
    officer_client.post(f"{ADD}?method=oral", typed(purposes, **ORAL))
    record = ConsentRecord.objects.get()
    other = encrypted(Evidence, "content", ORAL | {"officer": "Somebody else"})
    for content in (other, b"nothing"):
        with owner_context(alpha), connection.cursor() as cursor:
            cursor.execute("UPDATE consent_evidence SET content = %s", [content])
        page = _page_of(officer_client, record)
        assert ("It was altered since" in page, "Somebody else" in page) == (True, False)
        assert officer_client.get(LIST).status_code == 200
    Evidence.objects.defer("content").get().delete()
    assert "It is not kept any more" in _page_of(officer_client, record)


def test_words_that_were_altered_are_not_shown_as_those_that_were_agreed_to(officer_client, purposes, alpha):
    officer_client.post(f"{ADD}?method=oral", typed(purposes, **ORAL))
    record = ConsentRecord.objects.get()
    assert WORDS in _page_of(officer_client, record)
    with owner_context(alpha), connection.cursor() as cursor:
        cursor.execute("UPDATE consent_wording SET text = 'Other words.'")
    page = _page_of(officer_client, record)
    assert ("It was altered since" in page, "Other words." in page) == (True, False)


@pytest.mark.parametrize(("method", "day"), [("oral", "spoken_on"), ("written", "decided_on")])
@pytest.mark.parametrize("no", ["refused", "withdrawn"])
def test_who_said_no_in_the_morning_agrees_in_the_afternoon_by_an_officer(officer_client, purposes, method, day, no):
    def told_on(days_ago):
        on = (local_date(timezone.now()) - timedelta(days=days_ago)).isoformat()
        how = ORAL if method == "oral" else {"document": paper()}
        return typed(purposes, **(how | {day: on}))

    officer_client.post(f"{ADD}?method={method}", typed(purposes, decision=no))
    assert CurrentConsent.objects.get().decision == no
    refused = officer_client.post(f"{ADD}?method={method}", told_on(1)).context["form"]
    assert list(refused.errors) == [day]
    assert "today counts as now" in refused.errors[day][0]
    assert "leave the time out" not in refused.errors[day][0]
    assert officer_client.post(f"{ADD}?method={method}", told_on(0)).status_code == 302
    record = ConsentRecord.objects.latest("recorded_at")
    assert (CurrentConsent.objects.get().record, record.decision, record.occurred_at) == (record, "given", None)


@pytest.mark.parametrize(("method", "day"), [("oral", "spoken_on"), ("representative", "decided_on")])
def test_who_said_no_and_then_yes_on_one_day_is_entered_the_next_day_with_the_time(
    officer_client, purposes, method, day
):
    yesterday = local_date(timezone.now()) - timedelta(days=1)
    no = local_midnight(yesterday) + timedelta(hours=9)
    subject = find_or_add_subject(kind="email", value=AMA)
    record_consent(
        subject=subject, purpose=purposes["newsletter"], decision="refused", method="electronic", occurred_at=no,
        actor=SYSTEM,
    )  # fmt: skip
    proof = ORAL if method == "oral" else {"representative": "Esi", "authority": "Letter", "valid_until": "2030-01-01"}
    sent = typed(purposes, **proof | {day: yesterday.isoformat()})
    for time, wrong in (("", day), ("08:59", day), ("25:00", "decided_at")):
        response = officer_client.post(f"{ADD}?method={method}", sent | {"decided_at": time})
        assert list(response.context["form"].errors) == [wrong]
        assert ("write the time too" in text(response)) == (wrong == day)
    assert officer_client.post(f"{ADD}?method={method}", sent | {"decided_at": "15:30"}).status_code == 302
    record = CurrentConsent.objects.get().record
    assert (record.decision, record.occurred_at) == ("given", no + timedelta(hours=6, minutes=30))


def test_a_time_is_of_a_day_and_of_one_that_was(officer_client, purposes):
    sent = typed(purposes, act="Bought a bag", decided_at="23:59")
    today = local_date(timezone.now())
    for more, wrong in (({}, "decided_on"), ({"decided_on": today.isoformat()}, "decided_at")):
        response = officer_client.post(f"{ADD}?method=implied", sent | more)
        assert list(response.context["form"].errors) == [wrong]
    yesterday = (today - timedelta(days=1)).isoformat()
    assert officer_client.post(f"{ADD}?method=implied", sent | {"decided_on": yesterday}).status_code == 302


@pytest.mark.parametrize("said", ["refused", "withdrawn"])
def test_a_no_to_what_nobody_was_shown_is_recorded_without_words_and_a_yes_is_not(officer_client, purposes, said):
    purpose = purposes["newsletter"]
    assert officer_client.post(f"{ADD}?method=oral", typed(purposes, **ORAL)).status_code == 302
    french = typed(purposes, **ORAL | {"wording": "", "unshown": f"{purpose.pk} fr", "decision": said})
    french["spoken_on"] = local_date(timezone.now()).isoformat()
    both = french | {"wording": purpose.wordings.first().pk}
    for wrong, field in (
        (french | {"decision": "given"}, "wording"),
        (french | {"unshown": ""}, "wording"),
        (both, "unshown"),
        (french | {"unshown": "0 fr"}, "unshown"),
    ):
        response = officer_client.post(f"{ADD}?method=oral", wrong)
        assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert ConsentRecord.objects.count() == 1
    assert officer_client.post(f"{ADD}?method=oral", french).status_code == 302
    record = CurrentConsent.objects.get().record
    assert (record.decision, record.language, record.wording, record.notice) == (said, "fr", None, None)
    assert [each.language for each in Letter.objects.order_by("created_at")] == ["en", "fr"]
