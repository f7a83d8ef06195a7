import ast
from itertools import product
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from requests.enums import RequestState as S
from requests.errors import WrongState
from requests.models import SubjectRequest
from requests.services.moves import locked, move
from requests.transitions import CLOSED, OPEN, TRANSITIONS
from tests.requests.conftest import submit

REASONS = {"refusal_ground": "GH.retention_required", "refusal_text": "Needed."}
ROOT = Path(__file__).resolve().parents[2]


def case_at(state: S) -> SubjectRequest:
    case = submit()
    closed_at = timezone.now() if state in CLOSED else None
    SubjectRequest.objects.filter(pk=case.pk).update(
        state=state, closed_at=closed_at, decided_at=timezone.now(), cooling_off_until=timezone.now(),
        joined_to_id=uuid4(), **REASONS,
    )  # fmt: skip
    return locked(case)


@pytest.mark.parametrize(("before", "after"), list(product(S, S)))
def test_a_case_moves_along_the_transitions_and_not_otherwise(alpha, before, after):
    case = case_at(before)
    if after in TRANSITIONS[before]:
        move(case=case, to=after, action="tested", actor=SYSTEM)
        entry = LedgerEntry.objects.get(action="subject_request.tested")
        assert entry.data == {"from": before.value, "to": after.value}
    else:
        with pytest.raises(WrongState):
            move(case=case, to=after, action="tested", actor=SYSTEM)
        assert LedgerEntry.objects.filter(action="subject_request.tested").count() == 0
    case.refresh_from_db()
    assert case.state == (after if after in TRANSITIONS[before] else before)
    assert (case.closed_at is not None) == (case.state in CLOSED)


def test_every_state_is_open_or_closed_and_can_be_reached_from_the_first():
    assert set(TRANSITIONS) == set(S) == OPEN | CLOSED
    reached, frontier = {S.UNCONFIRMED}, [S.UNCONFIRMED]
    while frontier:
        found = TRANSITIONS[frontier.pop()] - reached
        reached |= found
        frontier += found
    assert reached == set(S)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("closed_case_has_a_date", {"state": S.WITHDRAWN}),
        ("closed_case_has_a_date", {"closed_at": timezone.now()}),
        ("refused_case_has_reasons", {"state": S.REFUSED, "closed_at": timezone.now()}),
        ("carried_out_only_when_decided", {"state": S.EXECUTING}),
        ("carried_out_only_when_decided", {"state": S.AWAITING_APPROVAL}),
        ("cooling_off_has_an_end", {"state": S.COOLING_OFF, "decided_at": timezone.now()}),
        ("joined_case_says_to_which", {"state": S.JOINED, "closed_at": timezone.now()}),
        ("case_not_joined_to_itself", {"joined_to_id": F("id")}),
        ("complaint_not_about_itself", {"about_case_id": F("id")}),
        ("carried_out_only_when_decided", {"state": S.COMPLETED, "closed_at": timezone.now()}),
    ],
)
def test_the_database_itself_refuses_impossible_cases(alpha, constraint, fields):
    case = submit()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        SubjectRequest.objects.filter(pk=case.pk).update(**fields)


def _assigns_state(tree: ast.AST) -> bool:
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Attribute) and target.attr == "state" for target in targets):
            return True
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("update", "create")
        ):
            names = {keyword.arg for keyword in node.keywords}
            if "state" in names and "SubjectRequest" in ast.dump(node.func):
                return True
    return False


def test_nobody_but_the_one_door_assigns_the_state_of_a_case():
    files = [path for path in (ROOT / "requests").rglob("*.py") if "migrations" not in path.parts]
    assert len(files) > 20
    guilty = {str(path.relative_to(ROOT)) for path in files if _assigns_state(ast.parse(path.read_text()))}
    assert guilty == {"requests/services/moves.py"}


@pytest.mark.parametrize("code", ["case.state = 'x'", "SubjectRequest.objects.filter(pk=1).update(state='x')"])
def test_the_search_for_such_an_assignment_finds_one(code):
    assert _assigns_state(ast.parse(code))
