import pytest
from django.utils import timezone

from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from privacy.subjects.models import LinkPurpose, MailLink
from requests import services
from requests.admin.acts import ACTS
from requests.enums import IdentityLevel, RequestState
from requests.errors import JoinRefused, NotAllowed, WrongState
from requests.models import SubjectRequest
from requests.selectors import alike, joinable, other_cases
from tests.requests.conftest import confirmed, in_state, letter_kinds, letter_of, submit, token_in
from tests.secrecy import check_readable_nowhere


def again(case) -> SubjectRequest:
    return SubjectRequest.objects.get(pk=case.pk)


@pytest.fixture
def two(alpha) -> tuple[SubjectRequest, SubjectRequest]:
    """The same wish of the same person, the earlier one first."""
    return confirmed(kind="access"), confirmed(kind="access", details="Again.")


def test_the_later_case_is_closed_and_the_earlier_one_goes_on(two, officer):
    first, second = two
    assert list(joinable(second)) == [first]
    assert list(joinable(first)) == []
    services.join(case=second, into=first, officer=officer)
    second = again(second)
    assert (second.state, second.joined_to_id, second.details) == (RequestState.JOINED, first.pk, "Again.")
    assert again(first).state == RequestState.RECEIVED
    assert first.reference in letter_of(second, "joined").body
    held = list(first.subject.holds.filter(released_at__isnull=True).values_list("case_id", flat=True))
    assert held == [first.pk]
    assert LedgerEntry.objects.get(action="subject_request.took_in").data == {"joined": second.reference}


def test_the_case_that_goes_on_asks_for_what_both_asked_for(alpha, officer):
    address, phone = ({"field": field, "old": "", "new": "x"} for field in ("address", "phone"))
    first = confirmed(kind="rectification", details="I moved.", particulars={"changes": [address]})
    second = confirmed(kind="rectification", details="New number.", particulars={"changes": [address, phone]})
    services.join(case=second, into=first, officer=officer)
    taken = again(first)
    assert taken.particulars == {"changes": [address, phone]}
    assert taken.details.startswith("I moved.\n\nFrom ")
    assert second.reference in taken.details
    assert taken.details.endswith(":\nNew number.")
    check_readable_nowhere("New number.", "I moved.")


@pytest.mark.parametrize(
    ("ours", "others", "both"),
    [(["news"], ["offers"], ["news", "offers"]), (["news"], None, None), (None, ["news"], None)],
)
def test_who_once_named_no_use_meant_every_use(alpha, officer, ours, others, both):
    first, second = (
        confirmed(kind="objection", particulars={"purposes": codes} if codes else None) for codes in (ours, others)
    )
    services.join(case=second, into=first, officer=officer)
    assert (again(first).particulars or {}).get("purposes") == both


def test_contradicting_answers_and_wishes_that_came_too_late_stay_apart(two, officer):
    first, second = two
    for case, scope in zip(two, ("everything", "last_year"), strict=True):
        SubjectRequest.objects.filter(pk=case.pk).update(particulars={"scope": scope})
    with pytest.raises(JoinRefused, match="contradict"):
        services.join(case=again(second), into=again(first), officer=officer)
    SubjectRequest.objects.filter(pk=second.pk).update(particulars=None)
    SubjectRequest.objects.filter(pk=first.pk).update(state=RequestState.EXECUTING, decided_at=timezone.now())
    with pytest.raises(JoinRefused, match="decided already"):
        services.join(case=again(second), into=again(first), officer=officer)
    assert again(second).state == RequestState.RECEIVED


def test_the_earlier_date_binds_so_the_earlier_case_is_not_joined_to_the_later(two, officer):
    first, second = two
    with pytest.raises(JoinRefused, match="came first"):
        services.join(case=first, into=second, officer=officer)
    assert {again(case).state for case in two} == {RequestState.RECEIVED}


@pytest.mark.parametrize(
    ("into", "words"),
    [
        ({"email": "b@example.com"}, "two people"),
        ({"kind": "erasure"}, "different things"),
        ({"state": RequestState.COMPLETED, "closed_at": timezone.now(), "decided_at": timezone.now()}, "is closed"),
        ({"state": RequestState.UNCONFIRMED}, "never confirmed"),
    ],
)
def test_what_is_not_one_is_not_joined(alpha, officer, into, words):
    first = in_state(**{"state": RequestState.RECEIVED, "kind": "access"} | into)
    second = confirmed(kind="access")
    with pytest.raises(JoinRefused, match=words):
        services.join(case=second, into=first, officer=officer)
    with pytest.raises(JoinRefused, match="itself"):
        services.join(case=second, into=second, officer=officer)
    assert again(second).state == RequestState.RECEIVED


