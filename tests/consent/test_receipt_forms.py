"""The forms of a receipt, read by libraries that know nothing of ours."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from jwcrypto.jwk import JWKSet
from jwcrypto.jws import JWS
from pypdf import PdfReader
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, SKOS

from consent.receipts import Form, facts_of, receipt
from consent.receipts.kantara import NotAConsent
from consent.receipts.pdf import as_pdf
from consent.receipts.words import decision_lines
from consent.services import record_consent, withdraw
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.signing import published_keys
from privacy.letters.addresses import portal_url
from privacy.register.models import Notice, OrganisationProfile, Recipient
from tests.consent.conftest import WORDS

DPV = Namespace("https://w3id.org/dpv#")
LOC = Namespace("https://w3id.org/dpv/loc#")
BAR = "The registry must know it (Act 773, s. 24)."

of_the_reader = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")


def _agree(purposes, ama):
    return record_consent(
        subject=ama, purpose=purposes["newsletter"], decision="given", method="electronic", actor=SYSTEM
    )


@pytest.fixture
def record(purposes, ama):
    return _agree(purposes, ama)


def _verified(jws: str) -> dict:
    """What it says, by a library of other people's, with nothing but the published keys."""
    signed = JWS()
    signed.allowed_algs = ["Ed25519"]
    signed.deserialize(jws)
    signed.verify(JWKSet.from_json(json.dumps(published_keys())))
    return json.loads(signed.payload)


@pytest.mark.parametrize("form", Form)
def test_every_form_verifies_with_an_independent_jose_library(record, form):
    made = receipt(record, form=form)
    assert _verified(made.jws) == json.loads(json.dumps(made.fields))


def test_the_kantara_form_has_the_same_fields_as_the_plain_one_and_no_others(record):
    kantara, plain = (receipt(record, form=form).fields for form in (Form.KANTARA, Form.PLAIN))
    assert kantara == {name: plain[name] for name in kantara}
    assert plain.keys() - kantara.keys() == {"schema_version", "receipt_id", "issuer", "record"}


def _notices_named(record) -> set[str]:
    """Where each form of the receipt says the notice is."""
    kantara, plain, linked = (receipt(record, form=form).fields for form in (Form.KANTARA, Form.PLAIN, Form.LINKED))
    (processing,) = plain["record"]["pii_processing"]
    return {kantara["policyUrl"], processing["privacy_notice"]["url"], _urls(linked, "dpv:ConsentNotice")}


def _urls(fields, kind: str) -> str:
    """The address of the only node of a type, wherever it is."""
    found, waiting = [], [fields]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict) and each.get("@type") == kind:
            found.append(each["schema:url"])
        waiting += each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()
    (url,) = found
    return url


def test_a_receipt_leads_to_the_version_of_the_notice_that_was_in_force_and_to_the_present_one_without_any(
    purposes, ama
):
    Notice.objects.all().delete()
    before_any = _agree(purposes, ama)
    Notice.objects.create(version="2026 b/2", title="Notice", body="x", published_at=timezone.now())
    under_it = _agree(purposes, ama)
    Notice.objects.create(version="3", title="Newer", body="x", published_at=timezone.now())
    assert _notices_named(before_any) == {portal_url("/notice/")}
    assert _notices_named(under_it) == {portal_url("/notice/2026%20b/2/")}


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"address": "4 Ring Road", "officer_phone": "+233 30 1"}, ("4 Ring Road", "+233 30 1")),
        ({"address": "", "officer_phone": ""}, ("not stated; ask the Privacy Officer",) * 2),
    ],
)
def test_a_street_or_phone_that_the_organisation_has_not_stated_is_called_so(purposes, ama, stated, said):
    OrganisationProfile.objects.update(**stated)
    fields = receipt(_agree(purposes, ama)).fields
    (ours,) = fields["piiControllers"]
    assert (ours["address"]["streetAddress"], ours["phone"]) == said
    (party,) = fields["record"]["party_identification"]
    assert party["party_phone"] == said[1]


