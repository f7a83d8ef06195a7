"""People whom only a source knows are told too: everybody once, and nobody who must not be."""

import logging
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consent.announcements import reading, services, writing, writing_to_sources
from consent.announcements.accepting import Accepted, record_acceptance
from consent.announcements.errors import AcceptanceRefused, CannotAnnounce
from consent.announcements.models import AnnouncedDataset, AnnouncementState, NoticeAnnouncement, NoticeTold
from consent.announcements.progress import ANNOUNCE
from consent.announcements.sorting import sort_out
from consent.announcements.words import told_of
from privacy.datamap.engine.errors import SourceUnreachable
from privacy.datamap.models import Dataset, Field, Source
from privacy.jobs.models import Job
from privacy.jobs.runner import run_job
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from privacy.letters.services import claim_letters
from privacy.register.models import Notice
from privacy.register.restrictions.models import Restriction
from privacy.register.restrictions.services import place_restriction
from privacy.subjects import erased
from privacy.subjects.crypto import index_as_written, keyed_index
from privacy.subjects.models import Identifier, Subject
from privacy.subjects.services import find_or_add_subject
from retention.models import ErasedIdentifier
from tests.consent.announcements.shop import add_customer, add_lead, shop_of
from tests.consent.announcements.test_announcing import Dead, dies
from tests.sources import change, scratch_database

CUSTOMERS = [f"p{number}@example.com" for number in range(7)]


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    """Pages of four letters, read three rows at a time."""
    monkeypatch.setattr(writing, "PEOPLE_AT_ONCE", 4)
    monkeypatch.setattr(reading, "ROWS_AT_ONCE", 3)


