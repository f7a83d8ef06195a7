"""Members of a club as a source, a rule that tells them ten days before it acts, and runs on days to come."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core import mail
from django.utils import timezone

from privacy.datamap.models import DataCategory, Dataset, Field, Source
from privacy.datamap.services import confirm_dataset, connect_source, discover
from privacy.jobs.models import Job
from privacy.jobs.runner import run_job
from privacy.ledger.actors import SYSTEM
from privacy.register.selectors import local_date
from retention.models import Rule, Run
from retention.rule_plan import RulePlan, noon, plan_rule
from retention.services import activate_rule, save_rule, start_rule_run
from tests.sources import address_of, change, rows, work

PERIOD, NOTICE = 90, 10
TABLES = """
CREATE TABLE member (id int PRIMARY KEY, email text, lang text, name text, seen_on date);
CREATE TABLE payment (id int PRIMARY KEY, member_id int NOT NULL REFERENCES member (id), note text);
CREATE INDEX ON payment (member_id);
"""


def day(number: int) -> dt.date:
    """So many days from today where the organisation is."""
    return local_date(timezone.now()) + dt.timedelta(days=number)


def seen_so_that_due_on(number: int) -> dt.date:
    """The day of the last visit of somebody whose row is due in so many days."""
    return day(number) - dt.timedelta(days=PERIOD + 1)


def members_of(dsn: str) -> Source:
    change(dsn, TABLES)
    for number, (name, due) in enumerate((("Ama", NOTICE), ("Kofi", NOTICE), ("Yaa", NOTICE + 1)), start=1):
        add_member(dsn, number, name, due)
    return connected(address_of(dsn))


def connected(address: str) -> Source:
    """The club, discovered and confirmed, with its mail addresses declared."""
    source = connect_source(name="Club", address=address, actor=SYSTEM)
    discover(source=source, actor=SYSTEM)
    fields = Field.objects.filter(dataset__source=source)
    fields.update(category=DataCategory.BUSINESS, on_erasure="keep", on_retention="keep", keep_reason="Law")
    fields.filter(column="email").update(letter_role="address", identifier_kind="email")
    fields.filter(column="lang").update(letter_role="language")
    fields.filter(column__in=["email", "name"]).update(on_erasure="null", on_retention="null")
    fields.filter(column="note").update(on_erasure="null")
    for dataset in source.datasets.all():
        confirm_dataset(dataset=dataset, actor=SYSTEM)
    return source


def add_member(dsn: str, number: int, name: str, due: int, email: str | None = "") -> None:
    """`due`: in how many days. `email`: their own when empty, none when None."""
    address = f"{name.lower()}@example.com" if email == "" else email
    values = (number, address, "en-GH", name, seen_so_that_due_on(due))
    change(dsn, "INSERT INTO member VALUES (%s, %s, %s, %s, %s)", *values)
    change(dsn, "INSERT INTO payment VALUES (%s, %s, 'paid')", number * 10, number)


@dataclass
class Club:
    dsn: str
    source: Source

    def rule(self, **changes: Any) -> Rule:
        member = Dataset.objects.get(source=self.source, table_name="member")
        values = {
            "name": "Members who stay away", "dataset": member, "start_dataset": member, "start_column": "seen_on",
            "start_event": "last_activity", "amount": PERIOD, "action": "delete", "notice_days": NOTICE,
            "legal_reason": "The policy says so.",
        }  # fmt: skip
        rule = save_rule(rule=Rule(**values | changes), actor=SYSTEM)
        if rule.action == "delete":
            rule.along.set([Dataset.objects.get(source=self.source, table_name="payment")])
        return activate_rule(rule=rule, actor=SYSTEM)

    def names(self) -> list[str]:
        return [name for (name,) in rows(self.dsn, "SELECT name FROM member WHERE name IS NOT NULL ORDER BY id")]

    def payments(self) -> list[int]:
        return [number for (number,) in rows(self.dsn, "SELECT id FROM payment ORDER BY id")]

    def change(self, query: str, *parameters: Any) -> None:
        change(self.dsn, query, *parameters)


def plan_on(rule: Rule, number: int) -> RulePlan:
    return plan_rule(Rule.objects.get(pk=rule.pk), now=noon(day(number)))


def run_on(rule: Rule, number: int) -> Run:
    """The run of a rule in so many days, approved and done, as far as it gets."""
    run = start_rule_run(rule=rule, actor=SYSTEM, now=noon(day(number)))
    work(run.pk)
    run.refresh_from_db()
    return run


def counts(run: Run) -> dict[str, tuple[int, int | None, int | None]]:
    """By table: rows done, survivors, rows that wait for their notice."""
    return {each.dataset_key.split(".")[1]: (each.rows, each.survivors, each.waiting) for each in run.steps.all()}


def deliver() -> list[str]:
    """Have everything in the outbox sent; to whom, in order."""
    mail.outbox = []
    for job in Job.objects.filter(kind="letters.send", state="pending").order_by("pk"):
        Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
        run_job(job_id=job.pk)
    return sorted(message.to[0] for message in mail.outbox)
