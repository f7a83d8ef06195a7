"""What may become of a letter, as data."""

from privacy.letters.models import LetterState as S

ALLOWED: dict[S, frozenset[S]] = {
    S.DRAFT: frozenset({S.QUEUED}),
    S.QUEUED: frozenset({S.SENT, S.FAILED, S.WITHHELD}),
    S.FAILED: frozenset({S.QUEUED}),
    S.BY_POST: frozenset({S.SENT}),
    S.SENT: frozenset(),
    S.WITHHELD: frozenset(),
}
