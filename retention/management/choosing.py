"""Which organisations and sources a command is about, as its options name them."""

from collections.abc import Iterator

from django.core.management.base import CommandError, CommandParser

from privacy.datamap.asking import databases
from privacy.datamap.models import Source
from privacy.tenants.context import enter_organisation, public_context
from privacy.tenants.models import Organisation


def add_organisation(parser: CommandParser, *, required: bool = False) -> None:
    """The option --organisation."""
    parser.add_argument("--organisation", metavar="SLUG", required=required, help="only this organisation")


def chosen_organisations(slug: str | None) -> list[Organisation]:
    """The organisation of that slug, or all that are active.

    Raises:
        CommandError: there is none.
    """
    with public_context():
        organisations = Organisation.objects.filter(state=Organisation.State.ACTIVE).order_by("slug")
        found = list(organisations if slug is None else organisations.filter(slug=slug))
    if not found and slug is not None:
        raise CommandError(f"no active organisation has the slug {slug!r}; look at the list under /platform/")
    return found


def inside(organisations: list[Organisation]) -> Iterator[Organisation]:
    """Enter one organisation after the other."""
    for organisation in organisations:
        with enter_organisation(organisation.schema_name):
            yield organisation


def chosen_sources(name: str | None) -> list[Source]:
    """The active source of that name in the current organisation, or all of them; empty when there is none."""
    sources = databases().order_by("name")
    return list(sources if name is None else sources.filter(name=name))
