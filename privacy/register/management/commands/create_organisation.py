import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from privacy.law.catalogue import jurisdictions
from privacy.register.furnishing import furnish
from privacy.tenants.errors import OrganisationInvalid
from privacy.tenants.provisioning import create_organisation


class Command(BaseCommand):
    help = "Create an organisation with its schema, its PostgreSQL role, its host name and its first Privacy Officer."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="name as people know it")
        parser.add_argument("--slug", required=True, help="letters, digits and hyphens; gives the schema its name")
        parser.add_argument("--domain", required=True, help="host name of the portal, like privacy.example.com")
        parser.add_argument("--country", required=True, help="two letters, like GH or CA")
        parser.add_argument(
            "--law", dest="laws", action="append", required=True, help="code of a law that applies; repeat for several"
        )
        parser.add_argument("--officer-email", required=True, help="of the first Privacy Officer")

    def handle(self, *args: Any, **options: Any) -> None:
        known = sorted(jurisdiction.code for jurisdiction in jurisdictions())
        if unknown := sorted(set(options["laws"]) - set(known)):
            raise CommandError(f"no law has the code {', '.join(unknown)}; known are {', '.join(known)}")
        password = secrets.token_urlsafe(12)
        try:
            organisation = create_organisation(
                name=options["name"],
                slug=options["slug"],
                domain=options["domain"],
                furnish=lambda organisation: furnish(
                    organisation=organisation,
                    laws=tuple(options["laws"]),
                    country=options["country"].upper(),
                    officer_email=options["officer_email"],
                    officer_password=password,
                ),
            )
        except OrganisationInvalid as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{organisation.name} is ready at {options['domain']}.")
        self.stdout.write(
            f"First sign-in at /officer/ as {options['officer_email']} with the password {password} "
            "(shown this once; have it changed)."
        )