@pytest.mark.parametrize("decision", ["refused", "withdrawn", "expired"])
def test_what_is_no_consent_has_no_kantara_receipt_and_none_of_its_fields(record, decision):
    record.decision = decision
    with pytest.raises(NotAConsent):
        receipt(record, form=Form.KANTARA)
    fields = receipt(record).fields
    assert fields.keys() == {"schema_version", "receipt_id", "issuer", "record"}
    assert fields["record"]["events"][0]["event_state"] == decision


def _graph(record):
    graph = Graph()
    graph.parse(data=json.dumps(receipt(record, form=Form.LINKED).fields), format="json-ld")
    return graph


@of_the_reader
def test_linked_data_says_the_same_to_a_reader_that_asks_no_network(record, ama):
    graph, node = _graph(record), URIRef(f"urn:uuid:{record.pk}")
    (whole,) = graph.subjects(RDF.type, DPV.ConsentReceipt)
    assert list(graph.objects(whole, DPV.hasRecordOfActivity)) == [node]
    assert graph.value(node, RDF.type) == DPV.ConsentRecord
    assert graph.value(node, DCTERMS.conformsTo) == URIRef("https://w3id.org/dpv/schema/dpv-27560#record")
    assert graph.value(node, DPV.hasDataSubject) == URIRef(f"urn:uuid:{ama.pk}")
    assert graph.value(node, DPV.hasJurisdiction) == LOC.GH
    status = graph.value(node, DPV.hasConsentStatus)
    assert graph.value(status, RDF.type) == DPV.ConsentGiven
    assert graph.value(status, DPV.isIndicatedAtTime).toPython() == record.recorded_at
    process = graph.value(node, DPV.hasProcess)
    assert graph.value(process, DPV.hasLegalBasis) == DPV.ExpressedConsent
    assert graph.value(graph.value(process, DPV.hasRecipient), DPV.hasName) == Literal("Mailer Ltd")
    assert graph.value(graph.value(node, DPV.hasNotice), DCTERMS.description) == Literal(WORDS, lang="en")
    ours = {str(name) for name in graph.predicates() if "w3id.org" not in name}
    assert {name.rpartition("#")[0] or name.rpartition("/")[0] for name in ours} <= {
        "http://www.w3.org/1999/02/22-rdf-syntax-ns", "http://purl.org/dc/terms", "https://schema.org",
        "http://www.w3.org/2004/02/skos/core",
    }  # fmt: skip


@of_the_reader
def test_linked_data_tells_a_withdrawal_and_how_long_a_consent_holds(record, ama, purposes):
    purposes["newsletter"].valid_days = 365
    purposes["newsletter"].save()
    for_a_year = record_consent(
        subject=ama, purpose=purposes["newsletter"], decision="given", method="electronic", actor=SYSTEM
    )
    purposes["newsletter"].valid_days = 30  # later: what was recorded stands
    purposes["newsletter"].save()
    given = _graph(for_a_year)
    (duration,) = given.objects(None, DPV.hasDuration)
    assert (str(duration), str(duration.datatype)) == ("P365D", "http://www.w3.org/2001/XMLSchema#duration")
    withdrawn = withdraw(subject=ama, purpose=purposes["newsletter"], actor=Actor.subject(ama))
    assert list(_graph(withdrawn).subjects(RDF.type, DPV.ConsentWithdrawn)) != []
    assert list(_graph(withdrawn).objects(None, DPV.hasDuration)) == []
    said = [receipt(each).fields["record"]["events"][0]["validity_duration"] for each in (record, for_a_year)]
    assert said == ["until withdrawn", "P365D"]


def test_the_paper_reads_like_the_receipt_and_holds_it(record, tmp_path):
    facts, path = facts_of(record), tmp_path / "receipt.pdf"
    path.write_bytes(as_pdf(facts))
    reader = PdfReader(path)
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for said in ("You gave your consent", WORDS, "Mailer Ltd (IE)", "until you withdraw it", str(record.pk)):
        assert said in text
    ((name, (content,)),) = reader.attachments.items()
    assert (name, content.decode()) == (f"receipt-{record.pk}.jws", receipt(record).jws)
    assert as_pdf(facts) == path.read_bytes()
    assert "ama@example.com" not in text


