"""The report on a source in the words of the findings page and of the form that connects one.

What the engine says of a table is for whoever runs the database; officers read what it means and what to do about it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from privacy.datamap.admin.connecting import in_plain_words
from privacy.datamap.engine.introspect import Finding
from privacy.datamap.enums import FindingCode
from privacy.datamap.finding_words import FINDING_WORDS
from privacy.datamap.services.looking import WITH_STATEMENT

_TITLES: dict[str, Promise] = {
    FindingCode.MISSING_RIGHTS: _("The login may do too little"),
    FindingCode.EXCESSIVE_RIGHTS: _("The login may do too much"),
}
_HAS_STATEMENT = WITH_STATEMENT | {FindingCode.MISSING_RIGHTS}


@dataclass(frozen=True)
class ReportLine:
    """`detail` may name rights and tables as the database does; `statement` is for whoever runs it."""

    where: str
    title: str
    detail: str
    why: str
    remedy: str
    statement: str = ""


def report_lines(found: Iterable[Finding]) -> list[ReportLine]:
    """What stands in the way, as officers read it elsewhere."""
    return [_line(each) for each in found]


def _line(each: Finding) -> ReportLine:
    words = FINDING_WORDS.get(each.code)
    if words is None:
        return ReportLine(each.where, each.what, "", "", each.remedy)
    title = str(_TITLES.get(each.code) or FindingCode(each.code).label)
    detail = each.what
    if each.code == FindingCode.EXCESSIVE_RIGHTS:
        detail = "; ".join(map(in_plain_words, each.what.split("; ")))
    statement = each.remedy if each.code in _HAS_STATEMENT else ""
    return ReportLine(each.where, title, detail, str(words.why), str(words.do), statement)
