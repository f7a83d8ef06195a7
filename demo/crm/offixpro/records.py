"""What happens to the people in the OffixPro CRM database: sign-ins, invoices, tickets."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from demo.crm.chance import CENT, pick_amount, pick_date, pick_moment, pick_uuid, sometimes, stream
from demo.crm.loading import Row
from demo.crm.offixpro.customers import Customer
from demo.crm.offixpro.users import User
from demo.crm.offixpro.words import (
    AGENT_WORDS,
    CUSTOMER_WORDS,
    DEVICES,
    GREETING,
    INVOICE_ITEMS,
    INVOICE_NOTES,
    TICKET_SUBJECTS,
)
from demo.crm.offixpro.workspaces import Staff

TAX_RATE = Decimal("0.15")
# RFC 5737 and RFC 3849 keep these networks for documentation.
DOCUMENTATION_NETWORKS = ("192.0.2", "198.51.100", "203.0.113")


def make_login_events(seed: int, users: list[User]) -> list[Row]:
    """Make about nine sign-ins per user."""
    chance = stream(seed, "login_event")
    rows: list[Row] = []
    for user in users:
        for _ in range(chance.randint(4, 14) if user.logins is None else user.logins):
            device, system, agent = chance.choice(DEVICES)
            rows.append(
                (
                    pick_uuid(chance),
                    user.workspace.operated_by,
                    user.user_id,
                    pick_moment(chance, user.created_at.date(), user.workspace.end),
                    _pick_address(chance),
                    agent,
                    device,
                    system,
                    sometimes(chance, 0.93),
                )
            )
    return rows


def _pick_address(chance: Random) -> str:
    if sometimes(chance, 0.2):
        return f"2001:db8:{chance.getrandbits(16):x}:{chance.getrandbits(16):x}::{chance.randint(1, 65535):x}"
    return f"{chance.choice(DOCUMENTATION_NETWORKS)}.{chance.randint(1, 254)}"


def make_invoices(seed: int, today: date, customers: list[Customer]) -> tuple[list[Row], list[Row]]:
    """Make invoices and their lines; the amounts add up. Gives the rows of both tables."""
    chance = stream(seed, "invoice")
    invoices: list[Row] = []
    lines: list[Row] = []
    for customer in customers:
        for _ in range(customer.known.invoices if customer.known else chance.choice((0, 1, 1, 2, 2))):
            number = len(invoices) + 1
            net = Decimal(0)
            for line_no in range(1, (3 if customer.known else chance.randint(1, 4)) + 1):
                line = _make_line(chance, number, line_no, customer.workspace.operated_by)
                lines.append(line)
                net += line[-1]
            invoices.append(_make_invoice(chance, today, number, customer, net))
    return invoices, lines


def _make_line(chance: Random, invoice_id: int, line_no: int, operated_by: str) -> Row:
    quantity, price = chance.randint(1, 12), pick_amount(chance, 15, 900)
    return (invoice_id, line_no, operated_by, chance.choice(INVOICE_ITEMS), quantity, price, quantity * price)


def _make_invoice(chance: Random, today: date, number: int, customer: Customer, net: Decimal) -> Row:
    issued = pick_date(chance, customer.created_at.date(), customer.workspace.end)
    is_paid = sometimes(chance, 0.85) or customer.known is not None
    paid = min(issued + timedelta(days=chance.randint(0, 45)), today) if is_paid else None
    method = chance.choice(("momo", "momo", "bank transfer", "cash")) if paid else None
    if customer.known:
        method = "momo"
    by_momo, at = method == "momo", customer.address
    tax = (net * TAX_RATE).quantize(CENT)
    return (
        number,
        customer.workspace.operated_by,
        customer.customer_id,
        f"INV-{issued.year}-{number:07d}",
        issued,
        issued + timedelta(days=30),
        paid,
        "GHS",
        net,
        tax,
        net + tax,
        customer.name,
        customer.email,
        f"{at.street_address}, {at.city}" if sometimes(chance, 0.9) else None,
        method,
        customer.phone if by_momo else None,
        f"MM{chance.randint(10**10, 10**11 - 1)}" if by_momo else None,
        chance.choice(INVOICE_NOTES).format(name=customer.name) if sometimes(chance, 0.1) else None,
    )


def make_tickets(seed: int, today: date, customers: list[Customer], staff: Staff) -> tuple[list[Row], list[Row]]:
    """Make tickets and the messages in them. Gives the rows of both tables.

    OffixPro's known customers are all served by Kofi Boateng, and so is one in ten of the others.
    """
    chance = stream(seed, "ticket")
    tickets: list[Row] = []
    messages: list[Row] = []
    for customer in customers:
        for _ in range(customer.known.tickets if customer.known else int(sometimes(chance, 0.5))):
            number = len(tickets) + 1
            agent = _pick_agent(chance, customer, staff)
            tickets.append(_make_ticket(chance, today, number, customer, agent))
            messages += _make_messages(chance, len(messages), tickets[-1], customer, agent, staff)
    return tickets, messages


def _pick_agent(chance: Random, customer: Customer, staff: Staff) -> int | None:
    operator = customer.workspace.operated_by
    if operator == "offixpro" and (customer.known or sometimes(chance, 0.1)):
        return staff.kofi_boateng
    return chance.choice(staff.agents[operator]) if sometimes(chance, 0.95) else None


def _make_ticket(chance: Random, today: date, number: int, customer: Customer, agent: int | None) -> Row:
    opened = pick_moment(chance, customer.created_at.date(), customer.workspace.end)
    closed = opened + timedelta(hours=chance.randint(1, 300)) if agent and sometimes(chance, 0.8) else None
    if closed and closed.date() >= today:
        closed = None
    return (
        number,
        customer.workspace.operated_by,
        customer.customer_id,
        agent,
        chance.choice(TICKET_SUBJECTS).format(name=customer.name),
        "closed" if closed else "waiting" if agent else "open",
        chance.choice(("low", "normal", "normal", "high")),
        opened,
        closed,
        chance.randint(1, 5) if closed and sometimes(chance, 0.5) else None,
    )


def _make_messages(
    chance: Random, made: int, ticket: Row, customer: Customer, agent: int | None, staff: Staff
) -> list[Row]:
    """Make two to four messages: customer and agent in turn, or the customer alone while nobody is assigned."""
    sent, rows = ticket[7], []
    said_by = {
        "name": customer.name,
        "agent": staff.names.get(agent or 0, "team"),
        "phone": customer.phone or "the till",
    }
    for turn in range(chance.randint(2, 4)):
        by_agent = agent is not None and turn % 2 == 1
        words = chance.choice(AGENT_WORDS if by_agent else CUSTOMER_WORDS)
        if customer.known and turn == 0:
            words = GREETING
        rows.append(
            (
                made + turn + 1,
                customer.workspace.operated_by,
                ticket[0],
                agent if by_agent else None,
                "agent" if by_agent else "customer",
                None if by_agent else customer.email,
                sent,
                words.format(**said_by),
            )
        )
        sent += timedelta(minutes=chance.randint(1, 12))
    return rows
