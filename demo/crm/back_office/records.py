"""Engagements of Back Office Admins, the documents filed in them and the invoices sent for them."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from demo.crm.back_office.parties import Client, Staff
from demo.crm.back_office.words import DOCUMENT_TITLES, INVOICE_NOTES, SCOPE_NOTES, SERVICES
from demo.crm.chance import CENT, pick_amount, pick_date, pick_moment, pick_uuid, sometimes, stream
from demo.crm.loading import Row
from demo.crm.people import to_ascii

TAX_RATE = Decimal("0.05")


@dataclass(frozen=True, slots=True)
class Engagement:
    """An agreed piece of work as the other tables need it."""

    engagement_id: int
    client: Client
    service: str
    start: date
    end: date


def make_engagements(seed: int, clients: list[Client], staff: list[Staff]) -> tuple[list[Engagement], list[Row]]:
    """Make one to three engagements per client; one in eight is looked after by Hannah Morrison."""
    chance = stream(seed, "engagement")
    engagements: list[Engagement] = []
    rows: list[Row] = []
    for client in clients:
        for _ in range(client.known.engagements if client.known else chance.choice((1, 1, 2, 3))):
            start = pick_date(chance, client.opened, client.end)
            ended = pick_date(chance, start, client.end) if client.closed or sometimes(chance, 0.3) else None
            engagement = Engagement(len(engagements) + 1, client, chance.choice(SERVICES), start, ended or client.end)
            manager = staff[0] if client.known or sometimes(chance, 0.125) else chance.choice(staff)
            engagements.append(engagement)
            rows.append(
                (
                    engagement.engagement_id,
                    client.client_id,
                    manager.staff_id,
                    engagement.service,
                    start,
                    ended,
                    pick_amount(chance, 35, 140),
                    chance.choice(SCOPE_NOTES).format(name=client.name) if sometimes(chance, 0.4) else None,
                )
            )
    return engagements, rows


def make_documents(seed: int, engagements: list[Engagement], staff: list[Staff]) -> list[Row]:
    """Make the entries of up to four documents per engagement; file names carry the client's name, as they do."""
    chance = stream(seed, "document")
    rows: list[Row] = []
    for engagement in engagements:
        client = engagement.client
        for _ in range(2 if client.known else chance.randint(0, 4)):
            title = chance.choice(DOCUMENT_TITLES)
            file_name = "-".join(to_ascii(word) for word in f"{title} {client.name}".split())
            kind, media_type = chance.choice((("pdf", "application/pdf"), ("jpg", "image/jpeg")))
            rows.append(
                (
                    pick_uuid(chance),
                    engagement.engagement_id,
                    chance.choice(staff).staff_id if sometimes(chance, 0.9) else None,
                    f"{title}, {client.name}",
                    f"{file_name}.{kind}",
                    media_type,
                    chance.randint(12_000, 4_000_000),
                    pick_moment(chance, engagement.start, engagement.end),
                )
            )
    return rows


def make_invoices(seed: int, served: list[tuple[Client, list[Engagement]]]) -> tuple[list[Row], list[Row]]:
    """Make about four invoices per client and their lines; the amounts add up. Gives the rows of both tables."""
    chance = stream(seed, "office invoice")
    invoices: list[Row] = []
    lines: list[Row] = []
    for client, engagements in served:
        for _ in range(client.known.invoices if client.known else chance.randint(1, 7)):
            engagement, number = chance.choice(engagements), len(invoices) + 1
            made = [_make_line(chance, number, line_no, engagement) for line_no in range(1, chance.randint(1, 4) + 1)]
            lines += made
            net = sum((line[-1] for line in made), Decimal(0))
            invoices.append(_make_invoice(chance, number, client, engagement, net))
    return invoices, lines


def _make_line(chance: Random, invoice_id: int, line_no: int, engagement: Engagement) -> Row:
    hours, rate = chance.randint(1, 20), pick_amount(chance, 35, 140)
    return (invoice_id, line_no, f"{engagement.service}, hours", hours, rate, hours * rate)


def _make_invoice(chance: Random, number: int, client: Client, engagement: Engagement, net: Decimal) -> Row:
    issued = pick_date(chance, engagement.start, engagement.end)
    paid = min(issued + timedelta(days=chance.randint(1, 60)), client.end) if sometimes(chance, 0.9) else None
    at, tax = client.address, (net * TAX_RATE).quantize(CENT)
    return (
        number,
        client.client_id,
        engagement.engagement_id if sometimes(chance, 0.9) else None,
        f"{issued.year}-{number:06d}",
        issued,
        paid,
        net,
        tax,
        net + tax,
        client.name,
        client.email,
        f"{at.street_address}, {at.city} {at.area} {at.postal_code}" if sometimes(chance, 0.95) else None,
        chance.choice(INVOICE_NOTES).format(name=client.name) if sometimes(chance, 0.1) else None,
    )
