"""The answer to an access request: everything about a person, as a page to read and as files for other programs."""

from collections.abc import Iterator
from functools import partial
from zoneinfo import ZoneInfo

from django.template import Context, Engine
from django.utils import timezone

from privacy.letters.addresses import portal_url
from privacy.offboarding.files import ExportedFile
from privacy.register.models import Purpose, Recipient
from privacy.register.selectors import local_date, profile
from privacy.subjects.files import decrypted
from requests.addressees import about_another
from requests.authorities import authorities_of
from requests.deciding.cut import Cut, cut_of
from requests.deciding.grounds import law_can_silence
from requests.deciding.sources import no_more_asked
from requests.deciding.telling import told
from requests.enums import RequestKind, RequestState
from requests.fulfilment.archive import Archive, KeepAlive, Writable
from requests.fulfilment.contents import add_everything
from requests.fulfilment.copies import add_copies
from requests.fulfilment.disclosed import disclosed_by_recipient
from requests.fulfilment.documents import add_documents
from requests.fulfilment.packing import complete, pack
from requests.fulfilment.storage import context_of, folder, path_of
from requests.models import AccessPackage, SubjectRequest

READ_ME = "access_package/index.html"


def build_package(*, case: SubjectRequest, keep_alive: KeepAlive) -> AccessPackage | None:
    """Make the package of a granted access request, complete the case and tell the person.

    Args:
        keep_alive: called every thousand rows or so; raises when somebody else does this work now.

    Returns:
        None when the case does not wait for a package (any more).

    Raises:
        DatamapIncomplete: nobody can say yet where the person's data is.
        DecisionOutdated: there is something on which nobody has decided.
        EngineError: a source cannot be reached or read.
    """
    if case.state != RequestState.EXECUTING or case.kind != RequestKind.ACCESS:
        return None
    packed = pack(case=case, fill=partial(_fill, case=case, keep_alive=keep_alive), keep_alive=keep_alive)
    return complete(case=case, packed=packed, letter="package_ready")


def open_package(package: AccessPackage) -> Iterator[bytes]:
    """The ZIP file, piece by piece. Does not count as a download; see `downloads.take_download`.

    Raises:
        CannotDecrypt: the file was altered or cut; throw away what was read.
        FileNotFoundError: it was deleted.
    """
    with path_of(package).open("rb") as stored:
        yield from decrypted(stored, context=context_of(package.case_id))


def packages_in_the_clear() -> Iterator[ExportedFile]:
    """Every package whose file is still there, for the complete export of the organisation."""
    for package in AccessPackage.objects.filter(deleted_at__isnull=True).select_related("case").order_by("pk"):
        if path_of(package).exists():
            yield ExportedFile(f"access/{package.case.reference}.zip", open_package(package))


def _fill(target: Writable, *, case: SubjectRequest, keep_alive: KeepAlive) -> int:
    archive = Archive(target, folder=folder(), zone=ZoneInfo(profile().time_zone), keep_alive=keep_alive)
    cut = cut_of(case)
    rows = add_everything(archive, subject=case.subject, cut=cut)
    add_copies(archive, case=case)
    add_documents(archive, case=case)
    archive.add_text("index.html", _read_me(case, archive, cut))
    archive.close()
    return rows


def _read_me(case: SubjectRequest, archive: Archive, cut: Cut) -> str:
    words = told(cut.lines, language=case.language)
    context = {
        "left_out": words.left_out,
        "unasked": words.unasked,
        "alternatives": words.alternatives,
        "not_looked_in": no_more_asked(case),
        "law_can_silence": law_can_silence(case),
        "case": case,
        "about": about_another(case),
        "organisation": profile(),
        "portal": portal_url(),
        "made_on": local_date(timezone.now()),
        "sections": archive.sections,
        "files": archive.files,
        "purposes": Purpose.objects.filter(is_prohibited=False),
        "recipients": Recipient.objects.filter(inactive_since__isnull=True),
        "disclosed": disclosed_by_recipient(case.subject),
        "authorities": authorities_of(case),
        "language": case.language,
    }
    return Engine.get_default().get_template(READ_ME).render(Context(context))
