"""The portal's side of a run, its journal and its questions, takes no more memory for many rows than for few."""

from collections.abc import Iterator

import pytest

from privacy.ledger.actors import SYSTEM
from retention.enums import RunState
from retention.journal import PortalJournal
from retention.models import Rule
from retention.services import start_rule_run
from tests.memory import measured
from tests.retention.notices.club import Club, day, members_of, noon, seen_so_that_due_on
from tests.sources import change, rows, scratch_database, work

FEW, MANY, WINDOW = 500, 10_000, 250
SMALL = 100_000  # bytes: eleven for each row that the second run has more


@pytest.fixture
def club(alpha, settings) -> Iterator[Club]:
    settings.RETENTION_WINDOW_ROWS = WINDOW
    with scratch_database() as dsn:
        yield Club(dsn, members_of(dsn))


def peak_of_a_run(club: Club, rule: Rule, monkeypatch, members: int, *, hoards: bool = False) -> int:
    """The most bytes held while a run anonymises so many. hoards: somebody keeps a list of all their keys."""
    change(club.dsn, "TRUNCATE payment, member")
    made = "INSERT INTO member SELECT n, n || '@example.com', 'en', 'Ama Mensah', %s FROM generate_series(1, %s) n"
    change(club.dsn, made, seen_so_that_due_on(0), members)
    run = start_rule_run(rule=rule, actor=SYSTEM, now=noon(day(0)))
    original, hoard, chunks = PortalJournal.intend, [], []
    with measured() as peak, monkeypatch.context() as patched:

        def intend(self, chunk, *, completed):
            peak.collect()
            chunks.append(chunk.sequence)
            if hoards and not hoard:
                hoard.extend(rows(club.dsn, "SELECT id FROM member"))
            original(self, chunk, completed=completed)

        patched.setattr(PortalJournal, "intend", intend)
        work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.COMPLETED, "")
    assert [step.rows for step in run.steps.all()] == [members]
    assert len(chunks) == members // WINDOW
    return peak.bytes


@pytest.mark.long
def test_a_run_of_twenty_times_as_many_rows_takes_no_more_memory_and_a_list_of_their_keys_would_be_seen(
    club, monkeypatch
):
    rule = club.rule(action="mask", notice_days=None)
    peak_of_a_run(club, rule, monkeypatch, FEW)  # what is made once and kept
    few = peak_of_a_run(club, rule, monkeypatch, FEW)
    assert peak_of_a_run(club, rule, monkeypatch, MANY) < few + SMALL
    assert peak_of_a_run(club, rule, monkeypatch, MANY, hoards=True) > few + SMALL
