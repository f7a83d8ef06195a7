"""What a request that was never confirmed takes along when it lapses."""

from datetime import timedelta

import pytest
from django.utils import timezone

from privacy.ledger.actors import SYSTEM
from privacy.subjects.models import Identifier
from requests.models import SubjectRequest
from retention.enums import HoldKind
from retention.errors import HoldNamesNobody
from retention.holding import held_people
from retention.services import place_hold
from tests.holding import let_go
from tests.requests.conftest import AMA, run_jobs, submit
from tests.sources import known


def _lapse(case: SubjectRequest) -> None:
    SubjectRequest.objects.filter(pk=case.pk).update(received_at=timezone.now() - timedelta(days=20))
    run_jobs("requests.lapse")
    case.refresh_from_db()
    assert case.state == "lapsed"


def test_a_strangers_lapsed_request_does_not_take_from_a_hold_whom_it_names(alpha):
    place_hold(kind=HoldKind.LEGAL, matter="Court", subject=known(AMA), actor=SYSTEM)
    _lapse(submit(email=AMA))
    assert [each.value for each in held_people().identifiers] == [AMA]


def test_an_address_of_which_nothing_else_is_known_is_forgotten_even_after_a_released_hold(alpha):
    hold = place_hold(kind=HoldKind.LEGAL, matter="Court", subject=known(AMA), actor=SYSTEM)
    let_go(hold)
    _lapse(submit(email=AMA))
    assert Identifier.objects.count() == 0


def test_a_hold_that_names_nobody_lets_nothing_go_on(alpha):
    place_hold(kind=HoldKind.LEGAL, matter="A", subject=known("kofi@example.com"), actor=SYSTEM)
    hold = place_hold(kind=HoldKind.LEGAL, matter="B", subject=known(AMA), actor=SYSTEM)
    assert len(held_people().identifiers) == 2
    hold.subject.identifiers.all().delete()
    with pytest.raises(HoldNamesNobody):
        held_people()
    let_go(hold)
    assert [each.value for each in held_people().identifiers] == ["kofi@example.com"]
