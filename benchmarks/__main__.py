"""`make bench`: every measurement as a ratio within one run, on one page, and in benchmarks/latest.json.

    make bench ARGS="engine"        only those whose name has one of these words; the file stays as it is

Absolute times mean little on a noisy machine; floor and ours are always measured in the same run.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.bench")


def main() -> int:
    django.setup()
    from django.core.management import call_command

    call_command("migrate_organisations", verbosity=0)
    wanted = sys.argv[1:]
    chosen = [
        (name, measure) for name, measure in _measurements() if not wanted or any(word in name for word in wanted)
    ]
    rows: list[dict[str, Any]] = []
    for name, measure in chosen:
        rows += _measured(name, measure)
        if not wanted:  # each as it comes: a run that is broken off leaves what it has measured
            Path(__file__).with_name("latest.json").write_text(json.dumps(rows, indent=2) + "\n")
    _print_table(rows)
    return 0


def _measurements() -> list[tuple[str, Callable[[], Any]]]:
    from benchmarks import (
        announcing,
        cases,
        consent,
        dispatching,
        engine,
        export,
        many_consents,
        mariadb,
        organisations,
        peer,
        people,
        served,
        sharing,
        sqlite,
        writers,
    )

    return [
        ("engine: anonymise", engine.anonymise_row),
        ("engine: delete", engine.delete_row),
        ("engine: memory", engine.memory_row),
        ("engine: two workers", sharing.two_workers_row),
        ("engine: another writer", writers.writer_row),
        ("engine: one person", people.one_person_row),
        ("engine: many people", people.many_people_row),
        ("engine: export", export.measure),
        ("mariadb: anonymise", mariadb.anonymise_row),
        ("sqlite: anonymise", sqlite.anonymise_row),
        ("sqlite: delete", sqlite.delete_row),
        ("organisations", organisations.measure),
        ("dispatch", dispatching.measure),
        ("cases: queue", cases.measure),
        ("consents: single", consent.single_row),
        ("consents: served", served.row),
        ("consents: a peer", peer.row),
        ("consents: bulk", consent.bulk_row),
        ("announcement", announcing.row),
        ("consents: a million", many_consents.rows),
    ]


def _measured(name: str, measure: Callable[[], Any]) -> list[dict[str, Any]]:
    """The row of a measurement, or its rows where one costly preparation serves several."""
    sys.stderr.write(f"measuring {name} ...\n")
    began = time.perf_counter()
    found = measure()
    rows: list[dict[str, Any]] = found if isinstance(found, list) else [found]
    for row in rows:
        sys.stderr.write(f"  {row['ours']}, beside {row['floor']}: {row['ratio']}\n")
    return [row | {"seconds_of_measuring": round(time.perf_counter() - began, 1)} for row in rows]


def _print_table(rows: list[dict[str, Any]]) -> None:
    columns = ("work", "floor", "ours", "ratio", "goal", "met")
    cells = [[str(row[column]) if column != "met" else _word(row[column]) for column in columns] for row in rows]
    widths = [max(len(line[index]) for line in [list(columns), *cells]) for index in range(len(columns))]
    for line in [list(columns), ["-" * width for width in widths], *cells]:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def _word(met: bool | None) -> str:
    return {True: "yes", False: "NO", None: ""}[met]


if __name__ == "__main__":
    sys.exit(main())
