"""The register of restrictions on the officers' site."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from privacy.ledger.actors import SYSTEM
from privacy.register.models import Purpose
from privacy.register.restrictions.models import Restriction
from privacy.register.restrictions.services import lift_restriction, place_restriction
from privacy.register.selectors import local_date
from requests.admin.cards.restrictions import CARDS, restrictions_context
from tests.officer.making import make_case

LIST = "/officer/restrictions/restriction/"

CARD = CARDS[0].template


@pytest.fixture
def case(alpha):
    return make_case(email="ama.mensah@example.com")


@pytest.fixture
def placed(case):
    purpose = Purpose.objects.create(
        code="analytics", title="Counting visits", description="x", lawful_basis="legitimate_interests"
    )
    return place_restriction(
        subject=case.subject, kind="objection", purpose=purpose, case_id=case.pk, ground="GDPR.21.1", actor=SYSTEM
    )


def _today():
    return local_date(timezone.now())


def test_the_list_names_nobody_and_leads_to_the_case(placed, case, officer_client):
    shown = officer_client.get(LIST).content.decode()
    for each in ("a•••••@example.com", "for “Counting visits”", "in force", f"/subjectrequest/{case.pk}/change/"):
        assert each in shown
    assert "ama.mensah" not in shown


def test_the_number_of_questions_does_not_grow_with_the_list(placed, officer_client, django_assert_max_num_queries):
    for number in range(20):
        subject = make_case(email=f"p{number}@example.com").subject
        place_restriction(subject=subject, kind="restriction", actor=SYSTEM)
    with django_assert_max_num_queries(30):
        assert "all processing" in officer_client.get(LIST).content.decode()


def test_it_is_lifted_with_a_reason_once_the_person_was_told(placed, officer, officer_client):
    page = f"{LIST}{placed.pk}/lift/"
    assert "GDPR Art. 18(3)" in officer_client.get(page).content.decode()
    tomorrow = _today() + timedelta(days=1)
    for given in ({}, {"reason": "Over."}, {"told_on": _today()}, {"told_on": tomorrow, "reason": "Over."}):
        answer = officer_client.post(page, given)
        assert (answer.status_code, "pd-error" in answer.content.decode()) == (200, True), given
    placed.refresh_from_db()
    assert placed.lifted_at is None
    assert officer_client.post(page, {"told_on": _today(), "reason": "We stopped counting."}).status_code == 302
    placed.refresh_from_db()
    assert (placed.lifted_by_id, placed.told_on, placed.lift_reason) == (
        str(officer.pk), _today(), "We stopped counting.",
    )  # fmt: skip
    shown = officer_client.get(f"{LIST}{placed.pk}/change/").content.decode()
    assert "We stopped counting." in shown
    assert f"{LIST}{placed.pk}/lift/" not in shown


def test_nobody_lifts_what_is_lifted_and_nobody_without_the_right(placed, auditor, handler, sign_in, officer_client):
    for other, expected in ((auditor, 200), (handler, 403)):
        client = sign_in(other)
        assert client.get(f"{LIST}{placed.pk}/change/").status_code == expected
        assert client.post(f"{LIST}{placed.pk}/lift/", {"told_on": _today(), "reason": "x"}).status_code == 403
    assert Restriction.objects.get().lifted_at is None
    lift_restriction(restriction=placed, reason="Over.", told_on=_today(), actor=SYSTEM)
    assert officer_client.get(f"{LIST}{placed.pk}/lift/").status_code == 302  # and is told


def test_the_card_of_a_case_shows_all_of_the_person_and_what_the_officer_may(placed, case, officer, handler):
    other = make_case(email="ama.mensah@example.com")
    place_restriction(subject=make_case(email="kofi@example.com").subject, kind="restriction", actor=SYSTEM)
    shown = render_to_string(CARD, {"card": restrictions_context(case, officer)})
    for each in ("objection", "Counting visits", "by this case", f"{LIST}{placed.pk}/lift/"):
        assert each in shown
    elsewhere = render_to_string(CARD, {"card": restrictions_context(other, handler)})
    assert ("Counting visits" in elsewhere, "by this case" in elsewhere, "href" in elsewhere) == (True, False, False)
    assert restrictions_context(make_case(email="efua@example.com"), officer) is None
