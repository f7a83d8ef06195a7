"""The record as linked data, read by a library that knows nothing of ours and has no network.

TERMS are those of the vocabulary that we use, each looked up in version 2.3 (25 February 2026): https://w3id.org/dpv,
.../legal/eu/gdpr, .../pd. A term that is not here was not looked up.
"""

import json
import socket

import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, SKOS, XSD

from privacy.register.activities.export import FORMATS, record_of_processing
from privacy.register.activities.export.vocabulary import (
    BASES,
    DATA,
    PREFIXES,
    RECIPIENTS,
    TRANSFER_BASES,
    TRANSFER_MEASURES,
)
from privacy.register.models import LawfulBasis, OrganisationProfile, RecipientKind, Safeguard
from tests.privacy.register.activities.conftest import make_purpose, make_recipient

DPV, GDPR, PD, LOC = (Namespace(PREFIXES[prefix]) for prefix in ("dpv", "eu-gdpr", "pd", "loc"))
TERMS = {
    DPV: """
        AlgorithmicLogic Authority AutomatedDecisionMaking Consent Contract DPIA DataController DataProcessor
        DataProtectionOfficer DataSource DataSubject DataTransferLegalBasis JointDataControllers LegalObligation
        LegitimateInterest OrganisationalUnit PersonalData PersonalDataProcess PublicInterest Purpose ROPA Recipient
        Representative SafeguardForDataTransfer SpecialCategoryPersonalData StorageDuration
        TechnicalOrganisationalMeasure ThirdParty Transfer VitalInterest
        hasAddress hasAlgorithmicLogic hasContact hasContext hasCountry hasDataController hasDataExporter
        hasDataImporter hasDataProtectionOfficer hasDataSource hasDataSubject hasImpactAssessment
        hasJointDataControllers hasLegalBasis hasName hasOrganisationalUnit hasPersonalData hasProcess
        hasProcessing hasPurpose hasRecipient hasRepresentative hasStorageCondition
        hasTechnicalOrganisationalMeasure hasThirdCountry
    """,
    GDPR: """
        A6-1-a A6-1-b A6-1-c A6-1-d A6-1-e A6-1-f A45-3 A46-2-b A46-2-c A49-1-a
        AdHocContractualClauses BindingCorporateRules StandardContractualClauses
    """,
    PD: "Communication Contact DeviceBased Financial Identifying Professional",
}
KNOWN = {URIRef(namespace + name) for namespace, names in TERMS.items() for name in names.split()}

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_given, **_named):
        raise AssertionError("the reader asked the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.fixture
def everything(make_activity):
    """An activity of which everything is said, with a recipient for each kind, country and safeguard."""
    OrganisationProfile.objects.update(laws=["GH", "EU"], address="1 Road", representative="Rep Ltd, Dublin")
    purposes = [make_purpose(f"for-{basis.value}", basis) for basis in LawfulBasis]
    recipients = [
        make_recipient(f"{kind.value} {safeguard.value}", country, safeguard, kind=kind)
        for kind, country in zip(RecipientKind, ("US", "CA", "FR", "GB"), strict=True)
        for safeguard in Safeguard
    ]
    activity = make_activity(
        "Payroll", purposes=purposes, recipients=recipients, interests="Knowing what is read",
        data_categories=["identity", "contact", "financial", "communication", "technical", "employment", "free_text"],
        special_categories=["health"], special_condition="Art. 9(2)(h)", is_automated=True, decision_logic="Counts.",
        sources=["the person"], impact_assessment="DPIA-4", joint_controllers="Sister Ltd",
    )  # fmt: skip
    make_activity("Door book")
    return activity


def read() -> Graph:
    """As rdflib understands the file."""
    made = Graph()
    made.parse(data=FORMATS["jsonld"].render(record_of_processing()), format="json-ld")
    return made


def test_the_file_is_understood_without_a_network(everything, no_network):
    graph = read()
    (record,) = graph.subjects(RDF.type, DPV.ROPA)
    activities = set(graph.objects(record, DPV.hasProcess))
    node = URIRef(f"urn:uuid:{everything.pk}")
    assert (len(activities), node in activities) == (2, True)
    assert set(graph.subjects(RDF.type, DPV.PersonalDataProcess)) == activities
    assert graph.value(node, DCTERMS.title) == Literal("Payroll", lang="en")
    created = graph.value(record, DCTERMS.created)
    assert created.datatype == XSD.dateTime
    (controller,) = graph.objects(record, DPV.hasDataController)
    assert set(graph.objects(node, DPV.hasDataController)) == {controller}
    assert graph.value(controller, DPV.hasCountry) == LOC.GH
    assert graph.value(graph.value(controller, DPV.hasRepresentative), DPV.hasContact) == Literal("Rep Ltd, Dublin")


def test_the_network_is_really_refused(no_network):
    with pytest.raises(AssertionError, match="asked the network"):
        Graph().parse(data=json.dumps({"@context": "http://127.0.0.1:9/context", "@id": "urn:x:1"}), format="json-ld")


def test_every_term_is_one_of_the_vocabulary(everything):
    graph = read()
    used = set(graph.predicates()) | set(graph.objects(None, RDF.type))
    ours = {term for term in used if str(term).startswith("https://w3id.org/dpv")}
    assert used - ours == {RDF.type, DCTERMS.title, DCTERMS.description, DCTERMS.identifier, DCTERMS.created,
                           DCTERMS.modified, DCTERMS.language, SKOS.prefLabel}  # fmt: skip
    assert ours - KNOWN == set()
    assert {term for term in KNOWN if str(term).startswith(str(DPV))} - ours == set()
    countries = {str(each).removeprefix(str(LOC)) for each in graph.objects() if str(each).startswith(str(LOC))}
    assert countries == {"GH", "US", "CA", "FR", "GB"}


def test_every_code_of_ours_has_a_term_that_was_looked_up():
    named = [term for pair in BASES.values() for term in pair]
    named += [*TRANSFER_BASES.values(), *TRANSFER_MEASURES.values(), *RECIPIENTS.values(), *DATA.values()]
    found = {URIRef(PREFIXES[prefix] + name) for prefix, _colon, name in (each.partition(":") for each in named)}
    assert found - KNOWN == set()
    assert (set(BASES), set(RECIPIENTS)) == (set(LawfulBasis), set(RecipientKind))


def test_what_allows_a_transfer_is_a_basis_and_what_protects_the_data_is_a_measure(everything):
    graph, told = read(), {}
    for transfer in graph.subjects(RDF.type, DPV.Transfer):
        recipient = graph.value(graph.value(transfer, DPV.hasDataImporter), DPV.hasName)
        if not str(recipient).startswith("provider"):
            continue
        basis, measure = (
            {str(each).rpartition("#")[2] for each in graph.objects(graph.value(transfer, what), RDF.type)}
            if graph.value(transfer, what) is not None
            else set()
            for what in (DPV.hasLegalBasis, DPV.hasTechnicalOrganisationalMeasure)
        )
        told[str(recipient).partition(" ")[2]] = (basis, measure)
    basis, measure = "DataTransferLegalBasis", "SafeguardForDataTransfer"
    assert told == {
        "none_needed": (set(), set()),
        "adequacy": ({basis, "A45-3"}, set()),
        "standard_clauses": ({basis, "A46-2-c"}, {measure, "StandardContractualClauses"}),
        "binding_rules": ({basis, "A46-2-b"}, {measure, "BindingCorporateRules"}),
        "contract": ({basis}, {measure, "AdHocContractualClauses"}),
        "consent": ({basis, "A49-1-a"}, set()),
        "legal_obligation": ({basis}, set()),
    }
