"""A table that its source has no more leaves the data map once the holds on it are over; they stay as records."""

import pytest
from django.urls import reverse
from django.utils import timezone

from privacy.datamap.errors import DatasetInUse
from privacy.datamap.models import Dataset, Source
from privacy.datamap.services import forget_dataset
from privacy.ledger.actors import SYSTEM
from retention.enums import HoldKind
from retention.models import Hold
from retention.services import place_hold
from retention.services.holds import end_hold
from tests.holding import after_grace


@pytest.fixture
def gone(alpha) -> Dataset:
    source = Source.objects.create(name="CRM", address="postgresql://nobody@127.0.0.1:1/nothing")
    values = {"source": source, "table_schema": "crm", "label": "Notes", "primary_key": ["id"]}
    Dataset.objects.create(table_name="person", **values)
    return Dataset.objects.create(table_name="note", vanished_at=timezone.now(), **values)


def _hold(dataset: Dataset) -> Hold:
    return place_hold(kind=HoldKind.LEGAL, matter="File 12", dataset=dataset, actor=SYSTEM)


def test_a_hold_in_force_or_in_its_last_day_keeps_the_table_in_the_map(gone):
    hold = _hold(gone)
    for _state in ("in force", "released"):
        with pytest.raises(DatasetInUse, match="have them released and wait until they are over"):
            forget_dataset(dataset=gone, actor=SYSTEM)
        end_hold(hold=hold, actor=SYSTEM)
    hold.refresh_from_db()
    assert (hold.dataset, hold.former_table) == (gone, "")


def test_holds_that_are_over_remember_the_table_that_leaves_the_map(gone, officer_client):
    holds = [_hold(gone), _hold(gone)]
    other = _hold(Dataset.objects.get(table_name="person"))
    for hold in holds:
        after_grace(end_hold(hold=hold, actor=SYSTEM))
    forget_dataset(dataset=gone, actor=SYSTEM)
    assert list(Dataset.objects.filter(source=gone.source_id).values_list("table_name", flat=True)) == ["person"]
    for hold in holds:
        hold.refresh_from_db()
        assert (hold.dataset, hold.former_table, hold.matter) == (None, "crm.note", "File 12")
    other.refresh_from_db()
    assert (other.dataset.table_name, other.former_table) == ("person", "")
    for page in (reverse("officer:retention_hold_changelist"), f"/officer/retention/hold/{holds[0].pk}/change/"):
        assert "the table crm.note, which is no longer in the data map" in officer_client.get(page).content.decode()


def test_one_hold_that_is_not_over_is_enough(gone):
    after_grace(end_hold(hold=_hold(gone), actor=SYSTEM))
    _hold(gone)
    with pytest.raises(DatasetInUse):
        forget_dataset(dataset=gone, actor=SYSTEM)
    assert Hold.objects.filter(former_table="").count() == 2
