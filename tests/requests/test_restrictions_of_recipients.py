"""Recipients hear of a restriction as far as it reaches, and of its end."""

import datetime as dt

import pytest
from django.utils import timezone

from privacy.ledger.actors import SYSTEM
from privacy.register.models import Disclosure, LawfulBasis, Purpose, Recipient
from privacy.register.restrictions.models import Restriction
from privacy.register.restrictions.services import lift_restriction, place_restriction
from privacy.register.selectors import local_date
from requests.models import RecipientNotice, SubjectRequest
from requests.services.restricting import EVERYTHING, ScopeDecided
from requests.services.telling_recipients import note_told, open_notices
from tests.portal.conftest import text_of
from tests.requests.narrowing_cases import opened
from tests.requests.test_narrowing import decide

FREE = "has ended, so you may use it again."


@pytest.fixture
def purposes(alpha) -> dict[str, Purpose]:
    return {
        code: Purpose.objects.create(
            code=code, title=code.title(), description="x", lawful_basis=LawfulBasis.LEGITIMATE_INTERESTS
        )
        for code in ("news", "profiles", "billing")
    }


def got(subject, name: str, *purposes: Purpose, email="privacy@example.com", language="") -> Recipient:
    recipient = Recipient.objects.create(name=name, role="x", country="GH", notice_email=email, language=language)
    for purpose in purposes:
        Disclosure.objects.create(
            recipient=recipient, subject=subject, disclosed_on=timezone.now().date() - dt.timedelta(days=3),
            categories=["contact"], purpose=purpose, lawful_basis="contract", means="email", way="hand",
            actor_kind="officer", entered_at=timezone.now(),
        )  # fmt: skip
    return recipient


def told(change: str) -> dict[str, list[str]]:
    """By recipient, to which purposes what they were told is limited."""
    return {each.recipient.name: each.purposes for each in RecipientNotice.objects.filter(change=change)}


def body(change: str, name: str) -> str:
    return RecipientNotice.objects.get(change=change, recipient__name=name).letter.body


def lift(restriction: Restriction) -> None:
    lift_restriction(restriction=restriction, reason="Over.", told_on=local_date(timezone.now()), actor=SYSTEM)


@pytest.fixture
def case(purposes, officer) -> SubjectRequest:
    """A case about news and profiles, of whose person three recipients have data."""
    case = opened("restriction", officer, "news", "profiles")
    got(case.subject, "Both", purposes["news"], purposes["profiles"], purposes["billing"])
    got(case.subject, "Mailers", purposes["news"], language="fr")
    got(case.subject, "Printers", purposes["billing"])
    return case


def test_only_who_got_data_for_what_is_restricted_is_told_and_for_which_purposes(case, officer):
    decide(case, officer, ScopeDecided("news", True), ScopeDecided("profiles", True))
    assert told("restricted") == {"Both": ["news", "profiles"], "Mailers": ["news"]}
    both = body("restricted", "Both")
    assert "restricted on the person's request, for the following:\n\n- News\n- Profiles\n" in both
    assert ("Billing" in both, "do not use it for this until we tell you" in both) == (False, True)
    assert "aux fins suivantes\u00a0:\n\n- News\n" in body("restricted", "Mailers")


def test_of_a_restriction_of_everything_all_hear_and_of_no_purpose(case, purposes, officer):
    SubjectRequest.objects.filter(pk=case.pk).update(particulars=None)
    case.refresh_from_db()
    decide(case, officer, ScopeDecided(EVERYTHING, True))
    assert told("restricted") == {"Both": [], "Mailers": [], "Printers": []}
    assert ("for the following" in body("restricted", "Printers"), "News" in body("restricted", "Both")) == (
        False, False,
    )  # fmt: skip


def test_who_was_told_of_a_restriction_is_told_of_its_end_when_it_is_lifted(case, officer, officer_client):
    decide(case, officer, ScopeDecided("news", True), ScopeDecided("profiles", True))
    assert told("ended") == {}
    lift(Restriction.objects.get(purpose__code="news"))
    assert told("ended") == {"Both": ["news"], "Mailers": ["news"]}
    both = body("ended", "Both")
    assert "has ended for the following, so you may use it for this again:\n\n- News\n" in both
    assert "Profiles" not in both
    assert "a pris fin pour ce qui suit\u00a0; vous pouvez" in body("ended", "Mailers")
    lift(Restriction.objects.get(purpose__code="profiles"))
    assert sorted(RecipientNotice.objects.filter(change="ended").values_list("recipient__name", "purposes")) == [
        ("Both", ["news"]), ("Both", ["profiles"]), ("Mailers", ["news"]),
    ]  # fmt: skip
    card = text_of(officer_client.get(f"/officer/requests/subjectrequest/{case.pk}/change/"))
    assert "Restriction ended, for: Profiles." in card


def test_the_end_is_tracked_like_everything_that_recipients_are_told(case, purposes, officer):
    decide(case, officer, ScopeDecided("news", True), ScopeDecided("profiles", False, ground="GH.no_unwarranted_damage",
           reasons="We need it."))  # fmt: skip
    Recipient.objects.filter(name="Both").update(notice_email="")
    lift(Restriction.objects.get())
    notice = RecipientNotice.objects.get(change="ended", recipient__name="Both")
    assert (notice.letter, notice in open_notices(case)) == (None, True)
    note_told(notice=notice, officer=officer, how="By telephone.")
    assert notice not in open_notices(case)


def test_what_another_restriction_holds_is_not_told_to_be_free(case, purposes, officer):
    decide(case, officer, ScopeDecided("news", True), ScopeDecided("profiles", True))
    everything = place_restriction(subject=case.subject, kind="restriction", case_id=case.pk, actor=SYSTEM)
    lift(Restriction.objects.get(purpose__code="news"))
    assert told("ended") == {}
    RecipientNotice.objects.update(purposes=[])
    lift(everything)
    assert FREE in body("ended", "Both")
    assert "another restriction holds. Please do not use it for this" in body("ended", "Both")
    assert ("- Profiles\n" in body("ended", "Both"), "- Profiles\n" in body("ended", "Mailers")) == (True, False)


def test_the_end_of_an_objection_is_told_to_no_recipient(case, purposes):
    placed = place_restriction(subject=case.subject, kind="objection", purpose=purposes["news"], actor=SYSTEM)
    lift(placed)
    assert RecipientNotice.objects.count() == 0
