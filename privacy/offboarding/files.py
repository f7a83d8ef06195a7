"""Files that go into a complete export. Higher rooms register theirs; this one does not know them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class ExportedFile:
    """A file in the clear: its name in the export, and its content piece by piece, read once."""

    name: str
    content: Iterator[bytes]


Provider = Callable[[], Iterable[ExportedFile]]

_providers: list[Provider] = []


def register_files(provider: Provider) -> None:
    """Have the files that a function gives put into complete exports. It is called inside the organisation."""
    if provider not in _providers:
        _providers.append(provider)


def all_files() -> Iterator[ExportedFile]:
    """Every registered file of the current organisation."""
    for provider in _providers:
        yield from provider()
