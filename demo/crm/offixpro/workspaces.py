"""The forty businesses that subscribe to OffixPro or to an operator sharing its database, and the operators' staff."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from demo.crm import names
from demo.crm.chance import pick_amount, pick_date, sometimes, stream
from demo.crm.loading import Row
from demo.crm.offixpro.known import KNOWN_WORKSPACES, KOFI_BOATENG, KnownEmployee, KnownWorkspace
from demo.crm.offixpro.schema import OPERATORS
from demo.crm.offixpro.words import DEPARTMENTS, JOB_TITLES
from demo.crm.people import PeopleMaker, Person, to_ascii

WORKSPACE_COUNT = 40
# Days since cancellation; 29, 30 and 31 are the days around the edge of the promised thirty.
OFFIXPRO_CANCELLED_DAYS_AGO = (400, 120, 75, 31, 29, 1)
ELSEWHERE_CANCELLED_DAYS_AGO = {"sankofa_cloud": (90, 45), "harmattan_soft": (200,)}
WORKSPACES_ELSEWHERE = {"sankofa_cloud": 8, "harmattan_soft": 4}
EMPLOYEES_PER_OPERATOR = {"offixpro": 90, "sankofa_cloud": 40, "harmattan_soft": 20}


@dataclass(frozen=True, slots=True)
class Workspace:
    """A subscriber business as the other tables need it; nothing happens in it before `start` or after `end`."""

    workspace_id: int
    operated_by: str
    plan: KnownWorkspace
    domain: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Staff:
    """The employees of the operators by number; `agents` handle tickets, `managers` look after customers."""

    rows: list[Row]
    agents: dict[str, list[int]] = field(default_factory=dict)
    managers: dict[str, list[int]] = field(default_factory=dict)
    kofi_boateng: int = 0
    names: dict[int, str] = field(default_factory=dict)


def plan_workspaces(seed: int) -> list[KnownWorkspace]:
    """List all forty: the known ones, then cancelled ones, then running ones."""
    chance = stream(seed, "workspace names")
    taken = {known.business_name for known in KNOWN_WORKSPACES}
    free = [f"{first} {last}" for first in names.BUSINESS_FIRST for last in names.BUSINESS_LAST]
    fresh = iter(chance.sample([name for name in free if name not in taken], WORKSPACE_COUNT))
    plans = list(KNOWN_WORKSPACES)
    plans += [KnownWorkspace(next(fresh), cancelled_days_ago=days) for days in OFFIXPRO_CANCELLED_DAYS_AGO]
    for operator, total in WORKSPACES_ELSEWHERE.items():
        days = ELSEWHERE_CANCELLED_DAYS_AGO[operator]
        plans += [KnownWorkspace(next(fresh), operator, cancelled_days_ago=ago) for ago in days]
        running = total - sum(plan.operated_by == operator for plan in plans)
        plans += [KnownWorkspace(next(fresh), operator) for _ in range(running)]
    plans += [KnownWorkspace(next(fresh)) for _ in range(WORKSPACE_COUNT - len(plans))]
    return plans


def make_workspaces(seed: int, today: date, people: PeopleMaker) -> tuple[list[Workspace], list[Row]]:
    """Make the forty workspaces, subscribed up to nine years before today."""
    chance = stream(seed, "workspace")
    workspaces: list[Workspace] = []
    rows: list[Row] = []
    for number, plan in enumerate(plan_workspaces(seed), start=1):
        cancelled = None if plan.cancelled_days_ago is None else today - timedelta(days=plan.cancelled_days_ago)
        # A running one ends yesterday, so that nothing in it is dated later than the moment of the build.
        end = cancelled or today - timedelta(days=1)
        start = pick_date(chance, end - timedelta(days=9 * 365), end - timedelta(days=400))
        domain = f"{to_ascii(plan.business_name)}.{'example' if number % 2 else 'test'}"
        workspace = Workspace(number, plan.operated_by, plan, domain, start, end)
        on_trial = cancelled is None and number % 13 == 0
        status = "cancelled" if cancelled else "trial" if on_trial else "active"
        workspaces.append(workspace)
        rows.append(_make_row(workspace, status, cancelled, people.make_ghanaian(domain), sometimes(chance, 0.7)))
    return workspaces, rows


def _make_row(workspace: Workspace, status: str, cancelled: date | None, billing: Person, has_momo: bool) -> Row:
    return (
        workspace.workspace_id,
        workspace.operated_by,
        workspace.plan.business_name,
        f"CS{workspace.workspace_id:09d}" if workspace.workspace_id % 5 else None,
        billing.street_address,
        billing.city,
        ("starter", "business", "enterprise")[workspace.workspace_id % 3],
        status,
        workspace.start,
        cancelled,
        workspace.plan.export_pending,
        billing.full_name,
        billing.email,
        billing.phone,
        billing.phone if has_momo else None,
    )


def make_staff(seed: int, today: date, people: PeopleMaker) -> Staff:
    """Make the operators' employees; number one is Kofi Boateng of OffixPro support. Every third handles tickets."""
    chance = stream(seed, "employee")
    staff = Staff(rows=[], kofi_boateng=1)
    for operator in OPERATORS:
        for _ in range(EMPLOYEES_PER_OPERATOR[operator]):
            number = len(staff.rows) + 1
            made = people.make_ghanaian(f"{operator.replace('_', '-')}.example")
            who: KnownEmployee | Person = KOFI_BOATENG if number == staff.kofi_boateng else made
            is_agent = number % 3 == 1
            staff.rows.append(_make_employee(chance, today, number, operator, who, is_agent))
            (staff.agents if is_agent else staff.managers).setdefault(operator, []).append(number)
            staff.names[number] = who.full_name
    return staff


def _make_employee(
    chance: Random, today: date, number: int, operator: str, who: Person | KnownEmployee, is_agent: bool
) -> Row:
    hired = pick_date(chance, today - timedelta(days=4500), today - timedelta(days=30))
    has_left = who is not KOFI_BOATENG and sometimes(chance, 0.15)
    return (
        number,
        operator,
        who.full_name,
        who.email,
        who.phone if sometimes(chance, 0.9) else None,
        "Support Agent" if is_agent else chance.choice(JOB_TITLES),
        "Customer Support" if is_agent else chance.choice(DEPARTMENTS),
        f"C{number:012d}" if sometimes(chance, 0.95) else None,
        pick_amount(chance, 2500, 16000) if sometimes(chance, 0.95) else None,
        f"GH00-TEST-{number:08d}" if sometimes(chance, 0.9) else None,
        hired,
        pick_date(chance, hired, today) if has_left else None,
    )
