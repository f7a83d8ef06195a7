"""The customers in the OffixPro CRM database, persons and companies, and the contacts at the companies."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random

from demo.crm import names
from demo.crm.chance import pick_date, pick_moment, sometimes, stream, years_before
from demo.crm.loading import Row
from demo.crm.offixpro.known import ESI_QUAYE, KNOWN_CUSTOMERS, KnownContact, KnownCustomer
from demo.crm.offixpro.words import CONTACT_NOTES, CUSTOMER_NOTES, DEPARTMENTS, JOB_TITLES
from demo.crm.offixpro.workspaces import Staff, Workspace
from demo.crm.people import PeopleMaker, Person, to_ascii

COMPANIES_PER_PERSON = 0.15
CONTACTS_PER_COMPANY = 2


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as the other tables need it. `known` is set for those whom demonstrations know by name."""

    customer_id: int
    workspace: Workspace
    kind: str
    name: str
    email: str | None
    phone: str | None
    address: Person
    created_at: datetime
    known: KnownCustomer | None


def make_customers(
    seed: int, today: date, persons: int, workspaces: list[Workspace], staff: Staff, people: PeopleMaker
) -> tuple[list[Customer], list[Row]]:
    """Make the known customers, then persons up to the number asked for, then companies."""
    chance = stream(seed, "customer")
    customers = _place_known(chance, workspaces, people)
    for workspace in _spread(chance, workspaces, persons - len(customers)):
        # Some were entered at the counter without an address, some without a telephone.
        has_email, has_phone = sometimes(chance, 0.96), sometimes(chance, 0.93)
        who = people.make_ghanaian()
        customers.append(_place(chance, len(customers) + 1, workspace, "person", who, has_email, has_phone))
    customers += _place_companies(chance, persons, workspaces, people)
    return customers, [_make_customer_row(chance, today, customer, staff) for customer in customers]


def _place_known(chance: Random, workspaces: list[Workspace], people: PeopleMaker) -> list[Customer]:
    at = {workspace.plan: workspace for workspace in workspaces}
    customers = []
    for number, known in enumerate(KNOWN_CUSTOMERS, start=1):
        who = replace(people.make_ghanaian(), full_name=known.full_name, email=known.email, phone=known.phone)
        customers.append(_place(chance, number, at[known.workspace], "person", who, known=known))
    return customers


def _place_companies(chance: Random, persons: int, workspaces: list[Workspace], people: PeopleMaker) -> list[Customer]:
    """Place the companies; the first is the one that employs the known contact."""
    companies: list[Customer] = []
    for workspace in _spread(chance, workspaces, round(persons * COMPANIES_PER_PERSON)):
        name, number = _name_company(chance), persons + len(companies) + 1
        if not companies:
            name = ESI_QUAYE.company
            workspace = next(one for one in workspaces if one.plan == ESI_QUAYE.workspace)
        email = people.make_email("info", str(number), f"{to_ascii(name)}.example")
        who = replace(people.make_ghanaian(), full_name=name, email=email)
        companies.append(_place(chance, number, workspace, "company", who))
    return companies


def _spread(chance: Random, workspaces: list[Workspace], count: int) -> list[Workspace]:
    """Give every workspace a share: one each first, then unevenly, as businesses differ in size."""
    sizes = list(accumulate(chance.uniform(0.5, 2.0) for _ in workspaces))
    spread = workspaces[:count]
    return spread + chance.choices(workspaces, cum_weights=sizes, k=count - len(spread))


def _place(
    chance: Random,
    number: int,
    workspace: Workspace,
    kind: str,
    who: Person,
    has_email: bool = True,
    has_phone: bool = True,
    known: KnownCustomer | None = None,
) -> Customer:
    # The last day is left free so that whatever follows fits between the first entry and the cancellation.
    created = pick_moment(chance, workspace.start, workspace.end - timedelta(days=2))
    email, phone = who.email if has_email else None, who.phone if has_phone else None
    return Customer(number, workspace, kind, who.full_name, email, phone, who, created, known)


def _name_company(chance: Random) -> str:
    return f"{chance.choice(names.BUSINESS_FIRST)} {chance.choice(names.BUSINESS_LAST)} Ltd"


def _make_customer_row(chance: Random, today: date, customer: Customer, staff: Staff) -> Row:
    is_person, at = customer.kind == "person", customer.address
    operator = customer.workspace.operated_by
    note = chance.choice(CUSTOMER_NOTES).format(name=customer.name) if sometimes(chance, 0.3) else None
    has_card = is_person and sometimes(chance, 0.5)
    return (
        customer.customer_id,
        operator,
        customer.workspace.workspace_id,
        chance.choice(staff.managers[operator]) if sometimes(chance, 0.8) else None,
        f"C-{customer.customer_id:07d}",
        customer.kind,
        customer.name,
        customer.email,
        customer.phone,
        customer.phone if sometimes(chance, 0.6) else None,
        _pick_birthday(chance, today, customer) if is_person else None,
        f"GHA-{customer.customer_id:09d}-{customer.customer_id % 10}" if has_card else None,
        at.street_address,
        at.city,
        at.postal_code if sometimes(chance, 0.7) else None,
        "GH",
        chance.choice(("en", "tw", "ee", "ha", None)),
        note,
        customer.created_at,
    )


def _pick_birthday(chance: Random, today: date, customer: Customer) -> date | None:
    if customer.known:
        return years_before(today - timedelta(days=customer.known.days_since_birthday), customer.known.age_years)
    adult = pick_date(chance, years_before(today, 80), years_before(today, 19))
    return adult if sometimes(chance, 0.6) else None


def make_contacts(seed: int, customers: list[Customer], people: PeopleMaker) -> list[Row]:
    """Make two contacts at every company; the first of the first company is known by name."""
    chance = stream(seed, "contact")
    rows: list[Row] = []
    for company in (customer for customer in customers if customer.kind == "company"):
        for place in range(CONTACTS_PER_COMPANY):
            made: Person | KnownContact = people.make_ghanaian(f"{to_ascii(company.name)}.example")
            if not rows:
                made = ESI_QUAYE
            rows.append(
                (
                    len(rows) + 1,
                    company.workspace.operated_by,
                    company.customer_id,
                    made.full_name,
                    made.email,
                    made.phone if sometimes(chance, 0.85) else None,
                    chance.choice(JOB_TITLES) if sometimes(chance, 0.8) else None,
                    chance.choice(DEPARTMENTS) if sometimes(chance, 0.6) else None,
                    place == 0,
                    chance.choice(CONTACT_NOTES).format(name=made.full_name) if sometimes(chance, 0.2) else None,
                    pick_moment(chance, company.created_at.date(), company.workspace.end),
                )
            )
    return rows
