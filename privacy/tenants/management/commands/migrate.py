from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.migrate import Command as DjangoMigrate

from privacy.tenants.migrating import migrate_everything


class Command(DjangoMigrate):
    """Django's `migrate`, except that without an app it brings every schema up to date."""

    help = "Bring the public schema, the template and every organisation up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--only-this-schema", action="store_true", help="migrate only the schema the connection is in"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        only_this_schema = options.pop("only_this_schema", False)
        if only_this_schema or options.get("app_label") or options.get("plan") or options.get("check_unapplied"):
            super().handle(*args, **options)
            return
        quiet = options.get("verbosity", 1) == 0
        failed = migrate_everything(report=(lambda line: None) if quiet else self.stdout.write)
        if failed:
            raise CommandError(
                f"{len(failed)} organisations could not be migrated and are not served: {', '.join(failed)}. "
                "Run the command again when their tables are less busy."
            )
