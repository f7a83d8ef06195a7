"""Copies from sources that are no database: asked for before the package is made, and put into it.

Danger: a package that looks whole and is not. Rule: the package waits until everybody who was asked has answered.
"""

import re
from collections.abc import Callable, Iterator

from privacy.datamap.asking import ask_of, asked_sources, switched_off_sources
from privacy.errands.files import kept_files, read_file
from privacy.errands.models import Errand, ErrandFile, ErrandWork, FileRole
from privacy.errands.services import infected_copies, open_errand
from privacy.errands.standing import Stand, Standing, proceed
from privacy.offboarding.files import ExportedFile
from requests.deciding.cut import cut_of
from requests.deciding.sources import UNANSWERED
from requests.fulfilment.archive import Archive
from requests.models import SubjectRequest
from requests.problems import FILE_INFECTED

FOLDER = "other"


def gather_copies(*, case: SubjectRequest, keep_alive: Callable[[], None]) -> Standing:
    """Ask every source that is no database for a copy, and see how it stands. Reaches over the network.

    Where that was refused nobody is asked. A source that was switched off since it answered is as good as any: what it
    gave goes in. What it owes is waited for before (`requests.deciding.sources`).

    Returns:
        Done when all have answered; otherwise why the package has to wait, what needs somebody before what does not.
    """
    found = [_standing(errand) for errand in _asked(case, keep_alive)]
    failed = [each for each in found if each.stand == Stand.FAILED]
    waiting = [each for each in found if each.stand == Stand.WAITS]
    if failed:
        return failed[0]
    return min(waiting, key=lambda each: each.pause) if waiting else Standing(Stand.DONE, "")


def _asked(case: SubjectRequest, keep_alive: Callable[[], None]) -> Iterator[Errand]:
    not_asked = cut_of(case).not_asked
    for source in asked_sources():
        if source.pk not in not_asked:
            keep_alive()
            yield open_errand(
                source=source, subject=case.subject, case_id=case.pk, work=ErrandWork.ACCESS,
                ask=ask_of(source, case.subject),
            )  # fmt: skip
    given = Errand.objects.filter(case_id=case.pk, work=ErrandWork.ACCESS, source__in=switched_off_sources())
    yield from given.exclude(state__in=UNANSWERED).exclude(source__in=not_asked).select_related("source")


def _standing(errand: Errand) -> Standing:
    standing = proceed(errand)
    if standing.stand == Stand.DONE and infected_copies(errand).exists():
        return Standing(Stand.FAILED, FILE_INFECTED)
    return standing


def add_copies(archive: Archive, *, case: SubjectRequest) -> None:
    """Put what was gathered into the package, each source in a folder of its own."""
    given = Errand.objects.filter(case_id=case.pk, work=ErrandWork.ACCESS).exclude(source__in=cut_of(case).not_asked)
    errands = given.select_related("source")
    for errand in errands.order_by("source__name"):
        for number, file in enumerate(errand.files.filter(role=FileRole.COPY, is_kept=True, deleted_at=None), start=1):
            archive.add_file(_member(errand, file, number), source=errand.source.name, chunks=read_file(file))


def _member(errand: Errand, file: ErrandFile, number: int) -> str:
    stem, _dot, kind = file.name.rpartition(".")
    return f"{FOLDER}/{_plain(errand.source.name)}-{errand.source_id}/{number:02d}-{_plain(stem)}.{_plain(kind)}"


def _plain(text: str) -> str:
    """A name that every system can unpack, and that leads out of no folder."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60] or "file"


def errand_files_in_the_clear() -> Iterator[ExportedFile]:
    """Proofs and copies that people and processors handed in, for the complete export of the organisation."""
    for row, content in kept_files():
        stem, _dot, kind = row.name.rpartition(".")
        yield ExportedFile(f"errands/{row.errand_id}/{row.pk}-{_plain(stem)}.{_plain(kind)}", content)
