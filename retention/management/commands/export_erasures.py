from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from privacy.ledger.actors import Actor, ActorKind
from retention.erased.files import export_erasures
from retention.management.choosing import add_organisation, chosen_organisations, inside


class Command(BaseCommand):
    help = (
        "Write the fingerprints of everybody an organisation has erased to a new file, encrypted under its key. "
        "Keep the newest one outside the database's backups: a restored portal has forgotten what came after."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="must not exist yet")
        add_organisation(parser, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        for organisation in inside(chosen_organisations(options["organisation"])):
            try:
                with path.open("xb") as target:
                    count = export_erasures(target, actor=Actor(ActorKind.OPERATOR))
            except OSError as error:
                raise CommandError(f"the file cannot be written ({error.strerror}); name a new one") from None
            self.stdout.write(f"{organisation.slug}: {count} fingerprints written to {path}")
