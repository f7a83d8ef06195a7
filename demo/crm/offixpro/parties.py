"""The customers, contacts, users and their marketing preferences in the OffixPro CRM database."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random

from demo.crm import names
from demo.crm.chance import pick_date, pick_moment, sometimes, stream, years_before
from demo.crm.loading import Row
from demo.crm.offixpro.known import ESI_QUAYE, KNOWN_CUSTOMERS, KnownColleague, KnownCustomer
from demo.crm.offixpro.words import CONTACT_NOTES, CUSTOMER_NOTES, DEPARTMENTS, JOB_TITLES
from demo.crm.offixpro.workspaces import Staff, Workspace
from demo.crm.people import PeopleMaker, Person, to_ascii

COMPANIES_PER_PERSON = 0.15
CONTACTS_PER_COMPANY = 2
CUSTOMERS_WHO_SIGN_IN = 0.3
USERS_PER_WORKSPACE = 10


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


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who signs in, as the login events need it."""

    user_id: int
    workspace: Workspace
    created_at: datetime
    logins: int | None


def make_customers(
    seed: int, today: date, persons: int, workspaces: list[Workspace], staff: Staff, people: PeopleMaker
) -> tuple[list[Customer], list[Row]]:
    """Make the known customers, one known company, then persons up to the number asked for, then companies."""
    chance = stream(seed, "customer")
    by_plan = {workspace.plan: workspace for workspace in workspaces}
    customers: list[Customer] = []
    for known in KNOWN_CUSTOMERS:
        address = people.make_ghanaian()
        customers.append(
            _place(chance, customers, by_plan[known.workspace], "person", known.full_name, known.email, known.phone,
                   address, known)
        )  # fmt: skip
    companies = round(persons * COMPANIES_PER_PERSON)
    for workspace in _spread(chance, workspaces, persons - len(customers)):
        made = people.make_ghanaian()
        # Some were entered at the counter without an address, some without a telephone.
        email = made.email if sometimes(chance, 0.96) else None
        phone = made.phone if sometimes(chance, 0.93) else None
        customers.append(_place(chance, customers, workspace, "person", made.full_name, email, phone, made))
    for number, workspace in enumerate(_spread(chance, workspaces, companies)):
        name, at = _name_company(chance), people.make_ghanaian()
        if number == 0:
            name, workspace = ESI_QUAYE.company, by_plan[ESI_QUAYE.workspace]
        email = people.make_email("info", str(number + 1), f"{to_ascii(name)}.example")
        customers.append(_place(chance, customers, workspace, "company", name, email, at.phone, at))
    return customers, [_make_customer_row(chance, today, customer, staff) for customer in customers]


def _spread(chance: Random, workspaces: list[Workspace], count: int) -> list[Workspace]:
    """Give every workspace a share: one each first, then unevenly, as businesses differ in size."""
    sizes = list(accumulate(chance.uniform(0.5, 2.0) for _ in workspaces))
    spread = workspaces[:count]
    return spread + chance.choices(workspaces, cum_weights=sizes, k=count - len(spread))


def _place(
    chance: Random,
    others: list[Customer],
    workspace: Workspace,
    kind: str,
    name: str,
    email: str | None,
    phone: str | None,
    address: Person,
    known: KnownCustomer | None = None,
) -> Customer:
    # The last day is left free so that whatever follows fits between the first entry and the cancellation.
    created = pick_moment(chance, workspace.start, workspace.end - timedelta(days=2))
    return Customer(len(others) + 1, workspace, kind, name, email, phone, address, created, known)


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
    if customer.known and customer.known.age_years is not None:
        return years_before(today, customer.known.age_years) - timedelta(days=40)
    adult = pick_date(chance, years_before(today, 80), years_before(today, 19))
    return adult if sometimes(chance, 0.6) else None


def make_contacts(seed: int, customers: list[Customer], people: PeopleMaker) -> list[Row]:
    """Make two contacts at every company; the first of the first company is known by name."""
    chance = stream(seed, "contact")
    rows: list[Row] = []
    for company in (customer for customer in customers if customer.kind == "company"):
        for place in range(CONTACTS_PER_COMPANY):
            made: Person | KnownColleague = people.make_ghanaian(f"{to_ascii(company.name)}.example")
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


def make_users(
    seed: int, customers: list[Customer], workspaces: list[Workspace], people: PeopleMaker
) -> tuple[list[User], list[Row]]:
    """Give known customers and some of the others a login, and every workspace an owner and members."""
    chance = stream(seed, "crm_user")
    users: list[User] = []
    rows: list[Row] = []

    def add(
        workspace: Workspace, customer: Customer | None, name: str, email: str, phone: str | None, role: str
    ) -> None:
        first_day = customer.created_at.date() if customer else workspace.start
        created = pick_moment(chance, first_day, workspace.end)
        logins = customer.known.logins if customer and customer.known else None
        user = User(len(users) + 1, workspace, created, logins)
        users.append(user)
        at_work = role != "customer"
        rows.append(
            (
                user.user_id,
                workspace.operated_by,
                workspace.workspace_id,
                customer.customer_id if customer else None,
                name,
                email,
                phone,
                chance.choice(JOB_TITLES) if at_work else None,
                chance.choice(DEPARTMENTS) if at_work and sometimes(chance, 0.8) else None,
                role,
                f"scrypt$32768$8$1${chance.getrandbits(256):064x}" if sometimes(chance, 0.98) else None,
                created,
                pick_moment(chance, created.date(), workspace.end) if sometimes(chance, 0.9) else None,
            )
        )

    for customer in customers:
        if customer.known or (
            customer.kind == "person" and customer.email and sometimes(chance, CUSTOMERS_WHO_SIGN_IN)
        ):
            # People write their own address as they please: lookups must not care about capitals.
            email = customer.email.title() if customer.known or sometimes(chance, 0.02) else customer.email
            add(customer.workspace, customer, customer.name, email, customer.phone, "customer")
    for workspace in workspaces:
        for place in range(USERS_PER_WORKSPACE):
            made = people.make_ghanaian(workspace.domain)
            add(workspace, None, made.full_name, made.email, made.phone, "member" if place else "owner")
    return users, rows


def make_marketing_preferences(seed: int, customers: list[Customer]) -> list[Row]:
    """Make one to three preferences per person; a destination is what was typed in, if anything was."""
    chance = stream(seed, "marketing_preference")
    rows: list[Row] = []
    for customer in customers:
        if customer.kind == "company":
            continue
        for channel in ("email", "sms", "whatsapp")[: 3 if customer.known else chance.choice((1, 1, 2))]:
            rows.append(
                (
                    customer.customer_id,
                    channel,
                    customer.workspace.operated_by,
                    customer.email if channel == "email" else customer.phone,
                    sometimes(chance, 0.55),
                    chance.choice(("web form", "shop counter", "trade fair", None)),
                    pick_moment(chance, customer.created_at.date(), customer.workspace.end),
                )
            )
    return rows
