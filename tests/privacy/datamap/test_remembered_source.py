"""A hundred tests begin with a source that was connected once: it has to be what connecting makes."""

from privacy.datamap.models import Dataset, Field, Finding
from privacy.datamap.services import discover
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.ledger.verification import verify_organisation
from privacy.tenants.context import organisation_context
from tests.sources import connect_offixpro

DATASET = (
    "table_schema", "table_name", "label", "primary_key", "foreign_keys", "scope", "link_columns", "on_erasure",
    "keep_reason", "suggestion_reason", "parent__table_name", "is_new",
)  # fmt: skip
FIELD = (
    "dataset__table_name", "column", "position", "data_type", "confirmed_type", "nullable", "label", "category",
    "identifier_kind", "on_erasure", "on_retention", "mask_params", "keep_reason", "suggestion_reason",
    "purposes__code",
)  # fmt: skip


def _map() -> list[list[tuple]]:
    return [
        list(Dataset.objects.filter(confirmed_at__isnull=False).order_by("table_name").values_list(*DATASET)),
        list(Field.objects.order_by("dataset__table_name", "column", "purposes__code").values_list(*FIELD)),
        list(Finding.objects.order_by("code", "place").values_list("code", "place")),
        sorted(LedgerEntry.objects.filter(action__regex=r"^(source|dataset)\.").values_list("action")),
    ]


def test_a_source_that_is_written_again_is_the_one_that_was_connected(offixpro, beta, crm):
    again = _map()
    with organisation_context(beta):
        connect_offixpro(crm)
        assert _map() == again
    assert all(again)


def test_it_is_as_good_as_new(offixpro):
    found = discover(source=offixpro, actor=SYSTEM)
    assert (found.new_datasets, found.new_fields, found.vanished) == ([], [], [])
    assert verify_organisation().breaches == ()
