"""Checks the certificate of a run without asking anybody: no database, no network."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from retention.certificate.document import CertificateInvalid, NoCertificate, check_file


class Command(BaseCommand):
    help = (
        "Checks the signature of a run's certificate and shows what it says. FILE is the JSON file of the certificate, "
        "or the one attached to its PDF. Exits with 1 and the reason when it is not genuine."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--keys",
            type=Path,
            help="the keys to trust, as saved from /.well-known/jwks.json; this installation's own when absent",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        keys = _keys(options["keys"]) if options["keys"] else None
        try:
            content = check_file(_read(options["file"]), keys=keys)
        except NoCertificate as error:
            raise CommandError(f"{options['file']} is no certificate: {error}.") from None
        except CertificateInvalid as error:
            raise CommandError(f"{options['file']} is not genuine: {error}.") from None
        self.stdout.write(json.dumps(content, indent=2, ensure_ascii=False))
        self.stderr.write(self.style.SUCCESS("The certificate is genuine."))


def _keys(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(_read(path))
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise CommandError(f"{path} holds no keys: save /.well-known/jwks.json as it comes.")
    return content


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise CommandError(
            f"{path} is no text file: give the JSON file of the certificate; it is also attached to the PDF."
        ) from None
    except OSError:
        raise CommandError(f"{path} cannot be read: give the path of the JSON file.") from None
