"""Make the rows of the Back Office Admins database, table after table."""

from collections.abc import Iterator
from datetime import date, timedelta

from demo.crm.back_office.known import KNOWN_EMAILS, NADIA_HADDAD
from demo.crm.back_office.parties import Client, Staff, make_clients, make_staff
from demo.crm.back_office.records import Engagement, make_documents, make_engagements, make_invoices
from demo.crm.back_office.words import CALL_NOTES, DECISION_REASONS, MAILING_LISTS
from demo.crm.chance import pick_amount, pick_date, pick_moment, sometimes, stream
from demo.crm.loading import Row
from demo.crm.people import PeopleMaker

MINIMUM_CLIENTS = 50
PROSPECTS_PER_CLIENT = 0.1


def make_back_office_rows(clients: int, seed: int, today: date) -> Iterator[tuple[str, list[Row]]]:
    """Give table name and rows for each table, made while they are consumed."""
    people = PeopleMaker(stream(seed, "back office people"), taken=KNOWN_EMAILS)
    staff, rows = make_staff(seed, today, people)
    yield "staff", rows
    served, rows = make_clients(seed, today, clients, people)
    yield "client", rows
    engagements, rows = make_engagements(seed, served, staff)
    yield "engagement", rows
    yield "decision", make_decisions(seed, today, served, staff)
    yield "document", make_documents(seed, engagements, staff)
    invoices, lines = make_invoices(seed, _by_client(engagements))
    yield "invoice", invoices
    yield "invoice_line", lines
    yield "mailing_list_member", make_mailing_list_members(seed, today, served, people)
    yield "call_note", make_call_notes(seed, served, staff)


def _by_client(engagements: list[Engagement]) -> list[tuple[Client, list[Engagement]]]:
    grouped: dict[int, tuple[Client, list[Engagement]]] = {}
    for engagement in engagements:
        grouped.setdefault(engagement.client.client_id, (engagement.client, []))[1].append(engagement)
    return list(grouped.values())


def make_decisions(seed: int, today: date, clients: list[Client], staff: list[Staff]) -> list[Row]:
    """Make the onboarding decision on every client, and later credit decisions on some."""
    chance = stream(seed, "decision")
    rows: list[Row] = []
    for client in clients:
        days = [client.opened]
        if client.known:
            days = [today - timedelta(days=client.known.decided_days_ago)]
        elif sometimes(chance, 0.4):
            days.append(pick_date(chance, client.opened, client.end))
        for decided_on in days:
            by = chance.choice(staff)
            reasons = chance.choice(DECISION_REASONS).format(name=client.name, colleague=by.name)
            about_person = client.kind == "person"
            rows.append(
                (
                    len(rows) + 1,
                    client.client_id,
                    by.staff_id,
                    "onboarding" if decided_on == client.opened else chance.choice(("credit", "payment plan")),
                    chance.choice(("accepted", "accepted", "accepted with conditions", "declined")),
                    decided_on,
                    chance.randint(480, 860) if about_person and sometimes(chance, 0.7) else None,
                    pick_amount(chance, 28_000, 190_000) if about_person and sometimes(chance, 0.5) else None,
                    reasons,
                )
            )
    return rows


def make_mailing_list_members(seed: int, today: date, clients: list[Client], people: PeopleMaker) -> list[Row]:
    """Put half of the clients and some people who never became clients on the mailing lists."""
    chance = stream(seed, "mailing_list_member")
    rows: list[Row] = []

    def add(list_name: str, client_id: int | None, email: str, name: str | None, first: date, consent: str) -> None:
        subscribed = pick_date(chance, first, today - timedelta(days=2))
        left = pick_date(chance, subscribed, today - timedelta(days=1)) if sometimes(chance, 0.2) else None
        rows.append((len(rows) + 1, list_name, client_id, email, name, consent, subscribed, left))

    prospects_since = today - timedelta(days=1500)
    add(MAILING_LISTS[0], None, NADIA_HADDAD.email, NADIA_HADDAD.full_name, prospects_since, "oral")
    for client in clients:
        if client.email and (client.known or sometimes(chance, 0.5)):
            list_name = MAILING_LISTS[0] if client.known else chance.choice(MAILING_LISTS)
            consent = chance.choice(("implied", "implied", "electronic", "written", "oral", "representative"))
            add(list_name, client.client_id, client.email, client.name, client.opened, consent)
    for _ in range(round(len(clients) * PROSPECTS_PER_CLIENT)):
        made = people.make_canadian()
        name = made.full_name if sometimes(chance, 0.6) else None
        add(chance.choice(MAILING_LISTS), None, made.email, name, prospects_since, "electronic")
    return rows


def make_call_notes(seed: int, clients: list[Client], staff: list[Staff]) -> list[Row]:
    """Make notes on about three calls per client."""
    chance = stream(seed, "call_note")
    rows: list[Row] = []
    for client in clients:
        for _ in range(client.known.calls if client.known else chance.randint(0, 6)):
            by = chance.choice(staff)
            words = chance.choice(CALL_NOTES)
            note = words.format(name=client.name, phone=client.phone or "the switchboard", colleague=by.name)
            rows.append(
                (
                    len(rows) + 1,
                    client.client_id,
                    by.staff_id if sometimes(chance, 0.97) else None,
                    pick_moment(chance, client.opened, client.end),
                    chance.choice(("incoming", "outgoing")),
                    client.phone if sometimes(chance, 0.8) else None,
                    chance.randint(1, 40),
                    note if sometimes(chance, 0.95) else None,
                )
            )
    return rows