def test_what_a_representative_asks_for_does_not_swallow_the_persons_own_request(alpha, officer):
    kofi = {"name": "Kofi", "email": "kofi@example.com", "authority": "lawyer"}
    efe = kofi | {"name": "Efe", "email": "efe@example.com"}
    first, own, second, other = (
        confirmed(kind="access", representative=who, details=str(who)) for who in (kofi, None, kofi, efe)
    )
    for case in (own, other):
        with pytest.raises(JoinRefused, match="Different people ask"):
            services.join(case=case, into=first, officer=officer)
    with pytest.raises(JoinRefused, match="Different people ask"):
        services.join(case=second, into=own, officer=officer)
    services.join(case=second, into=first, officer=officer)
    assert [again(case).state for case in (own, other, second)] == ["received", "received", "joined"]


def test_a_case_that_is_decided_is_not_joined(two, officer):
    SubjectRequest.objects.filter(pk=two[1].pk).update(state=RequestState.EXECUTING, decided_at=timezone.now())
    with pytest.raises(WrongState):
        services.join(case=two[1], into=two[0], officer=officer)


def test_only_who_may_handle_both_joins_them(two, make_officer, officer):
    handler = make_officer("case_handler")
    services.assign(case=two[1], officer=officer, assignee=handler)
    with pytest.raises(NotAllowed):
        services.join(case=two[1], into=two[0], officer=handler)
    services.assign(case=two[0], officer=officer, assignee=handler)
    services.join(case=two[1], into=two[0], officer=handler)


def test_a_case_that_nobody_confirmed_is_joined_without_a_letter_and_its_link_is_dead(alpha, officer):
    first, second = confirmed(kind="access"), submit(kind="access")
    token = token_in(letter_of(second, "confirm"))
    services.join(case=second, into=first, officer=officer)
    assert letter_kinds(second) == ["confirm"]
    assert services.confirm_request(token=token) is None


def test_spam_is_closed_with_a_reason_and_nobody_is_written_to(alpha, officer):
    case = confirmed(kind="access")
    before = letter_kinds(case)
    with pytest.raises(JoinRefused, match="Write down why"):
        services.close_as_spam(case=case, officer=officer, reason=" ")
    services.close_as_spam(case=case, officer=officer, reason="Sells watches.")
    case = again(case)
    assert (case.state, case.closing_reason) == (RequestState.SPAM, "Sells watches.")
    assert letter_kinds(case) == before
    assert case.subject.holds.filter(released_at__isnull=True).count() == 0
    links = MailLink.objects.filter(target_id=case.pk, purpose__in=(LinkPurpose.CONFIRM, LinkPurpose.TRACK))
    assert {link.uses_left for link in links} <= {0} or not links.exists()
    check_readable_nowhere("Sells watches.")
    assert Letter.objects.filter(case_id=case.pk).count() == len(before)


@pytest.mark.parametrize("state", [RequestState.PLANNING, RequestState.AWAITING_APPROVAL, RequestState.EXECUTING])
def test_what_is_worked_on_or_decided_is_no_spam(alpha, officer, state):
    case = in_state(state, kind="access", decided_at=timezone.now())
    with pytest.raises(WrongState):
        services.close_as_spam(case=case, officer=officer, reason="Too late.")


def test_a_request_whose_person_is_known_or_whose_data_was_found_is_no_spam(alpha, officer):
    found = in_state(RequestState.DECIDING, kind="access", planned_at=timezone.now())
    known = in_state(RequestState.DECIDING, kind="access", identity_level=IdentityLevel.OFFICER)
    for case in (found, known):
        with pytest.raises(JoinRefused, match="this is a request"):
            services.close_as_spam(case=case, officer=officer, reason="Too much work.")
        assert next(act for act in ACTS if act.code == "close_as_spam").fits(again(case)) is False
        assert again(case).state == RequestState.DECIDING
    unknown = confirmed(kind="question")  # answered in words, so it is at the same stage
    assert next(act for act in ACTS if act.code == "close_as_spam").fits(again(unknown)) is True
    services.close_as_spam(case=unknown, officer=officer, reason="Sells watches.")
    assert again(unknown).state == RequestState.SPAM


def test_cases_of_one_person_and_cases_that_look_alike_are_found(two, officer, make_officer):
    first, second = two
    namesake = confirmed(kind="access", email="ama@elsewhere.example")
    confirmed(kind="access", email="kofi@example.com", name="Kofi")
    confirmed(kind="erasure", email="ama3@example.com")
    assert list(other_cases(first, officer)) == [second]
    assert alike(first, officer) == [namesake]
    assert list(other_cases(first, make_officer("case_handler"))) == []
    assert alike(first, make_officer("case_handler")) == []
