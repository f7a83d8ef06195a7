"""What a person gets to see."""

from privacy.datamap.engine.export import export_subject
from privacy.datamap.engine.planner import resolve_subject
from privacy.datamap.engine.selection import Identifier
from tests.privacy.datamap.engine.shop import THEIRS


def collected(source, shop, person, **options):
    keys = resolve_subject(source, shop.datasets, [Identifier("email", f"person{person}@example.com")])
    found: dict[str, list[tuple]] = {}
    for batch in export_subject(source, shop.datasets, keys, **options):
        found.setdefault(batch.dataset, []).extend(tuple(row) for row in batch.rows)
    return found


def test_a_person_gets_all_their_rows_of_all_datasets_and_nobody_elses(source, shop):
    shop.fill(people=3, lines=3)
    shop.fill(people=1, organisation=THEIRS, first=11)
    assert collected(source, shop, 2, batch_rows=2) == {
        "person": [
            (
                2,
                7,
                "Person2@example.com",
                "Name 2",
                "+233555000002",
                "1980-05-17",
                shop.exported_address,
                "K1A 0B6",
                shop.exported_balance,
                "Accra",
                "active",
                "2026-01-15",
            )
        ],
        "purchase": [(200, 7, 2, shop.exported_moment, "Street 2")],
        "line": [(200, 1, 7, "for Name 2"), (200, 2, 7, "for Name 2"), (200, 3, 7, "for Name 2")],
    }


def test_only_the_columns_asked_for_are_read_in_their_order(source, shop):
    shop.fill(people=1)
    columns = {"person": ("name", "born"), "purchase": ("address",), "line": ("label",)}
    found = collected(source, shop, 1, columns=columns)
    assert found["person"] == [("Name 1", "1980-05-17")]


def test_an_unknown_person_gets_nothing(source, shop):
    shop.fill(people=1)
    assert collected(source, shop, 9) == {}
