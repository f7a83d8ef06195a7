"""The staff and the clients of Back Office Admins."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from demo.crm import names
from demo.crm.back_office.known import HANNAH_MORRISON, KNOWN_CLIENTS, KnownClient, KnownPerson
from demo.crm.back_office.words import CLIENT_NOTES, JOB_TITLES
from demo.crm.chance import pick_date, sometimes, stream, years_before
from demo.crm.loading import Row
from demo.crm.people import PeopleMaker, Person, to_ascii

STAFF_COUNT = 25
STAFF_DOMAIN = "backofficeadmins.example"
SHARE_OF_ORGANIZATIONS = 0.2
SHARE_OF_CLOSED = 0.25


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff as the other tables need them."""

    staff_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Client:
    """A client as the other tables need it; nothing happens before `opened` or after `end`."""

    client_id: int
    kind: str
    name: str
    email: str | None
    phone: str | None
    address: Person
    opened: date
    closed: date | None
    end: date
    known: KnownClient | None


def make_staff(seed: int, today: date, people: PeopleMaker) -> tuple[list[Staff], list[Row]]:
    """Make the staff; number one is Hannah Morrison."""
    chance = stream(seed, "staff")
    staff: list[Staff] = []
    rows: list[Row] = []
    for number in range(1, STAFF_COUNT + 1):
        made = people.make_canadian(STAFF_DOMAIN)
        who: KnownPerson | Person = HANNAH_MORRISON if number == 1 else made
        hired = pick_date(chance, today - timedelta(days=4000), today - timedelta(days=30))
        left = pick_date(chance, hired, today) if number > 1 and sometimes(chance, 0.15) else None
        phone = who.phone if sometimes(chance, 0.9) else None
        staff.append(Staff(number, who.full_name))
        rows.append((number, who.full_name, who.email, phone, chance.choice(JOB_TITLES), hired, left))
    return staff, rows


def make_clients(seed: int, today: date, count: int, people: PeopleMaker) -> tuple[list[Client], list[Row]]:
    """Make the known clients, then others up to the count, opened up to eleven years before today."""
    chance = stream(seed, "client")
    clients = [
        _make_known(number, known, today, people.make_canadian()) for number, known in enumerate(KNOWN_CLIENTS, start=1)
    ]
    clients += [_make_client(chance, number, today, people) for number in range(len(clients) + 1, count + 1)]
    return clients, [_make_row(chance, today, client) for client in clients]


def _make_known(number: int, known: KnownClient, today: date, near: Person) -> Client:
    city, province, forward, _ = next(place for place in names.CANADIAN_PLACES if place[0] == known.city)
    address = Person(
        known.full_name,
        known.email,
        known.phone,
        near.street_address,
        city,
        province,
        f"{forward} {near.postal_code[4:]}",
    )
    closed = None if known.closed_days_ago is None else today - timedelta(days=known.closed_days_ago)
    opened = today - timedelta(days=max(known.decided_days_ago, known.closed_days_ago or 0) + 300)
    end = closed or today - timedelta(days=1)
    return Client(number, "person", known.full_name, known.email, known.phone, address, opened, closed, end, known)


def _make_client(chance: Random, number: int, today: date, people: PeopleMaker) -> Client:
    made = people.make_canadian()
    kind = "organization" if sometimes(chance, SHARE_OF_ORGANIZATIONS) else "person"
    name, email = made.full_name, made.email
    if kind == "organization":
        name = f"{chance.choice(names.CANADIAN_LAST)} {chance.choice(names.BUSINESS_LAST)} Inc."
        email = people.make_email("office", str(number), f"{to_ascii(name)}.example")
    opened = pick_date(chance, years_before(today, 11), today - timedelta(days=60))
    closed = None
    if sometimes(chance, SHARE_OF_CLOSED):
        closed = pick_date(chance, opened + timedelta(days=30), today - timedelta(days=1))
    return Client(
        number,
        kind,
        name,
        email if sometimes(chance, 0.95) else None,
        made.phone if sometimes(chance, 0.92) else None,
        made,
        opened,
        closed,
        closed or today - timedelta(days=1),
        known=None,
    )


def _make_row(chance: Random, today: date, client: Client) -> Row:
    at = client.address
    born = pick_date(chance, years_before(today, 80), years_before(today, 19))
    note = chance.choice(CLIENT_NOTES).format(name=client.name)
    return (
        client.client_id,
        f"BOA-{client.client_id:05d}",
        client.kind,
        client.name,
        client.email,
        client.phone,
        at.street_address,
        at.city,
        at.area,
        at.postal_code if sometimes(chance, 0.97) else None,
        born if client.kind == "person" and sometimes(chance, 0.6) else None,
        "fr" if at.area == "QC" else "en",
        client.opened,
        client.closed,
        note if sometimes(chance, 0.35) else None,
    )
