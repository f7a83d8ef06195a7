"""The versions of one change in several languages, and in which of them a person is told.

Danger: the English and the French version of one notice are announced one after the other, and everybody hears of the
same change twice. Rule: versions in different languages that come into force on the same day are one change; they are
announced together, and each person is told in one language.

Nobody is asked for their language. It is that of the newest letter that was written to them alone, or of their newest
decision about a purpose; of somebody whom only a source knows, what its column of languages says. Where it is not
known, or there is no version in it, people are told in the language of the notice that the officer chose.
"""

from collections.abc import Mapping

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from consent.announcements.letter import KIND, Version, version_of
from consent.announcements.models import NoticeAnnouncement
from consent.announcements.standing import standing_announcements
from consent.models import ConsentRecord, Method
from privacy.letters.models import Letter
from privacy.register.models import Notice
from privacy.register.selectors import local_date, zone
from privacy.subjects.models import Subject

_TO_MANY = (KIND, "consent_opt_out", "breach_notice")
"""Letters in the language of those who wrote them."""


Versions = Mapping[str, Version]
"""By language; the first is the one that the officer chose."""


def versions_of(announcement: NoticeAnnouncement) -> Versions:
    """What an announcement tells people of; asked once for many letters."""
    return {each.language: version_of(each) for each in announcement.notices()}


def version_for(versions: Versions, person: Subject | None, row_language: str = "") -> Version:
    """The version that a person is told of.

    Args:
        row_language: what a row of a source says of somebody, a code like `fr` or `fr_CA`.
    """
    first = next(iter(versions.values()))
    if len(versions) == 1:
        return first
    known = (language_of(person) if person is not None else "") or row_language
    return versions.get(known.strip().lower().replace("_", "-").partition("-")[0], first)


def language_of(person: Subject) -> str:
    """Of the newest letter that was to this person alone, or of what they decided; empty where neither is known."""
    letters = Letter.objects.filter(subject=person).exclude(kind__in=_TO_MANY).order_by("-created_at")
    decisions = ConsentRecord.objects.filter(subject=person).exclude(method=Method.OPT_OUT).order_by("-recorded_at")
    for found in (letters, decisions):
        if language := found.values_list("language", flat=True).first():
            return language
    return ""


def translations_of(notice: Notice) -> list[Notice]:
    """The versions in other languages of the change that a notice makes, as far as they say what changes."""
    begins = notice.published_at or notice.scheduled_for
    if begins is None:
        return []
    dated = Notice.objects.annotate(day=_day(), begins=Coalesce("published_at", "scheduled_for"))
    others = dated.filter(day=local_date(begins), changes__regex=r"\S")
    newest: dict[str, Notice] = {}
    for each in others.exclude(language=notice.language).order_by("language", "-begins", "-pk"):
        newest.setdefault(each.language, each)
    return list(newest.values())


def told_in_another_language(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Those of which the change was announced already, in other languages than theirs."""
    told = standing_announcements().annotate(day=_day("notice__")).filter(day=OuterRef("day"))
    has_it = standing_announcements().filter(translations__language=OuterRef(OuterRef("language")))
    in_others = told.exclude(notice__language=OuterRef("language")).exclude(pk__in=has_it.values("pk"))
    return notices.annotate(day=_day()).filter(Exists(in_others))


def _day(path: str = "") -> TruncDate:
    return TruncDate(Coalesce(f"{path}published_at", f"{path}scheduled_for"), tzinfo=zone())
