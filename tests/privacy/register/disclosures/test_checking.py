"""What may be written into the disclosure log, and what is refused with which advice."""

import datetime as dt

import pytest

from consent.models import ConsentRecord
from consent.services import publish_wording, record_consent
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.register.disclosures.errors import DisclosureRefused
from privacy.register.models import Disclosure, NoticePurpose, Purpose, Recipient
from privacy.subjects.people import Person
from tests.privacy.register.disclosures.conftest import (
    DAY,
    PUBLISHED,
    TOLD_ON,
    enter,
    make_purpose,
    make_recipient,
    publish,
    today,
)

pytestmark = pytest.mark.usefixtures("register")
GROUND = {"ground": "law", "authority": "Act 915, s. 27", "approver": "Esi Owusu"}


def refused(subject, **fields) -> DisclosureRefused:
    with pytest.raises(DisclosureRefused) as error:
        enter(subject, **fields)
    assert Disclosure.objects.count() == 0
    return error.value


def consent(subject, decision, occurred_at) -> ConsentRecord:
    purpose = Purpose.objects.get(code="newsletter")
    if not purpose.wordings.exists():
        publish_wording(purpose=purpose, language="en", text="Yes, mail me.", actor=SYSTEM)
    return record_consent(
        subject=subject, purpose=purpose, decision=decision, method="electronic", occurred_at=occurred_at, actor=SYSTEM
    )


def noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)


def test_a_disclosure_for_a_purpose_of_the_notice_is_written_down(ama):
    row = enter(ama, categories=["contact", "identity", "contact"], note="By the nightly copy.", reference="D-1")
    row = Disclosure.objects.get(pk=row.pk)
    assert (row.recipient.name, row.purpose.code, row.subject, row.disclosed_on, row.categories) == (
        "Cloud Ltd", "hosting", ama, dt.date(2025, 6, 1), ["contact", "identity"],
    )  # fmt: skip
    assert (row.lawful_basis, row.ground, row.approver, row.reference, row.note.text, row.means, row.way) == (
        "contract", "", None, "D-1", "By the nightly copy.", "system", "hand",
    )  # fmt: skip
    entry = LedgerEntry.objects.get(action="disclosure.recorded")
    assert (entry.object_id, entry.data) == (
        str(row.pk), {"recipient": row.recipient_id, "purpose": "hosting", "way": "hand"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "field", "advice"),
    [
        ({"purpose": "sale"}, "purpose", "promised never to do this"),
        ({"purpose": "sale"} | GROUND, "purpose", "promised never to do this"),
        ({"purpose": "gossip"}, "purpose", "not in the register"),
        ({"recipient": "Nobody Inc"}, "recipient", "not in the register"),
        ({"disclosed_on": dt.date(2999, 1, 1)}, "disclosed_on", "yet to come"),
        ({"categories": []}, "categories", "at least one of: identity, contact"),
        ({"categories": ["contact", "gossip"]}, "categories", "at least one of"),
        ({"categories": ["key"]}, "categories", "at least one of"),
        ({"means": "pigeon"}, "means", "Use one of: system"),
        ({"subject_id": None}, "subject", "Say whose data"),
        ({"note": "x" * 2001}, "note", "2000 characters"),
        ({"ground": "curiosity"}, "ground", "Use one of: law"),
        ({"ground": "law", "approver": "Esi"}, "authority", "Name the provision"),
        ({"ground": "law", "authority": "s. 1", "approver": "  "}, "approver", "Name who approved"),
        ({"is_secret": True}, "is_secret", "Only a disclosure on a ground"),
        ({"is_secret": True, "ground": "debt", "authority": "x", "approver": "y"}, "is_secret", "No law forbids"),
    ],
)
def test_what_does_not_stand_is_refused_and_says_what_to_do(ama, fields, field, advice):
    error = refused(ama, **fields)
    assert error.field == field
    assert advice in error.message


def test_a_day_that_is_today_is_not_yet_to_come(ama):
    assert enter(ama, disclosed_on=today()).disclosed_on == today()
    with pytest.raises(DisclosureRefused, match="yet to come"):
        enter(ama, disclosed_on=today() + 2 * DAY)


