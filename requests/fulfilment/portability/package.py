"""Making the package of a granted portability request."""

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import Any

from django.db.models import prefetch_related_objects
from django.template import Context, Engine
from django.utils import timezone

from privacy.datamap.asking import asked_sources
from privacy.datamap.models import SourceKind
from privacy.datamap.subject_rows import SubjectDataset
from privacy.letters.addresses import portal_url
from privacy.register.selectors import local_date, profile
from requests.addressees import about_another
from requests.deciding.cut import cut_of
from requests.enums import RequestKind, RequestState
from requests.fulfilment.archive import KeepAlive, Writable
from requests.fulfilment.contents import granted_rows
from requests.fulfilment.packing import complete, pack
from requests.fulfilment.portability.archive import PortableArchive
from requests.fulfilment.portability.choosing import LeftOut, sort_out
from requests.fulfilment.portability.refused import refused_columns
from requests.fulfilment.portability.schema import VERSION, schema_text
from requests.fulfilment.storage import folder
from requests.models import AccessPackage, Annotation, SubjectRequest

READ_ME = "portability_package/README.txt"
SCHEMA_PATH = f"/schemas/portability/{VERSION}.json"


def make_portability_package(*, case: SubjectRequest, keep_alive: KeepAlive) -> AccessPackage | None:
    """Make the package of a granted portability request, complete the case and tell the person.

    Args:
        keep_alive: called every thousand rows or so; raises when somebody else does this work now.

    Returns:
        None when the case does not wait for a package (any more).

    Raises:
        DatamapIncomplete: nobody can say yet where the person's data is.
        DecisionOutdated: there is something on which nobody has decided.
        EngineError: a source cannot be reached or read.
    """
    if case.state != RequestState.EXECUTING or case.kind != RequestKind.PORTABILITY:
        return None
    packed = pack(case=case, fill=partial(_fill, case=case, keep_alive=keep_alive), keep_alive=keep_alive)
    return complete(case=case, packed=packed, letter="portability_ready")


def _fill(target: Writable, *, case: SubjectRequest, keep_alive: KeepAlive) -> int:
    cut = cut_of(case)
    with PortableArchive(target, about=_about(case), folder=folder(), keep_alive=keep_alive) as archive:
        with closing(granted_rows(subject=case.subject, cut=cut)) as datasets:
            for found in datasets:
                if found.dataset.source.kind != SourceKind.PORTAL:
                    _add(archive, found)
        for field in refused_columns(cut):
            archive.leave_out(field.dataset.source.name, LeftOut.REFUSED, dataset=field.dataset, field=field)
        for each in Annotation.objects.filter(subject=case.subject).order_by("made_at"):
            archive.annotate(
                about=each.label, category=each.category, statement=str(each.statement), made_at=each.made_at
            )
        archive.leave_out(str(profile().trading_name), LeftOut.PORTAL)
        for source in asked_sources():
            archive.leave_out(source.name, LeftOut.NOT_A_DATABASE)
        archive.add_text("schema.json", schema_text() or "")
        archive.add_text("README.txt", _read_me(case, archive))
        archive.finish()
        return archive.rows


def _add(archive: PortableArchive, found: SubjectDataset) -> None:
    """A table in which the person has no row is not mentioned: it says nothing about them."""
    rows: Iterator[Any] = iter(found.rows)
    first = next(rows, None)
    if first is None:
        return
    prefetch_related_objects(list(found.fields), "purposes")
    columns, left_out = sort_out(found.dataset, found.fields)
    for field, reason in left_out:
        archive.leave_out(found.dataset.source.name, reason, dataset=found.dataset, field=field)
    if columns:
        archive.add_table(found.dataset, columns, first, rows)
    else:
        archive.skip(rows)


def _about(case: SubjectRequest) -> dict[str, Any]:
    organisation = profile()
    return {
        "$schema": portal_url(SCHEMA_PATH),
        "format": "privacy-desk-portability",
        "version": VERSION,
        "reference": case.reference,
        "subject": str(case.subject_id),
        "made_at": timezone.now().isoformat(),
        "language": case.language,
        "controller": {
            "name": organisation.legal_name,
            "country": organisation.country,
            "contact": organisation.officer_email,
        },
    }


def _read_me(case: SubjectRequest, archive: PortableArchive) -> str:
    context = {
        "case": case,
        "about": about_another(case),
        "organisation": profile(),
        "made_on": local_date(timezone.now()),
        "schema": portal_url(SCHEMA_PATH),
        "rows": archive.rows,
        "annotations": archive.annotations,
        "left_out": archive.left_out,
    }
    return Engine.get_default().get_template(READ_ME).render(Context(context, autoescape=False))
