"""Checks a certificate of destruction without asking anybody: no database, no network."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from privacy.ledger.signing import SignatureInvalid, read_signed
from privacy.offboarding.destroying import CERTIFICATE_KIND


class Command(BaseCommand):
    help = (
        "Checks the signature of a certificate of destruction and shows what it says. FILE is as downloaded from the "
        "operators' site. Exits with 1 when the certificate is not genuine."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--keys", type=Path, help="the keys to trust, as a JSON Web Key Set; this installation's own when absent"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            document = options["file"].read_text(encoding="utf-8")
            keys = json.loads(options["keys"].read_text(encoding="utf-8")) if options["keys"] else None
        except (OSError, ValueError):
            raise CommandError("a file cannot be read: give the paths of text files.") from None
        try:
            content = read_signed(document, kind=CERTIFICATE_KIND, keys=keys)
        except SignatureInvalid as error:
            raise CommandError(f"{options['file']} is not genuine: {error}.") from None
        self.stdout.write(json.dumps(content, indent=2, ensure_ascii=False))
        self.stderr.write(self.style.SUCCESS("The signature is genuine."))