def test_what_no_notice_names_is_refused_unless_a_ground_without_consent_applies(ama):
    error = refused(ama, purpose="audit")
    assert (error.field, "No notice in force on that day" in error.message) == ("purpose", True)
    row = Disclosure.objects.get(pk=enter(ama, purpose="audit", recipient="Police", **GROUND).pk)
    assert (row.ground, row.authority, row.approver) == ("law", "Act 915, s. 27", "Esi Owusu")
    assert row.basis_words == "required by law (Act 915, s. 27)"


def test_a_later_notice_tells_of_later_purposes_from_its_day_on(ama):
    later = PUBLISHED + 100 * DAY
    publish("2025-04", later)
    assert "No notice" in refused(ama, purpose="audit", disclosed_on=later.date() - DAY).message
    assert enter(ama, purpose="audit", disclosed_on=later.date()).purpose.code == "audit"


def test_the_notice_counts_from_its_day_and_not_before(ama):
    assert "No notice" in refused(ama, disclosed_on=TOLD_ON - DAY).message
    assert enter(ama, disclosed_on=TOLD_ON).disclosed_on == TOLD_ON


def test_a_notice_tells_of_every_purpose_in_the_register_that_is_not_prohibited(alpha):
    told = NoticePurpose.objects.filter(notice__version="2025-01").values_list("purpose__code", flat=True)
    assert set(told) == {"hosting", "newsletter"}
    entry = LedgerEntry.objects.get(action="notice.published")
    assert (entry.data["purposes"], entry.data["in_force_since"]) == (2, "2025-01-10T12:00:00+00:00")


def test_consent_tells_of_a_purpose_that_no_notice_names_and_is_needed_where_the_purpose_rests_on_it(ama):
    given, withdrawn = dt.date(2025, 3, 1), dt.date(2025, 5, 1)
    assert "did not stand on that day" in refused(ama, purpose="newsletter", disclosed_on=given).message
    consent(ama, "given", noon(given))
    consent(ama, "withdrawn", noon(withdrawn))
    for day, stands in ((given - DAY, False), (given, True), (withdrawn, True), (withdrawn + DAY, False)):
        if stands:
            assert enter(ama, purpose="newsletter", disclosed_on=day).disclosed_on == day
        else:
            with pytest.raises(DisclosureRefused, match="did not stand on that day"):
                enter(ama, purpose="newsletter", disclosed_on=day)


def test_consent_of_one_person_is_not_anothers(ama):
    consent(ama, "given", noon(dt.date(2025, 3, 1)))
    with pytest.raises(DisclosureRefused, match="did not stand"):
        enter(None, purpose="newsletter", person=Person.known_by("email", "kofi@example.com"))
    assert enter(ama, purpose="newsletter").subject_id == ama.pk


def test_consent_before_any_notice_named_the_purpose_is_enough(ama):
    day = TOLD_ON - 10 * DAY
    consent(ama, "given", noon(day))
    assert enter(ama, purpose="newsletter", disclosed_on=day).disclosed_on == day


def test_nothing_goes_to_a_recipient_who_is_inactive_or_outside_of_the_contract(ama):
    day = dt.date(2025, 6, 1)
    make_recipient("Gone", inactive_since=day)
    make_recipient("Ended", contract_from=day - 30 * DAY, contract_until=day)
    make_recipient("No contract", contract_reference="")
    assert "inactive" in refused(ama, recipient="Gone", disclosed_on=day).message
    assert "does not cover" in refused(ama, recipient="Ended", disclosed_on=day + DAY).message
    assert "does not cover" in refused(ama, recipient="Ended", disclosed_on=day - 31 * DAY).message
    assert "has no contract" in refused(ama, recipient="No contract").message
    enter(ama, recipient="Gone", disclosed_on=day - DAY)
    enter(ama, recipient="Ended", disclosed_on=day)
    assert Disclosure.objects.count() == 2


def test_an_authority_needs_no_contract(ama):
    assert enter(ama, recipient="police").recipient.kind == "authority"


def test_two_recipients_of_one_name_are_told_apart_first(ama):
    Recipient.objects.create(name="cloud  LTD", role="another", country="GH", contract_reference="C-2")
    assert "Several recipients" in refused(ama).message


def test_no_message_repeats_what_names_a_person(ama):
    make_purpose("later")
    told = [
        refused(ama, purpose="later", note="Ama", reference="Ama").message,
        refused(ama, recipient="Ama Mensah").message,
        refused(ama, purpose="Ama").message,
    ]
    assert not any("Ama" in words for words in told)
