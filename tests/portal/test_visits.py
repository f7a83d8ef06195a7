"""How long a visit lasts, and how it ends."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from privacy.ledger.models import LedgerEntry
from privacy.subjects.models import LinkPurpose
from tests.portal.conftest import enter, submit, text_of
from tests.secrecy import check_readable_nowhere


def test_a_visit_ends_after_half_an_hour(visitor):
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        enter(visitor, submit())
        clock.shift(timedelta(minutes=29))
        assert visitor.get("/requests/status/").status_code == 200
        clock.shift(timedelta(minutes=2))
        assert visitor.get("/requests/status/").status_code == 302
        clock.move_to(now)
        assert visitor.get("/requests/status/").status_code == 302


@pytest.mark.parametrize(("page", "field"), [("/requests/status/reply/", "text"), ("/requests/status/fee/", "details")])
def test_who_was_writing_when_the_visit_ended_gets_their_words_and_a_way_on(visitor, page, field):
    case = submit()
    enter(visitor, case)
    typed = {field: "I live at <1 Palm Street> now."}
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        answer = visitor.post(page, typed)
        shown = answer.content.decode()
        assert "readonly>I live at &lt;1 Palm Street&gt; now.</textarea>" in shown
        assert ('href="/requests/track/"' in shown, case.reference in shown) == (True, False)
        assert "no-store" in answer["Cache-Control"]
        told = text_of(visitor.post(page, {field: " "}, follow=True))
        assert "nothing of what you sent was recorded" in told
    assert not LedgerEntry.objects.filter(action="subject_request.reply_received").exists()
    check_readable_nowhere("Palm Street")


def test_leaving_ends_the_visit(visitor):
    enter(visitor, submit())
    assert "Leave" in text_of(visitor.get("/requests/status/"))
    assert visitor.post("/leave/").url == "/left/"
    assert visitor.get("/requests/status/").status_code == 302
    assert "You have left" in text_of(visitor.get("/left/"))


def test_leaving_needs_the_button(visitor):
    enter(visitor, submit())
    assert visitor.get("/leave/").status_code == 405
    assert visitor.get("/requests/status/").status_code == 200


def test_a_session_key_from_before_the_visit_is_worth_nothing(visitor):
    visitor.post("/requests/new/", {"kind": "access"})
    planted = visitor.cookies["sessionid"].value
    enter(visitor, submit())
    assert visitor.cookies["sessionid"].value != planted
    visitor.cookies["sessionid"] = planted
    assert visitor.get("/requests/status/").status_code == 302


def test_a_new_visit_replaces_the_one_before(visitor):
    first, second = submit(), submit(email="kofi@example.com")
    enter(visitor, first)
    enter(visitor, second)
    text = text_of(visitor.get("/requests/status/"))
    assert (first.reference in text, second.reference in text) == (False, True)


def test_an_officer_who_leaves_a_visit_stays_signed_in(officer_client):
    enter(officer_client, submit(), LinkPurpose.TRACK)
    officer_client.post("/leave/")
    assert "_auth_user_id" in officer_client.session
    assert "visit" not in officer_client.session