@pytest.fixture
def binding(purposes, ama):
    """A consent that the register said cannot be withdrawn."""
    purposes["newsletter"].no_withdrawal_reason = BAR
    return record_consent(
        subject=ama, purpose=purposes["newsletter"], decision="given", method="electronic", actor=SYSTEM
    )


def test_the_paper_of_a_consent_that_cannot_be_withdrawn_says_so_with_the_ground(binding, tmp_path):
    path = tmp_path / "receipt.pdf"
    path.write_bytes(as_pdf(facts_of(binding)))
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())
    assert BAR in text
    assert ("until you withdraw" in text, "at any time" in text) == (False, False)


@of_the_reader
def test_no_program_is_told_that_a_consent_holds_until_withdrawn_that_cannot_be(binding, purposes, ama):
    in_words = f"cannot be withdrawn: {BAR}"

    def said(record):
        fields = receipt(record).fields
        (processing,), (event,) = fields["record"]["pii_processing"], fields["record"]["events"]
        purpose = fields["services"][0]["purposes"][0]
        return (event["validity_duration"], processing["withdrawal_method"], processing["withdrawal_consequences"],
                purpose["termination"])  # fmt: skip

    assert said(binding) == (in_words, in_words, "", in_words)
    graph = _graph(binding)
    assert list(graph.subjects(RDF.type, DPV.WithdrawConsent)) == list(graph.objects(None, DPV.hasConsequence)) == []
    (why,) = graph.objects(None, DPV.hasJustification)
    assert graph.value(why, DCTERMS.description) == Literal(in_words)
    purposes["newsletter"].valid_days = 365
    for_a_year = record_consent(
        subject=ama, purpose=purposes["newsletter"], decision="given", method="electronic", actor=SYSTEM
    )
    end = facts_of(for_a_year).valid_until
    assert said(for_a_year) == ("P365D", in_words, "", f"P365D, until {end}; {in_words}")


@of_the_reader
def test_a_consent_that_can_be_withdrawn_says_until_withdrawn_and_how(record):
    fields = receipt(record).fields
    (processing,), (event,) = fields["record"]["pii_processing"], fields["record"]["events"]
    assert event["validity_duration"] == fields["services"][0]["purposes"][0]["termination"] == "until withdrawn"
    assert processing["withdrawal_method"] == "http://alpha.localhost:8000/preferences/"
    assert processing["withdrawal_consequences"] == record.purpose.withdrawal_consequences != ""
    graph = _graph(record)
    assert len(list(graph.subjects(RDF.type, DPV.WithdrawConsent))) == 1
    assert len(list(graph.objects(None, DPV.hasConsequence))) == 1
    assert list(graph.objects(None, DPV.hasJustification)) == []


@of_the_reader
def test_linked_data_tells_who_decided_for_the_person_and_when_somebody_else_says_that_it_was(purposes, ama):
    evidence = {"representative": "Esi", "authority": "Mandate", "valid_until": "2099-01-01", "is_guardian": True}
    told = datetime(2026, 2, 3, 9, 30, tzinfo=UTC)
    record = record_consent(
        subject=ama, purpose=purposes["newsletter"], decision="given", method="representative", evidence=evidence,
        occurred_at=told, actor=SYSTEM,
    )  # fmt: skip
    graph, person = _graph(record), URIRef(f"urn:uuid:{ama.pk}")
    status = graph.value(URIRef(f"urn:uuid:{record.pk}"), DPV.hasConsentStatus)
    by = graph.value(status, DPV.isIndicatedBy)
    assert (graph.value(by, RDF.type), graph.value(by, DPV.isRepresentativeFor)) == (DPV.Representative, person)
    assert graph.value(status, DCTERMS.date).toPython() == told
    assert graph.value(status, DPV.isIndicatedAtTime).toPython() == record.recorded_at
    own = _graph(_agree(purposes, ama))
    assert list(own.objects(None, DPV.isIndicatedBy)) == [person]
    assert list(own.objects(None, DCTERMS.date)) == []


