"""Mailed links: who may use them, how long, how often, and what is kept of them."""

import hashlib
import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from privacy.jobs.models import Schedule
from privacy.jobs.registry import JobHandle
from privacy.subjects.jobs import forget_links
from privacy.subjects.links import LIFETIME, USES, new_link, redeem, revoke_links
from privacy.subjects.models import LinkPurpose, MailLink
from privacy.subjects.services import find_or_add_subject
from privacy.tenants.context import organisation_context

CONFIRM, TRACK = LinkPurpose.CONFIRM, LinkPurpose.TRACK


@pytest.fixture
def subject(alpha):
    return find_or_add_subject(kind="email", value="ama@example.com")


def test_a_link_leads_to_its_person_and_its_target(subject):
    target = uuid.uuid4()
    token = new_link(purpose=TRACK, subject=subject, target_id=target)
    link = redeem(token=token, purpose=TRACK)
    assert (link.subject, link.target_id, link.uses_left) == (subject, target, USES[TRACK] - 1)


def test_links_whose_time_is_over_are_forgotten_every_day_and_others_still_open(subject):
    tokens = [new_link(purpose=TRACK, subject=subject) for _ in range(3)]
    over, last_moment, _open = MailLink.objects.order_by("created_at")
    for link, left in ((over, timedelta(days=-1)), (last_moment, timedelta(0))):
        MailLink.objects.filter(pk=link.pk).update(expires_at=timezone.now() + left)
    assert forget_links(JobHandle(1, "daily", 1, "me")) is True
    assert [redeem(token=token, purpose=TRACK) is not None for token in tokens] == [False, False, True]
    assert MailLink.objects.count() == 1
    assert Schedule.objects.get(schema_name="alpha", kind="subjects.forget_links").every_seconds == 86400


def test_every_purpose_has_a_lifetime_and_a_number_of_uses():
    assert set(LIFETIME) == set(USES) == set(LinkPurpose)
    assert all(uses > 0 for uses in USES.values())


def test_only_the_digest_of_a_token_is_kept(subject):
    token = new_link(purpose=TRACK, subject=subject)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(l)::text, token_digest FROM subjects_maillink l")
        row, digest = cursor.fetchone()
    assert token not in row
    assert str(subject.pk) in row
    assert bytes(digest) == hashlib.sha256(token.encode()).digest()


def test_tokens_carry_256_bits_and_differ(subject):
    tokens = {new_link(purpose=TRACK, subject=subject) for _ in range(3)}
    assert len(tokens) == 3
    assert {len(token) for token in tokens} == {43}


def test_a_link_works_until_its_moment_and_not_after(subject):
    token = new_link(purpose=CONFIRM, subject=subject)
    _change(expires_at=timezone.now() + timedelta(seconds=30))
    assert redeem(token=token, purpose=CONFIRM) is not None
    _change(expires_at=timezone.now())
    assert redeem(token=token, purpose=CONFIRM) is None


def test_a_link_is_used_up(subject):
    token = new_link(purpose=CONFIRM, subject=subject)
    used = [redeem(token=token, purpose=CONFIRM) is not None for _ in range(USES[CONFIRM] + 2)]
    assert used == [True] * USES[CONFIRM] + [False, False]


def test_a_link_for_one_purpose_does_not_serve_another_and_is_not_used_up_by_trying(subject):
    token = new_link(purpose=CONFIRM, subject=subject)
    assert [redeem(token=token, purpose=purpose) for purpose in LinkPurpose if purpose != CONFIRM] == [None] * 3
    assert redeem(token=token, purpose=CONFIRM).uses_left == USES[CONFIRM] - 1


def test_a_link_of_one_organisation_means_nothing_to_another(subject, beta):
    token = new_link(purpose=TRACK, subject=subject)
    with organisation_context(beta):
        assert redeem(token=token, purpose=TRACK) is None
    assert redeem(token=token, purpose=TRACK) is not None


def test_a_revoked_target_takes_its_links_along_and_no_others(subject):
    target, other = uuid.uuid4(), uuid.uuid4()
    tokens = [new_link(purpose=TRACK, subject=subject, target_id=to) for to in (target, target, other)]
    download = new_link(purpose=LinkPurpose.DOWNLOAD, subject=subject, target_id=target)
    revoke_links(purpose=TRACK, target_id=target)
    assert [redeem(token=token, purpose=TRACK) is not None for token in tokens] == [False, False, True]
    assert redeem(token=download, purpose=LinkPurpose.DOWNLOAD) is not None


@pytest.mark.parametrize("token", ["", "x", "\0", "\ud800", "é" * 500, "a" * 100_000])
def test_what_is_no_token_is_just_unknown(subject, token):
    new_link(purpose=TRACK, subject=subject)
    assert redeem(token=token, purpose=TRACK) is None


def test_every_link_that_does_not_work_costs_the_same_one_statement(subject):
    expired, used_up, other = (new_link(purpose=CONFIRM, subject=subject) for _ in range(3))
    _change(expires_at=timezone.now(), token=expired)
    _change(uses_left=0, token=used_up)
    attempts = [("unknown", CONFIRM), (expired, CONFIRM), (used_up, CONFIRM), (other, TRACK)]
    statements = []
    for token, purpose in attempts:
        with CaptureQueriesContext(connection) as captured:
            assert redeem(token=token, purpose=purpose) is None
        statements.append([query["sql"].split(" WHERE ")[0] for query in captured])
    assert statements == [['UPDATE "subjects_maillink" SET "uses_left" = ("subjects_maillink"."uses_left" - 1)']] * 4


def test_the_last_use_is_won_by_one_of_many(committed):
    subject = find_or_add_subject(kind="email", value="ama@example.com")
    token = new_link(purpose=CONFIRM, subject=subject)
    _change(uses_left=1)
    start, won = threading.Barrier(6), []

    def use():
        try:
            with organisation_context(committed):
                connection.ensure_connection()
                start.wait(10)
                won.append(redeem(token=token, purpose=CONFIRM) is not None)
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(won) == [False] * 5 + [True]
    assert MailLink.objects.get().uses_left == 0


def _change(*, token: str | None = None, **values):
    links = MailLink.objects.all()
    if token is not None:
        links = links.filter(token_digest=hashlib.sha256(token.encode()).digest())
    assert links.update(**values) == 1
