"""One person's rows into a file, in a process that does nothing else: python -m benchmarks.export_alone DSN SCHEMA FILE

prints the seconds from the first connection to the closed file, and the peak memory of the process in kB.
"""

import csv
import json
import sys
import time
from pathlib import Path

from benchmarks.peak import peak_kilobytes
from privacy.datamap.engine.export import export_subject
from privacy.datamap.engine.planner import resolve_subject
from privacy.datamap.engine.selection import Identifier
from privacy.datamap.engine.source import open_source
from privacy.datamap.engine.spec import Condition, DatasetSpec, Identity, Join, Operator

SCOPE = (Condition("organisation_id", Operator.EQUAL, 7),)
TO_CUSTOMER = ((Join(("customer_id",), "customer", ("id",)),),)


def main(dsn: str, schema: str, file: str) -> None:
    datasets = [
        DatasetSpec("customer", schema, "customer", ("id",), SCOPE, identities=(Identity("email", "email"),)),
        DatasetSpec("visit", schema, "visit", ("id",), SCOPE, paths=TO_CUSTOMER),
    ]
    began = time.perf_counter()
    with open_source(dsn, mask_key=bytes(range(32))) as source, Path(file).open("w", newline="") as opened:
        keys = resolve_subject(source, datasets, [Identifier("email", "person1@example.com")])
        writer = csv.writer(opened)
        for batch in export_subject(source, datasets, keys):
            writer.writerows(batch.rows)
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "kilobytes": peak_kilobytes()}))


if __name__ == "__main__":
    main(*sys.argv[1:4])
