from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from consent.keys.services import rotate_receipt_key
from privacy.ledger.actors import Actor, ActorKind
from privacy.tenants.context import organisation_context, public_context
from privacy.tenants.models import Organisation


class Command(BaseCommand):
    help = (
        "Make a new key that signs the receipts of an organisation, and destroy the private half of the one before. "
        "Receipts that were signed before stay valid: what was published of their keys stays under "
        "/.well-known/jwks.json."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organisation", metavar="SLUG", required=True, help="whose receipts it signs")

    def handle(self, *args: Any, **options: Any) -> None:
        with public_context():
            slug = options["organisation"]
            organisation = Organisation.objects.filter(slug=slug, state=Organisation.State.ACTIVE).first()
        if organisation is None:
            raise CommandError(f"no active organisation has the slug {slug!r}; look at the list under /platform/")
        with organisation_context(organisation):
            made = rotate_receipt_key(actor=Actor(ActorKind.OPERATOR))
        self.stdout.write(f"{organisation.slug}: receipts are signed with {made.kid} from now on")