@pytest.fixture
def notice(alpha) -> Notice:
    return Notice.objects.create(
        version="7", title="Our notice", body="New words.", changes="Calls are recorded.", is_significant=True,
        published_at=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def dsn(alpha):
    with scratch_database() as made:
        yield made


@pytest.fixture
def shop(dsn) -> Source:
    """Seven customers, and one of another branch, who is not ours."""
    source = shop_of(dsn)
    for number, mail in enumerate(CUSTOMERS):
        add_customer(dsn, number, mail)
    add_customer(dsn, 99, "other-branch@example.com", branch=2)
    return source


def table(source: Source, name: str = "customer") -> Dataset:
    return Dataset.objects.get(source=source, table_name=name)


def begin(notice: Notice, officer, *datasets: Dataset, per_minute: int = 60) -> NoticeAnnouncement:
    return services.begin_announcement(notice=notice, per_minute=per_minute, officer=officer, datasets=datasets)


def work() -> None:
    """Do the jobs as they fall due, waiting for none."""
    for _page in range(30):
        waiting = Job.objects.filter(kind=ANNOUNCE, state="pending")
        if not waiting.exists():
            return
        waiting.update(due_at=timezone.now())
        for job in list(waiting):
            run_job(job_id=job.pk)
    raise AssertionError("the announcement did not come to an end")


def addresses() -> list[str]:
    return sorted(each.address for each in Letter.objects.filter(kind="notice_change"))


def counts(place: AnnouncedDataset | None = None) -> dict[str, int]:
    place = place or AnnouncedDataset.objects.get()
    names = ("rows", "written", "known", "left_out", "without_address")
    return {name: getattr(place, name) for name in names}


def erase(kind: str, value: str) -> None:
    mark = ErasedIdentifier(kind=kind, fingerprint=index_as_written(kind, value), run_id=uuid.uuid4())
    mark.prepare()
    ErasedIdentifier.objects.bulk_create([mark])


def test_everybody_in_the_tables_that_were_chosen_is_told_once_by_a_letter_of_nobodys(notice, shop, officer):
    announcement = begin(notice, officer, table(shop))
    work()
    announcement.refresh_from_db()
    assert (announcement.state, announcement.written) == (AnnouncementState.DONE, 7)
    assert addresses() == CUSTOMERS
    told = {bytes(each.address_index): (each.subject, each.letter_id) for each in NoticeTold.objects.all()}
    assert told == {bytes(each.address_index): (None, each.pk) for each in Letter.objects.filter(kind="notice_change")}
    assert set(told) == {keyed_index("email", each) for each in CUSTOMERS}
    place = AnnouncedDataset.objects.get()
    assert counts(place) == {"rows": 7, "written": 7, "known": 0, "left_out": 0, "without_address": 0}
    assert (place.after, place.problem, place.done_at is None) == (None, "", False)
    acts = LedgerEntry.objects.filter(action__startswith="noticeannouncement.").order_by("id")
    assert [(each.action.partition(".")[2], each.data) for each in acts] == [
        ("begun", {"version": "7", "per_minute": 60, "datasets": 1}),
        ("dataset_read", {"rows": 7, "problem": False}),
        ("done", {"written": 7, "unreachable": 0, "left_out": 0}),
    ]


def test_without_a_choice_no_source_is_read(notice, shop, officer, monkeypatch):
    monkeypatch.setattr(writing_to_sources, "next_rows", lambda place: pytest.fail("a source was read"))
    begin(notice, officer)
    work()
    assert addresses() == []


@pytest.mark.parametrize("rows_at_once", [1, 3, 500])
@pytest.mark.parametrize("letters", [1, 4, 100])
def test_pages_of_any_size_reach_everybody_once(notice, shop, officer, monkeypatch, rows_at_once, letters):
    monkeypatch.setattr(writing, "PEOPLE_AT_ONCE", letters)
    monkeypatch.setattr(reading, "ROWS_AT_ONCE", rows_at_once)
    begin(notice, officer, table(shop))
    work()
    assert (addresses(), counts()["rows"]) == (CUSTOMERS, 7)


def test_a_page_has_no_more_letters_than_a_minute_may_have(notice, shop, officer):
    announcement = begin(notice, officer, table(shop), per_minute=2)
    writing.write_page(announcement_id=announcement.pk, page=0)
    announcement.refresh_from_db()
    assert (len(addresses()), announcement.pages) == (2, 1)
    wait = announcement.next_at - timezone.now()
    assert timedelta(seconds=55) < wait <= timedelta(seconds=60)
    assert Job.objects.get(kind=ANNOUNCE, slot=f"{announcement.pk}:1").due_at == announcement.next_at


def test_nobody_gets_a_second_letter_whatever_names_them(notice, dsn, shop, officer):
    """The portal by address, by number or by phone; another row, in other letters; another table."""
    find_or_add_subject(kind="email", value=CUSTOMERS[0])
    by_number = find_or_add_subject(kind="customer_id", value="C-1")
    Identifier.objects.create(
        subject=by_number, kind="email", value="ama@example.com", index=keyed_index("email", "ama@example.com")
    )
    change(dsn, "UPDATE customer SET number = 'C-1' WHERE id = 1")
    add_customer(dsn, 7, " P2@Example.com ")
    for number, mail in enumerate((CUSTOMERS[3], "new@example.com", None)):
        add_lead(dsn, number, mail)
    begin(notice, officer, table(shop), table(shop, "lead"))
    work()
    assert addresses() == sorted(["ama@example.com", "new@example.com", CUSTOMERS[0], *CUSTOMERS[2:]])
    customers, leads = AnnouncedDataset.objects.order_by("turn")
    assert counts(customers) == {"rows": 8, "written": 5, "known": 3, "left_out": 0, "without_address": 0}
    assert counts(leads) == {"rows": 2, "written": 1, "known": 1, "left_out": 0, "without_address": 0}


def test_whoever_was_erased_or_restricted_and_former_addresses_are_left_out(notice, dsn, shop, officer):
    erase("email", CUSTOMERS[0])
    change(dsn, "UPDATE customer SET tel = '+233201234567' WHERE id = 1")
    erase("phone", "+233201234567")
    change(dsn, "UPDATE customer SET number = 'Ｃe\u0301６' WHERE id = 6")  # erased when letters were told apart
    erase("customer_id", "Ｃe\u0301６")
    change(dsn, "UPDATE customer SET number = 'C-2' WHERE id = 2")
    restricted = find_or_add_subject(kind="customer_id", value="C-2")
    place_restriction(subject=restricted, kind="restriction", actor=SYSTEM)
    moved = find_or_add_subject(kind="email", value=CUSTOMERS[3])
    Identifier.objects.filter(subject=moved).update(former_since=timezone.now())
    begin(notice, officer, table(shop))
    work()
    assert addresses() == CUSTOMERS[4:6]
    assert counts() == {"rows": 7, "written": 2, "known": 0, "left_out": 5, "without_address": 0}


def test_whoever_is_restricted_or_erased_after_the_rows_were_sorted_out_is_left_out(
    notice, dsn, shop, officer, monkeypatch
):
    people = [find_or_add_subject(kind="customer_id", value=f"C-{number}") for number in range(3)]
    change(dsn, "UPDATE customer SET number = 'C-' || id WHERE id < 3")
    Subject.objects.update(created_at=timezone.now() - timedelta(days=1))
    sort_out = writing_to_sources.sort_out

    def sorted_before(mine, rows):
        found = list(sort_out(mine, rows))
        if not Restriction.objects.exists():
            assert {each.outcome for each in found} == {"written"}
            place_restriction(subject=people[0], kind="restriction", actor=SYSTEM)
            erase("customer_id", "C-1")
        return iter(found)

    monkeypatch.setattr(writing_to_sources, "sort_out", sorted_before)
    announcement = begin(notice, officer, table(shop))
    work()
    assert addresses() == CUSTOMERS[2:]
    assert counts() == {"rows": 7, "written": 5, "known": 0, "left_out": 2, "without_address": 0}
    announcement.refresh_from_db()
    assert announcement.written == NoticeTold.objects.count() == 5


def test_what_is_no_address_gets_no_letter(notice, dsn, shop, officer):
    """An address that an erasure made goes nowhere either."""
    for number, mail in enumerate(("nonsense", "3f2a@erased.invalid", "")):
        change(dsn, "UPDATE customer SET mail = %s WHERE id = %s", mail, number)
    change(dsn, "UPDATE customer SET mail = NULL, tel = '+233201234567' WHERE id = 3")
    change(dsn, "UPDATE customer SET mail = NULL WHERE id = 4")
    begin(notice, officer, table(shop))
    work()
    assert addresses() == CUSTOMERS[5:]
    assert counts() == {"rows": 6, "written": 2, "known": 0, "left_out": 0, "without_address": 4}


def test_somebody_whom_the_portal_cannot_write_to_is_reached_through_the_source(notice, dsn, shop, officer):
    ama = find_or_add_subject(kind="customer_id", value="C-1")
    change(dsn, "UPDATE customer SET number = 'C-1' WHERE id = 1")
    begin(notice, officer, table(shop))
    work()
    assert addresses() == CUSTOMERS
    assert Letter.objects.get(subject=ama).address == CUSTOMERS[1]
    assert NoticeTold.objects.get(subject=ama).letter_id == Letter.objects.get(subject=ama).pk


SEAMS = [
    (writing_to_sources, "next_rows"), (writing_to_sources, "write_announcement"), (writing_to_sources, "pass_rows"),
    (NoticeTold.objects, "create"), (writing_to_sources, "_write_to"), (writing_to_sources, "end_dataset"),
    (writing, "end_page"), (writing, "end"),
]  # fmt: skip


@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("after", [False, True], ids=["before it", "after it"])
@pytest.mark.parametrize(("where", "name"), SEAMS, ids=[name for _where, name in SEAMS])
def test_a_worker_that_dies_anywhere_tells_nobody_twice_and_leaves_nobody_out(
    notice, dsn, shop, officer, monkeypatch, where, name, after, at
):
    for number, mail in enumerate((CUSTOMERS[3], "new@example.com")):
        add_lead(dsn, number, mail)
    announcement = begin(notice, officer, table(shop), table(shop, "lead"))
    dies(monkeypatch, where, name, at=at, after=after)
    died = write_pages(announcement)
    assert died or (name, at) in {("end_dataset", 3), ("end", 2), ("end", 3)}
    announcement.refresh_from_db()
    told = NoticeTold.objects.count()
    assert (announcement.written, len(addresses())) == (told, told)
    assert sum(place.written for place in AnnouncedDataset.objects.all()) == told
    monkeypatch.undo()
    Job.objects.filter(kind=ANNOUNCE).update(state="pending", finished_at=None)
    work()
    announcement.refresh_from_db()
    assert (addresses(), announcement.state) == (sorted([*CUSTOMERS, "new@example.com"]), AnnouncementState.DONE)
    assert [place.rows for place in AnnouncedDataset.objects.order_by("turn")] == [7, 2]


def write_pages(announcement: NoticeAnnouncement) -> bool:
    """Write page after page; whether the worker died."""
    try:
        for page in range(12):
            writing.write_page(announcement_id=announcement.pk, page=page)
    except Dead:
        return True
    return False


def test_two_workers_at_one_place_write_one_letter(notice, shop, officer):
    announcement = begin(notice, officer, table(shop))
    announcement = NoticeAnnouncement.objects.select_related("notice").get(pk=announcement.pk)
    first, second = AnnouncedDataset.objects.get(), AnnouncedDataset.objects.get()
    far = 10.0**12
    assert writing_to_sources.write_from(announcement, first, most=1, deadline=far) is True
    assert writing_to_sources.write_from(announcement, second, most=1, deadline=far) is False
    assert (len(addresses()), NoticeTold.objects.count(), AnnouncedDataset.objects.get().rows) == (1, 1, 1)


def test_it_is_stopped_between_two_letters_and_gone_on_with(notice, shop, officer, monkeypatch):
    announcement, original, seen = begin(notice, officer, table(shop)), writing_to_sources._write_to, []

    def stopped_after_two(*given):
        answer = original(*given)
        seen.append(answer)
        if len(seen) == 2:
            services.stop_announcement(announcement=announcement, officer=officer)
        return answer

    monkeypatch.setattr(writing_to_sources, "_write_to", stopped_after_two)
    work()
    assert (seen, len(addresses())) == ([True, True, False], 2)
    services.go_on_with_announcement(announcement=announcement, officer=officer)
    work()
    assert addresses() == CUSTOMERS


def test_a_source_that_is_away_is_tried_again_and_one_that_refuses_is_told(notice, dsn, shop, officer, monkeypatch):
    def away(place):
        raise SourceUnreachable("away")

    announcement = begin(notice, officer, table(shop))
    with monkeypatch.context() as patch:
        patch.setattr(writing_to_sources, "next_rows", away)
        job = Job.objects.get(kind=ANNOUNCE)
        run_job(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.problem, AnnouncedDataset.objects.get().done_at) == ("pending", "source_unreachable", None)
    change(dsn, "ALTER TABLE customer RENAME COLUMN mail TO mails")
    work()
    announcement.refresh_from_db()
    place = AnnouncedDataset.objects.get()
    assert (announcement.state, place.rows, bool(place.problem)) == (AnnouncementState.DONE, 0, True)
    assert "Not read any further:" in told_of(place)


@pytest.mark.parametrize("gone", ["source", "column", "inactive"])
def test_a_table_that_is_taken_out_of_the_data_map_is_passed_with_words(notice, shop, officer, gone):
    begin(notice, officer, table(shop))
    if gone == "source":
        shop.delete()
    elif gone == "column":
        Field.objects.filter(dataset__source=shop).update(letter_role="", identifier_kind="")
    else:
        Source.objects.filter(pk=shop.pk).update(is_active=False)
    work()
    place = AnnouncedDataset.objects.get()
    assert (place.name, place.rows, addresses()) == ("Shop: Customer", 0, [])
    assert place.problem == "The table is no longer connected, or no column of it holds mail addresses."


def test_only_tables_with_addresses_that_somebody_confirmed_can_be_chosen(notice, shop, officer):
    assert {each.table_name for each in reading.announceable()} == {"customer", "lead"}
    for wrong in (table(shop, "machine"), table(shop)):
        Dataset.objects.filter(pk=wrong.pk).update(confirmed_at=None)
        with pytest.raises(CannotAnnounce, match="Choose again"):
            begin(notice, officer, wrong)
    assert not NoticeAnnouncement.objects.exists()


def test_while_nobody_can_say_who_was_erased_nobody_is_written_to(notice, shop, officer, monkeypatch):
    monkeypatch.setattr(erased, "_lookups", [])
    announcement = begin(notice, officer, table(shop))
    with pytest.raises(LookupError):
        writing.write_page(announcement_id=announcement.pk, page=0)
    assert addresses() == []


def test_whoever_turns_up_later_has_been_told_and_has_the_letter_in_their_file(notice, shop, officer):
    begin(notice, officer, table(shop))
    work()
    Letter.objects.update(state="sent", sent_at=timezone.now())
    went_on = {"kind": "email", "notice_version": "7", "how": "continued_use", "activity": "signed in"}
    made, _new = record_acceptance(accepted=Accepted(identifier=CUSTOMERS[1], **went_on), actor=SYSTEM)
    assert claim_letters(subject=made.subject, address=CUSTOMERS[1]) == 1
    with pytest.raises(AcceptanceRefused, match="not told"):
        record_acceptance(accepted=Accepted(identifier="nobody@example.com", **went_on), actor=SYSTEM)


def test_addresses_are_in_no_log_no_job_and_no_ledger(notice, shop, officer, caplog):
    caplog.set_level(logging.DEBUG)
    begin(notice, officer, table(shop))
    work()
    told = [
        caplog.text, str(list(Job.objects.values())), str(list(LedgerEntry.objects.values())),
        str(list(AnnouncedDataset.objects.values())), str(list(NoticeTold.objects.values())),
    ]  # fmt: skip
    assert [CUSTOMERS[0] in each for each in told] == [False] * 5
    assert CUSTOMERS[0] in str([each.address for each in Letter.objects.all()])


def test_sorting_asks_as_many_questions_for_three_rows_as_for_thirty(notice, dsn, shop, officer, monkeypatch):
    for number in range(7, 30):
        add_customer(dsn, number, f"p{number}@example.com", tel=f"+2332012345{number:02}")
    announcement = begin(notice, officer, table(shop))
    asked = []
    for rows in (3, 30):
        monkeypatch.setattr(reading, "ROWS_AT_ONCE", rows)
        read = reading.next_rows(AnnouncedDataset.objects.get())
        with CaptureQueriesContext(connection) as sent:
            assert len(list(sort_out(announcement, read))) == rows
        asked.append(len(sent))
    assert asked[0] == asked[1] <= 6


def test_the_page_offers_the_tables_and_shows_how_far_each_is(notice, shop, officer_client):
    add = "/officer/announcements/noticeannouncement/add/"
    shown = officer_client.get(add).content.decode()
    assert ("Shop: Customer" in shown, "Shop: Lead" in shown, "Shop: Machine" in shown) == (True, True, False)
    chosen = {"notice": notice.pk, "per_minute": "60", "datasets": [table(shop).pk]}
    assert officer_client.post(add, chosen).status_code == 302
    page = f"/officer/announcements/noticeannouncement/{NoticeAnnouncement.objects.get().pk}/change/"
    assert "not begun" in officer_client.get(page).content.decode()
    work()
    shown = officer_client.get(page).content.decode()
    assert "7 rows read: 7 people written to, 0 told already, 0 left out, 0 without an address (done)" in shown
    assert "p0@example.com" not in shown


def test_without_such_tables_the_page_does_not_ask(notice, officer_client):
    assert "Also people in these tables" not in officer_client.get(
        "/officer/announcements/noticeannouncement/add/"
    ).content.decode()  # fmt: skip
