"""Makes the present state of consents anew from the sealed records of one organisation."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from consent.services.rebuilding import Difference, State, differences, rebuild
from privacy.ledger.actors import Actor, ActorKind
from privacy.ledger.verification import verify_organisation
from privacy.tenants.context import organisation_context, public_context
from privacy.tenants.models import Organisation

OPERATOR = Actor(ActorKind.OPERATOR)


class Command(BaseCommand):
    help = (
        "Compare the present state of consents with the sealed records, and make it what they say. With --dry-run "
        "nothing is changed, and the command exits 1 when there are differences."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organisation", metavar="SLUG", required=True)
        parser.add_argument("--dry-run", action="store_true", help="only show the differences")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = _organisation(options["organisation"])
        with organisation_context(organisation):
            self._check_records()
            number = 0
            for each in differences():
                number += 1
                self.stdout.write(_words(each))
            if options["dry_run"] and number:
                raise CommandError(f"{number} states are not what the records say; run it without --dry-run")
            mended = 0 if options["dry_run"] else rebuild(actor=OPERATOR)
        self.stdout.write(f"{organisation.slug}: {mended} states were made anew" if mended else "nothing to do")

    def _check_records(self) -> None:
        """What was altered itself is no measure for anything."""
        breaches = verify_organisation().breaches
        if breaches:
            raise CommandError(
                f"the ledger was altered in {len(breaches)} places; see verify_ledger. Nothing was changed"
            )


def _organisation(slug: str) -> Organisation:
    with public_context():
        if found := Organisation.objects.filter(slug=slug).first():
            return found
    raise CommandError(f"no organisation has the slug {slug!r}; `create_organisation --help` shows how slugs look")


def _words(each: Difference) -> str:
    return (
        f"person {each.subject_id}, purpose {each.purpose_id}: "
        f"{_state(each.stands)} stands, {_state(each.recorded)} is recorded"
    )


def _state(state: State | None) -> str:
    if state is None:
        return "nothing"
    decision, since, _record, expires_at = state
    until = f" until {expires_at:%Y-%m-%d %H:%M}" if expires_at else ""
    return f"{decision} since {since:%Y-%m-%d %H:%M:%S}{until}"
