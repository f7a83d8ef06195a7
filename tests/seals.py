"""Sealing to the last row, in a cluster that others use as well."""

import time

from privacy.ledger.sealing import seal_all
from privacy.ledger.verification import Verdict, verify_organisation

LONGEST_WAIT = 60.0  # seconds


def sealed_verdict() -> Verdict:
    """Seal until nothing is left over, and verify.

    A seal stops at the oldest transaction in flight, and PostgreSQL counts those of the whole cluster: a test that runs
    at the same time in a database of its own holds it back for a moment too.
    """
    deadline = time.monotonic() + LONGEST_WAIT
    while True:
        seal_all()
        verdict = verify_organisation()
        if not verdict.unsealed or time.monotonic() > deadline:
            return verdict
        time.sleep(0.05)
