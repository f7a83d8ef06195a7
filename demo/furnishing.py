"""Filling a sample organisation through the same services that officers and customers use. May be repeated."""

from datetime import timedelta

from django.utils import timezone

from consent.models import ConsentRecord, Decision, Method
from consent.services import publish_wording, record_consent
from demo.profiles import SampleCase, SampleOrganisation, SamplePurpose
from privacy.datamap.importing import import_catalogue
from privacy.datamap.models import Dataset, LetterRole, Source
from privacy.datamap.services import connect_source, discover
from privacy.ledger.actors import Actor
from privacy.letters.models import Letter
from privacy.officers.models import ApiKey, Officer, Scope
from privacy.register.disclosures.recording import record_disclosures
from privacy.register.disclosures.statement import DisclosureStatement
from privacy.register.models import Disclosure, Notice, OrganisationProfile, Purpose, Recipient, Way
from privacy.register.publishing import publish_notice
from privacy.register.selectors import local_date
from privacy.subjects.identifiers import IdentifierKind
from privacy.subjects.people import Person
from privacy.subjects.services import find_or_add_subject
from requests.models import SubjectRequest
from requests.services import confirm_request, submit_request
from retention.importing import import_rules
from retention.models import Minimum, Rule
from retention.services import save_rule

PASSWORD = "privacy-desk-demo"  # noqa: S105  everybody may know it: the data are made up
API_KEY_NAME = "Demo web site"
BY_LAW = frozenset({"decision-minimum", "tax-books-minimum", "tax-books-maximum"})
"""Rules of the catalogues that no rule written out in the profiles says already."""


def furnish_profile(sample: SampleOrganisation) -> None:
    OrganisationProfile.objects.filter(pk=1).update(**sample.profile)


def furnish_officers(sample: SampleOrganisation) -> None:
    for officer in sample.officers:
        if known := Officer.objects.filter(email=officer.email).first():
            known.full_name = officer.full_name  # the first officer was made with the organisation, without a name
            known.save(update_fields=["full_name"])
        else:
            Officer.objects.create_user(
                email=officer.email, password=PASSWORD, full_name=officer.full_name, role=officer.role
            )


def furnish_register(sample: SampleOrganisation, actor: Actor) -> None:
    for order, purpose in enumerate(sample.purposes):
        _purpose(purpose, order, actor)
    for recipient in sample.recipients:
        kept, _new = Recipient.objects.update_or_create(
            name=recipient.name,
            defaults={
                "kind": recipient.kind,
                "role": recipient.role,
                "contract_reference": recipient.contract,
                "country": recipient.country,
                "safeguard": recipient.safeguard,
                "safeguard_note": recipient.note,
                "policy_url": recipient.policy,
                "notice_email": recipient.email,
            },
        )
        kept.purposes.set(Purpose.objects.filter(code__in=recipient.purposes))
    version, title, body, published_at = sample.notice
    notice, _new = Notice.objects.get_or_create(version=version, defaults={"title": title, "body": body})
    publish_notice(notice=notice, actor=actor, now=published_at)


def _purpose(purpose: SamplePurpose, order: int, actor: Actor) -> None:
    kept, _new = Purpose.objects.update_or_create(
        code=purpose.code,
        defaults={
            "title": purpose.title,
            "description": purpose.description,
            "lawful_basis": purpose.lawful_basis,
            "is_prohibited": purpose.prohibited,
            "data_categories": list(purpose.categories),
            "retention": purpose.retention,
            "withdrawal_consequences": purpose.consequences,
            "order": order,
        },
    )
    if purpose.words and not kept.wordings.exists():
        publish_wording(purpose=kept, language="en", text=purpose.words, actor=actor)


def furnish_data_map(sample: SampleOrganisation, address: str, actor: Actor) -> Source:
    """Connect the sample CRM and say what every column is. A second run keeps what officers have changed since."""
    name = "Customer database"
    if known := Source.objects.filter(name=name).first():
        known.address = address  # the login got a new password
        known.save(update_fields=["address"])
        return known
    source = connect_source(name=name, address=address, actor=actor)
    discover(source=source, actor=actor)
    import_catalogue(source=source, catalogue=sample.catalogue, actor=actor)
    return source


