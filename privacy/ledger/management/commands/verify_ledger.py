from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from privacy.ledger.verification import verify_organisation
from privacy.tenants.context import organisation_context, public_context
from privacy.tenants.models import Organisation


class Command(BaseCommand):
    help = "Check that nothing in the ledgers was altered. Exits 1 and names the broken places when something was."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organisation", metavar="SLUG", help="check only this organisation")

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        for organisation in self._organisations(options["organisation"]):
            with organisation_context(organisation):
                verdict = verify_organisation()
            for breach in verdict.breaches:
                self.stderr.write(f"{organisation.slug}: {breach}")
            broken += len(verdict.breaches)
            self.stdout.write(
                f"{organisation.slug}: {verdict.rows} rows under {verdict.seals} seals, "
                f"{verdict.unsealed} not sealed yet, {len(verdict.breaches)} broken"
            )
        if broken:
            raise CommandError(
                f"the ledger was altered in {broken} places; restore the rows named above from a backup "
                "and find out who can write to the database",
                returncode=1,
            )

    def _organisations(self, slug: str | None) -> list[Organisation]:
        with public_context():
            organisations = Organisation.objects.order_by("slug")
            if slug is None:
                return list(organisations)
            if found := list(organisations.filter(slug=slug)):
                return found
        raise CommandError(f"no organisation has the slug {slug!r}; `create_organisation --help` shows how slugs look")
