"""Sources for the tests of retention, and a listener: what others do with an ended run is theirs to test."""

import pytest

from retention import approval, completion
from retention.journal import PortalJournal
from tests.sources import crm, offixpro

__all__ = ["crm", "offixpro"]


@pytest.fixture(autouse=True)
def told(monkeypatch) -> list[tuple[str, str, str]]:
    """What listeners were told: kind, state and problem of each run, in order."""
    heard: list[tuple[str, str, str]] = []

    def listen(run) -> None:
        heard.append((run.kind, run.state, run.problem))

    monkeypatch.setattr(completion, "_listeners", {"erasure": [listen], "retention": [listen]})
    return heard


@pytest.fixture(autouse=True)
def approved(monkeypatch) -> dict[str, bool]:
    """Stands for the cases, which are a higher room's: every erasure is approved until a test says otherwise."""
    answer = {"approved": True}
    monkeypatch.setattr(approval, "_resolvers", [lambda _run: answer["approved"]])
    return answer


@pytest.fixture
def after_chunks(monkeypatch):
    """Have something done when so many chunks were intended, in the middle of the work."""

    def arrange(number: int, act) -> None:
        original, seen = PortalJournal.intend, []

        def intend(self, chunk, *, completed):
            original(self, chunk, completed=completed)
            seen.append(chunk)
            if len(seen) == number:
                act()

        monkeypatch.setattr(PortalJournal, "intend", intend)

    return arrange
