"""Everything about one person, for the access package."""

from demo.crm.offixpro.known import AMA_MENSAH, AMA_MENSAH_OF_TEMA
from privacy.datamap.importing import import_catalogue
from privacy.datamap.subject_plan import PlannedErasure, plan_erasure
from privacy.datamap.subject_rows import subject_rows
from privacy.ledger.actors import SYSTEM
from privacy.subjects.models import Subject
from privacy.subjects.services import find_or_add_subject
from tests.sources import OFFIXPRO_CATALOGUE, change, known, rows


def _read(subject: Subject) -> dict[str, list[dict[str, object]]]:
    return {
        each.dataset.table_name: [dict(zip(each.labels, row, strict=True)) for row in each.rows]
        for each in subject_rows(subject=subject)
    }


def test_a_person_is_given_all_of_hers_and_nothing_of_her_namesakes(offixpro):
    found = _read(known(AMA_MENSAH.email))
    assert {table: len(found[table]) for table in ("customer", "crm_user", "login_event", "invoice", "ticket")} == {
        "customer": 1,
        "crm_user": 1,
        "login_event": AMA_MENSAH.logins,
        "invoice": AMA_MENSAH.invoices,
        "ticket": AMA_MENSAH.tickets,
    }
    assert [row["E-mail"] for row in found["customer"]] == [AMA_MENSAH.email]
    assert AMA_MENSAH_OF_TEMA.email not in str(found)
    assert found["employee"] == []


def test_somebody_unknown_is_given_nothing(offixpro):
    found = _read(known("nobody@example.com"))
    assert [row for rows in found.values() for row in rows] == []
    assert len(found) == 11


def test_a_plan_comes_back_from_storage_as_it_was(offixpro):
    planned = plan_erasure(subject=known(AMA_MENSAH.email))
    back = PlannedErasure.from_data(planned.to_data())
    assert (back.hash, back.plans, list(back.summary)) == (planned.hash, planned.plans, list(planned.summary))


def test_a_plan_is_shown_without_keys_or_values(offixpro):
    planned = plan_erasure(subject=known(AMA_MENSAH.email))
    (root,) = [
        root
        for root in planned.plans[0].plan.steps[0].selection.roots
        if root.dataset == "crm.customer"
    ]  # fmt: skip
    shown = str(planned.public_data())
    assert f"'keys': (({root.keys[0][0]!r},),)" not in shown
    assert "'keys'" not in shown
    assert "'keys'" in str(planned.to_data())
    assert AMA_MENSAH.email not in shown


def test_the_hash_says_whether_it_is_the_same_plan(offixpro):
    hers, namesakes = (plan_erasure(subject=known(each.email)) for each in (AMA_MENSAH, AMA_MENSAH_OF_TEMA))
    assert plan_erasure(subject=known(AMA_MENSAH.email)).hash == hers.hash
    assert hers.hash != namesakes.hash


def test_importing_a_catalogue_again_changes_nothing(offixpro):
    before = [list(dataset.fields.values()) for dataset in offixpro.datasets.all()]
    import_catalogue(source=offixpro, catalogue=OFFIXPRO_CATALOGUE, actor=SYSTEM)
    assert [list(dataset.fields.values()) for dataset in offixpro.datasets.all()] == before


def test_every_field_of_the_catalogue_names_its_purpose(offixpro):
    without = [
        field.column
        for dataset in offixpro.datasets.all()
        for field in dataset.fields.all()
        if not field.purposes.exists()
    ]
    assert without == []


def test_a_customer_is_looked_for_by_every_form_in_which_a_source_may_write_their_number(offixpro, crm):
    """The same number in wide letters, in narrow ones, and with the accent apart; and one that is another's."""
    ours = rows(crm, "SELECT customer_id FROM crm.customer WHERE operated_by = %s ORDER BY 1 LIMIT 4", "offixpro")
    for (row,), written in zip(ours, ("Ｋé７", "Ké7", "Ke\u03017", "Ke7"), strict=True):
        change(crm, "UPDATE crm.customer SET customer_number = %s WHERE customer_id = %s", written, row)
    customer = find_or_add_subject(kind="customer_id", value="Ｋe\u0301７\u200b")
    assert [row["Customer number"] for row in _read(customer)["customer"]] == ["Ｋé７", "Ké7", "Ke\u03017"]
