"""Build the two sample databases. See README.md beside this file for what is in them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from demo.crm.back_office.rows import MINIMUM_CLIENTS, make_back_office_rows
from demo.crm.back_office.schema import BACK_OFFICE
from demo.crm.chance import stream
from demo.crm.loading import Progress, Row, SampleBuild, build, say_nothing
from demo.crm.offixpro.customers import make_contacts, make_customers
from demo.crm.offixpro.known import KNOWN_CUSTOMERS, KNOWN_EMAILS
from demo.crm.offixpro.records import make_invoices, make_login_events, make_tickets
from demo.crm.offixpro.schema import OFFIXPRO
from demo.crm.offixpro.users import make_marketing_preferences, make_users
from demo.crm.offixpro.workspaces import WORKSPACE_COUNT, make_staff, make_workspaces
from demo.crm.people import PeopleMaker

DEFAULT_SEED = 20250505
MINIMUM_PEOPLE = WORKSPACE_COUNT + len(KNOWN_CUSTOMERS)


def build_offixpro_crm(
    dsn: str,
    *,
    progress: Progress = say_nothing,
    people: int = 20_000,
    seed: int = DEFAULT_SEED,
    today: date | None = None,
) -> SampleBuild:
    """Build the database of the OffixPro CRM in schema `crm`, unless it is there already.

    A database that is there is left as it is, whatever the other arguments say: people may have been erased in it.

    Args:
        dsn: an existing PostgreSQL database, as a role that may create a schema in it.
        progress: told in one sentence what has just been done.
        people: customers who are persons; contacts, users and companies come on top, records in proportion.
        seed: the same seed and day give the same rows.
        today: the day from which cancellations count back; by default the current day in UTC.

    Raises:
        ValueError: too few people to fill the forty workspaces.
        SchemaTaken: the database has a schema `crm` that this function did not make.
    """
    if people < MINIMUM_PEOPLE:
        raise ValueError(f"The OffixPro sample needs at least {MINIMUM_PEOPLE} people, not {people}: ask for more.")
    today = today or datetime.now(UTC).date()
    settings = {"people": people, "seed": seed, "today": today}
    return build(dsn, OFFIXPRO, settings=settings, batches=_make_offixpro_rows(people, seed, today), progress=progress)


def _make_offixpro_rows(persons: int, seed: int, today: date) -> Iterator[tuple[str, list[Row]]]:
    people = PeopleMaker(stream(seed, "people"), taken=KNOWN_EMAILS)
    workspaces, rows = make_workspaces(seed, today, people)
    yield "workspace", rows
    staff = make_staff(seed, today, people)
    yield "employee", staff.rows
    customers, rows = make_customers(seed, today, persons, workspaces, staff, people)
    yield "customer", rows
    yield "contact", make_contacts(seed, customers, people)
    users, rows = make_users(seed, customers, workspaces, people)
    yield "crm_user", rows
    yield "login_event", make_login_events(seed, users)
    invoices, lines = make_invoices(seed, today, customers)
    yield "invoice", invoices
    yield "invoice_line", lines
    tickets, messages = make_tickets(seed, today, customers, staff)
    yield "ticket", tickets
    yield "ticket_message", messages
    yield "marketing_preference", make_marketing_preferences(seed, customers)


def build_back_office_crm(
    dsn: str,
    *,
    progress: Progress = say_nothing,
    clients: int = 2_000,
    seed: int = DEFAULT_SEED,
    today: date | None = None,
) -> SampleBuild:
    """Build the database of Back Office Admins in schema `office`, unless it is there already.

    Args:
        dsn: an existing PostgreSQL database, as a role that may create a schema in it.
        progress: told in one sentence what has just been done.
        clients: persons and organizations served.
        seed: the same seed and day give the same rows.
        today: the day from which decisions and closings count back; by default the current day in UTC.

    Raises:
        ValueError: too few clients.
        SchemaTaken: the database has a schema `office` that this function did not make.
    """
    if clients < MINIMUM_CLIENTS:
        raise ValueError(f"The sample needs at least {MINIMUM_CLIENTS} clients, not {clients}: ask for more.")
    today = today or datetime.now(UTC).date()
    settings = {"clients": clients, "seed": seed, "today": today}
    return build(
        dsn, BACK_OFFICE, settings=settings, batches=make_back_office_rows(clients, seed, today), progress=progress
    )