@of_the_reader
@pytest.mark.parametrize(
    ("safeguard", "said"),
    [
        ("standard_clauses", [("measure", "standard contractual clauses: 2021/914")]),
        ("adequacy", [("ground", "decision that the country protects data well enough: 2021/914")]),
        ("none_needed", []),
        ("", []),
    ],
)
def test_linked_data_tells_what_protects_data_at_a_recipient(purposes, ama, safeguard, said):
    Recipient.objects.update(safeguard=safeguard, safeguard_note="2021/914")
    graph = _graph(_agree(purposes, ama))
    to = graph.value(None, RDF.type, DPV.Recipient)
    kinds = {"measure": DPV.hasTechnicalOrganisationalMeasure, "ground": DPV.hasLegalBasis}
    found = [(name, str(graph.value(each, SKOS.prefLabel))) for name, kind in kinds.items()
             for each in graph.objects(to, kind)]  # fmt: skip
    assert found == said


@of_the_reader
def test_linked_data_tells_the_end_of_a_consent_that_was_over_before_it_was_recorded(purposes, ama):
    purposes["newsletter"].valid_days = 30
    record = record_consent(
        subject=ama, purpose=purposes["newsletter"], decision="given", method="electronic",
        occurred_at=timezone.now() - timedelta(days=40), actor=SYSTEM,
    )  # fmt: skip
    graph = _graph(record)
    (ended,) = graph.subjects(RDF.type, DPV.ConsentExpired)
    assert graph.value(ended, DPV.isIndicatedAtTime).toPython() == record.expires_at
    with pytest.raises(NotAConsent):
        receipt(record, form=Form.KANTARA)
    assert list(_graph(_agree(purposes, ama)).subjects(RDF.type, DPV.ConsentExpired)) == []


@pytest.mark.parametrize(
    ("retention", "days", "said"),
    [
        ("", None, "cannot be withdrawn: {bar}"),
        ("two years", None, "two years; cannot be withdrawn: {bar}"),
        ("", 365, "P365D, until {end}; cannot be withdrawn: {bar}"),
        ("two years", 365, "two years; P365D, until {end}; cannot be withdrawn: {bar}"),
    ],
)
def test_kantaras_form_says_how_a_consent_ends_that_cannot_be_withdrawn(purposes, ama, retention, days, said):
    purpose = purposes["newsletter"]
    purpose.retention, purpose.valid_days = retention, days
    purpose.save()

    def termination() -> tuple[str, str]:
        record = _agree(purposes, ama)
        (service,) = receipt(record, form=Form.KANTARA).fields["services"]
        return service["purposes"][0]["termination"], facts_of(record).valid_until

    assert "cannot be withdrawn" not in termination()[0]
    purpose.no_withdrawal_reason = BAR
    found, end = termination()
    assert found == said.format(bar=BAR, end=end)


@of_the_reader
@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(hours=5), "PT5H"),
        (timedelta(days=29, hours=14, minutes=1, seconds=2), "P29DT14H1M2S"),
        (timedelta(days=30), "P30D"),
    ],
)
def test_receipts_for_programs_say_to_the_second_how_long_a_consent_holds_and_when_it_ends(record, left, said):
    record.expires_at = record.recorded_at + left
    end = record.expires_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    plain, kantara = (receipt(record, form=form).fields for form in (Form.PLAIN, Form.KANTARA))
    event = plain["record"]["events"][0]
    assert (event["validity_duration"], event["valid_until"]) == (said, end)
    assert kantara["services"][0]["purposes"][0]["termination"] == f"{said}, until {end}"
    graph = _graph(record)
    assert [str(each) for each in graph.objects(None, DPV.hasDuration)] == [said]
    assert [each.toPython() for each in graph.objects(None, DCTERMS.valid)] == [record.expires_at]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("Africa/Accra", "Monday 5 January 2026, 23:30:07 (UTC)"),
        ("America/Vancouver", "Monday 5 January 2026, 15:30:07 (UTC-08:00)"),
        ("Asia/Kolkata", "Tuesday 6 January 2026, 05:00:07 (UTC+05:30)"),
    ],
)
def test_who_reads_a_receipt_reads_the_time_and_how_far_it_is_from_universal_time(record, place, said):
    OrganisationProfile.objects.update(time_zone=place)
    record.recorded_at = datetime(2026, 1, 5, 23, 30, 7, tzinfo=UTC)
    lines = {line.label: line.words for line in decision_lines(facts_of(record))}
    assert lines["Recorded on"] == said
