"""Checks a receipt of a consent or of a cookie choice without asking anybody: no database, no network."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consent.cookies.receipts import KIND as COOKIE_KIND
from consent.receipts import KIND
from privacy.ledger.signing import SignatureInvalid, read_signed


class Command(BaseCommand):
    help = (
        "Checks the signature of a receipt, of a consent or of a cookie choice, and shows what it says. FILE holds the "
        "signed receipt (one line of three parts), or the whole answer of the API. Exits with 1 when it is not genuine."
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
        document = _read(options["file"])
        keys = _as_json(_read(options["keys"]), options["keys"]) if options["keys"] else None
        if document.lstrip().startswith("{"):
            document = _signed_part(_as_json(document, options["file"]), options["file"])
        content = _content(document, keys, options["file"])
        self.stdout.write(json.dumps(content, indent=2, ensure_ascii=False))
        self.stderr.write(self.style.SUCCESS("The signature is genuine."))


def _content(document: str, keys: dict[str, Any] | None, path: Path) -> dict[str, Any]:
    """What a receipt of either kind says."""
    try:
        try:
            return read_signed(document, kind=KIND, keys=keys)
        except SignatureInvalid:
            return read_signed(document, kind=COOKIE_KIND, keys=keys)
    except SignatureInvalid as error:
        hint = "" if keys else " An organisation may sign with a key of its own: save its keys and name them by --keys."
        raise CommandError(f"{path} is not genuine: {error}.{hint}") from None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise CommandError(f"{path} cannot be read: give the path of a text file.") from None


def _as_json(text: str, path: Path) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise CommandError(f"{path} holds no JSON object: save the answer as it came.")
    return content


def _signed_part(answer: dict[str, Any], path: Path) -> str:
    if not isinstance(answer.get("jws"), str):
        raise CommandError(f"{path} holds no signed receipt: the answer of the API has it under `jws`.")
    return answer["jws"]
