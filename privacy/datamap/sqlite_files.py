"""Files of this machine that may be sources.

Danger: an officer of one organisation types a path, and the portal's own process opens it: it could be the portal's own
file, or another organisation's. Rule: an operator lists directories for each organisation (SQLITE_SOURCE_DIRECTORIES);
a source is a regular SQLite file inside of one of them, and inside of nobody else's and none of the portal's. Links are
followed before that is asked, and a file with a second name (a hard link) is refused, for the other one may lie
anywhere. It is asked again whenever the source is opened. What else is there, or not there, nobody is told.

Danger: whoever opens and closes a file of SQLite in the same process takes back all locks that SQLite holds on it
(sqlite.org/howtocorrupt.html, section 2.2). Rule: the file is only asked for its attributes here; whether it is a
database at all, SQLite itself says when it is tried.
"""

import stat
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from privacy.datamap.errors import AddressRefused
from privacy.tenants.context import current_organisation

SCHEME = "sqlite:///"
SMALLEST = 512  # bytes of one page, the least a database has (sqlite.org/fileformat2.html, section 1.3.2)
_NOT_IN_PATHS = frozenset("?#\0")


def checked_file(address: str) -> Path:
    """The file behind sqlite:/// and a whole path, as it really lies on the disk.

    Raises:
        AddressRefused: it is none that the current organisation may have as a source.
    """
    if not settings.SQLITE_SOURCE_DIRECTORIES:
        raise AddressRefused(_("No file can be a source here: ask an operator to open a directory for you."))
    path = address.removeprefix(SCHEME)
    if not address.startswith(SCHEME) or not path.startswith("/") or _NOT_IN_PATHS & set(path):
        raise AddressRefused(_("Write the address like sqlite:////srv/databases/shop.db, with the whole path."))
    try:
        real = Path(path).resolve(strict=True)
        is_ours = _is_in(real, _directories_of(current_organisation().slug))
        if not is_ours or _is_in(real, _forbidden(current_organisation().slug)) or not _is_whole_file(real):
            raise _refusal()
    except (OSError, RuntimeError, ValueError):
        raise _refusal() from None
    return real


def _refusal() -> AddressRefused:
    """One sentence for all of them: it must not tell which files there are."""
    return AddressRefused(
        _("There is no SQLite file under this path in a directory that an operator has opened for your organisation.")
    )


def _directories_of(slug: str) -> list[Path]:
    return [Path(each).resolve() for each in settings.SQLITE_SOURCE_DIRECTORIES.get(slug, ())]


def _forbidden(slug: str) -> list[Path]:
    others = [each for each in settings.SQLITE_SOURCE_DIRECTORIES if each != slug]
    own = [Path(each).resolve() for each in settings.PORTAL_DIRECTORIES]
    return own + [directory for each in others for directory in _directories_of(each)]


def _is_in(path: Path, directories: Iterable[Path]) -> bool:
    return any(path.is_relative_to(each) for each in directories)


def _is_whole_file(path: Path) -> bool:
    about = path.stat()
    return stat.S_ISREG(about.st_mode) and about.st_nlink == 1 and about.st_size >= SMALLEST