def furnish_rules(sample: SampleOrganisation, source: Source, actor: Actor) -> None:
    """The sample's own rules, and from its catalogue what the law wants kept, with the rules that follow upon it."""
    for rule in sample.rules:
        if Rule.objects.filter(name=rule.name).exists():
            continue
        dataset = _dataset(source, sample, rule.table)
        if rule.address_column:
            dataset.fields.filter(column=rule.address_column).update(letter_role=LetterRole.ADDRESS)
        save_rule(
            rule=Rule(
                name=rule.name,
                dataset=dataset,
                start_event=rule.event,
                start_dataset=_dataset(source, sample, rule.start_table),
                start_column=rule.start_column,
                conditions=[{"column": column, "op": op, "value": value} for column, op, value in rule.conditions],
                amount=rule.days,
                action=rule.action,
                legal_reason=rule.reason,
                notice_days=rule.notice_days,
                is_active=True,
            ),
            actor=actor,
        )
    if not Minimum.objects.exists():
        by_law = [rule for rule in sample.catalogue.rules if rule.key in BY_LAW]
        import_rules(source=source, schema=sample.catalogue.schema, rules=by_law, actor=actor, active=True)


def furnish_consents(sample: SampleOrganisation, actor: Actor) -> None:
    purposes = [Purpose.objects.get(code=purpose.code) for purpose in sample.purposes if purpose.words]
    for name, email in sample.consenting:
        subject = find_or_add_subject(kind=IdentifierKind.EMAIL, value=email, name=name)
        if subject.consents.exists():
            continue
        for purpose in purposes:
            record_consent(
                subject=subject, purpose=purpose, decision=Decision.GIVEN, method=Method.ELECTRONIC, actor=actor
            )
    if purposes and not ConsentRecord.objects.filter(method=Method.ORAL).exists():
        _consents_by_other_ways(purposes[0], actor)


def _consents_by_other_ways(purpose: Purpose, actor: Actor) -> None:
    """One that was given on the phone, and one that a mother gave for her daughter."""
    today = local_date(timezone.now())
    ways: tuple[tuple[str, str, dict[str, object]], ...] = (
        (
            Method.ORAL,
            "yaw.darko@example.com",
            {
                "script_version": "2026-02",
                "officer": "Esi Owusu, customer service",
                "call_reference": "CALL-20417",
                "spoken_on": (today - timedelta(days=12)).isoformat(),
            },
        ),
        (
            Method.REPRESENTATIVE,
            "efua.asante@example.com",
            {
                "representative": "Adwoa Asante, her mother",
                "authority": "Birth certificate, seen at the counter",
                "valid_until": (today + timedelta(days=900)).isoformat(),
                "is_guardian": True,
            },
        ),
    )
    for method, email, evidence in ways:
        subject = find_or_add_subject(kind=IdentifierKind.EMAIL, value=email)
        record_consent(
            subject=subject, purpose=purpose, decision=Decision.GIVEN, method=method, evidence=evidence, actor=actor
        )


def furnish_disclosures(sample: SampleOrganisation, actor: Actor) -> None:
    """What went to whom before the demo was loaded."""
    if Disclosure.objects.exists():
        return
    today = local_date(timezone.now())
    statements = [
        DisclosureStatement(
            person=Person.known_by(IdentifierKind.EMAIL, each.email),
            recipient=each.recipient,
            purpose=each.purpose,
            disclosed_on=today - timedelta(days=each.days_ago),
            categories=each.categories,
            means=each.means,
            ground=each.ground,
            authority=each.authority,
            approver=each.approver,
            reference=each.reference,
            note=each.note,
        )
        for each in sample.disclosures
    ]
    record_disclosures(statements=statements, way=Way.IMPORT, actor=actor)


def furnish_cases(sample: SampleOrganisation) -> None:
    """Requests as customers would have made them; the clock counts from the day they would have."""
    if SubjectRequest.objects.exists():
        return
    for case in sample.cases:
        _case(case)


def _case(sample: SampleCase) -> None:
    case = submit_request(
        kind=sample.kind,
        email=sample.email,
        name=sample.full_name,
        details=sample.details,
        received_at=timezone.now() - timedelta(days=sample.days_ago),
        particulars=sample.particulars,
        residence=sample.residence,
        is_minor=sample.is_minor,
        representative=sample.representative,
    )
    if sample.confirmed:
        secret = Letter.objects.get(case_id=case.pk, secret__isnull=False).secret or ""
        confirm_request(token=secret.rstrip("/").rpartition("/")[2])


def new_api_key() -> str:
    """A key for the organisation's web site; none of it can be read again, so a new one replaces the last."""
    ApiKey.objects.filter(name=API_KEY_NAME).update(revoked=True)
    _kept, key = ApiKey.objects.create_key(
        name=API_KEY_NAME,
        scopes=list(Scope.values),
    )
    return str(key)


def _dataset(source: Source, sample: SampleOrganisation, table: str) -> Dataset:
    return source.datasets.get(table_schema=sample.catalogue.schema, table_name=table)
