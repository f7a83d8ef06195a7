"""The people who sign in to the OffixPro CRM, and what customers want to be sent."""

from dataclasses import dataclass
from datetime import datetime
from random import Random

from demo.crm.chance import pick_moment, sometimes, stream
from demo.crm.loading import Row
from demo.crm.offixpro.customers import Customer
from demo.crm.offixpro.words import DEPARTMENTS, JOB_TITLES
from demo.crm.offixpro.workspaces import Workspace
from demo.crm.people import PeopleMaker, Person

CUSTOMERS_WHO_SIGN_IN = 0.3
USERS_PER_WORKSPACE = 10


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who signs in, as the login events need it."""

    user_id: int
    workspace: Workspace
    created_at: datetime
    logins: int | None


def make_users(
    seed: int, customers: list[Customer], workspaces: list[Workspace], people: PeopleMaker
) -> tuple[list[User], list[Row]]:
    """Give known customers and some of the others a login, and every workspace an owner and members."""
    chance = stream(seed, "crm_user")
    made: list[tuple[User, Row]] = []
    for customer in customers:
        if not customer.email or customer.kind == "company":
            continue
        if customer.known or sometimes(chance, CUSTOMERS_WHO_SIGN_IN):
            # People write their own address as they please: lookups must not care about capitals.
            email = customer.email.title() if customer.known or sometimes(chance, 0.02) else customer.email
            made.append(_make_customer_user(chance, len(made) + 1, customer, email))
    for workspace in workspaces:
        for place in range(USERS_PER_WORKSPACE):
            who, role = people.make_ghanaian(workspace.domain), "member" if place else "owner"
            made.append(_make_worker(chance, len(made) + 1, workspace, who, role))
    return [user for user, _ in made], [row for _, row in made]


def _make_customer_user(chance: Random, number: int, customer: Customer, email: str) -> tuple[User, Row]:
    created = pick_moment(chance, customer.created_at.date(), customer.workspace.end)
    user = User(number, customer.workspace, created, customer.known.logins if customer.known else None)
    about = (customer.customer_id, customer.name, email, customer.phone, None, None, "customer")
    return user, _make_row(chance, user, about)


def _make_worker(chance: Random, number: int, workspace: Workspace, who: Person, role: str) -> tuple[User, Row]:
    user = User(number, workspace, pick_moment(chance, workspace.start, workspace.end), None)
    department = chance.choice(DEPARTMENTS) if sometimes(chance, 0.8) else None
    about = (None, who.full_name, who.email, who.phone, chance.choice(JOB_TITLES), department, role)
    return user, _make_row(chance, user, about)


def _make_row(chance: Random, user: User, about: Row) -> Row:
    workspace = user.workspace
    return (
        user.user_id,
        workspace.operated_by,
        workspace.workspace_id,
        *about,
        f"scrypt$32768$8$1${chance.getrandbits(256):064x}" if sometimes(chance, 0.98) else None,
        user.created_at,
        pick_moment(chance, user.created_at.date(), workspace.end) if sometimes(chance, 0.9) else None,
    )


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
