"""Links asked for again, withdrawal, and cases that nobody confirms."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from privacy.ledger.actors import SYSTEM, Actor
from privacy.letters.models import Letter
from privacy.subjects.links import redeem
from privacy.subjects.models import Identifier, LinkEnquiry, LinkPurpose, MailLink
from requests import services
from requests.enums import RequestState as S
from requests.errors import WrongState
from requests.models import Representation, SubjectRequest
from requests.services.closing import lapse_request
from requests.services.intake import LAPSES_AFTER
from retention.models import Hold
from tests.requests.conftest import AMA, confirmed, in_state, letter_kinds, letter_of, run_jobs, submit, token_in


def ask(reference: str, email: str = AMA) -> None:
    services.ask_for_tracking_link(reference=reference, email=email)
    run_jobs("subjects.resolve_enquiry")


def test_reference_and_address_that_belong_together_get_a_fresh_link(case):
    ask(case.reference.lower(), " AMA.mensah@example.com")
    assert letter_kinds(case) == ["confirm", "acknowledged", "tracking"]
    link = redeem(token=token_in(letter_of(case, "tracking")), purpose=LinkPurpose.TRACK)
    assert (link.target_id, link.subject_id) == (case.pk, case.subject_id)


def test_anything_else_gets_nothing(case):
    other = confirmed(email="kofi@example.com")
    for reference, email in (
        (case.reference, "kofi@example.com"),
        (other.reference, AMA),
        (case.reference, "nobody@example.com"),
        ("PR-0000-0000", AMA),
        ("nonsense", "no address"),
    ):
        ask(reference, email)
    assert Letter.objects.filter(kind="case_tracking").count() == 0
    assert LinkEnquiry.objects.count() == 0
    ask(case.reference)
    assert Letter.objects.filter(kind="case_tracking").count() == 1


def test_asking_does_the_same_work_for_known_and_unknown(case):
    def statements(reference: str, email: str) -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            services.ask_for_tracking_link(reference=reference, email=email)
        return [query["sql"].split()[0] for query in captured.captured_queries]

    assert statements(case.reference, AMA) == statements("PR-0000-0000", "nobody@example.com")


def test_what_was_asked_with_is_not_kept_in_the_clear(case):
    services.ask_for_tracking_link(reference=case.reference, email=AMA)
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload::bytea FROM subjects_linkenquiry")
        assert AMA.encode() not in bytes(cursor.fetchone()[0])


def test_an_unconfirmed_case_gets_a_new_confirmation_link_that_replaces_the_old(alpha):
    case = submit()
    first = token_in(letter_of(case, "confirm"))
    ask(case.reference)
    second = token_in(letter_of(case, "confirm"))
    assert services.confirm_request(token=first) is None
    assert services.confirm_request(token=second).state == "received"


def test_nobody_is_flooded_with_links(case):
    for _ in range(6):
        ask(case.reference)
    assert Letter.objects.filter(case_id=case.pk, kind="case_tracking").count() == 2  # the confirmation is the third


@pytest.mark.parametrize("state", [S.RECEIVED, S.PLANNING, S.DECIDING, S.AWAITING_APPROVAL])
def test_a_person_can_withdraw_until_it_is_carried_out(alpha, state):
    case = in_state(state, decided_at=timezone.now())
    services.withdraw_request(case=case, actor=Actor.subject(case.subject))
    case.refresh_from_db()
    assert (case.state, letter_kinds(case)[-1]) == ("withdrawn", "withdrawn")
    assert Hold.objects.get(case_id=case.pk).released_at is not None


@pytest.mark.parametrize("state", [S.EXECUTING, S.COMPLETED])
def test_what_is_being_carried_out_or_closed_cannot_be_withdrawn(alpha, state):
    closed_at = timezone.now() if state == S.COMPLETED else None
    case = in_state(state, decided_at=timezone.now(), closed_at=closed_at)
    with pytest.raises(WrongState):
        services.withdraw_request(case=case, actor=Actor.subject(case.subject))
    assert Hold.objects.get(case_id=case.pk).released_at is None


def test_withdrawing_before_confirming_writes_no_letter_and_kills_the_link(alpha):
    case = submit()
    token = token_in(letter_of(case, "confirm"))
    services.withdraw_request(case=case, actor=SYSTEM)
    assert letter_kinds(case) == ["confirm"]
    assert services.confirm_request(token=token) is None


def age(case: SubjectRequest, by: timedelta) -> None:
    SubjectRequest.objects.filter(pk=case.pk).update(received_at=timezone.now() - by)


def test_a_case_never_confirmed_lapses_with_a_letter_and_what_was_typed_is_forgotten(alpha):
    case = submit()
    age(case, LAPSES_AFTER + timedelta(seconds=1))
    assert run_jobs("requests.lapse") == 1
    lapse_request(case_id=case.pk, after=LAPSES_AFTER)  # looked at again: one letter is enough
    case.refresh_from_db()
    assert (case.state, case.name, case.details) == ("lapsed", None, None)
    assert (Identifier.objects.count(), MailLink.objects.count()) == (0, 0)
    letter = Letter.objects.get()
    assert (letter.kind, letter.state, letter.address, letter.name) == ("case_not_confirmed", "queued", AMA, None)
    assert ("Ama" in letter.body, "Everything" in letter.body, letter.secret) == (False, False, None)


def test_whoever_asked_for_another_and_never_confirmed_is_written_to_in_the_persons_stead(alpha):
    who = {"name": "Kofi Mensah", "email": "kofi@example.com", "authority": "guardian"}
    case = submit(representative=who)
    lapse_request(case_id=case.pk, after=timedelta(0))
    letter = Letter.objects.get()
    assert (letter.kind, letter.address, letter.name or "") == ("case_not_confirmed", "kofi@example.com", "")
    assert Representation.objects.count() == 0


def test_a_case_lapses_not_a_moment_early_and_never_once_confirmed(alpha):
    young, opened = submit(), confirmed(email="kofi@example.com")
    age(young, LAPSES_AFTER - timedelta(minutes=1))
    age(opened, LAPSES_AFTER * 2)
    for case in (young, opened):
        lapse_request(case_id=case.pk, after=LAPSES_AFTER)
        case.refresh_from_db()
    assert (young.state, opened.state) == ("unconfirmed", "received")


def test_a_lapse_leaves_alone_what_is_known_of_the_person_otherwise(case):
    stranger = submit(kind="access")
    age(stranger, LAPSES_AFTER * 2)
    lapse_request(case_id=stranger.pk, after=LAPSES_AFTER)
    assert Identifier.objects.get().value == AMA
    assert (letter_kinds(case), letter_kinds(stranger)) == (["confirm", "acknowledged"], ["not_confirmed"])
