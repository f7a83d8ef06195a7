"""Invented particulars of a case, for previews and tests. What is law in them is as in the rule files."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from privacy.law.catalogue import grounds_for, rules_for
from privacy.law.display import ground_cited
from privacy.law.enums import KindOfRequest, Origin
from privacy.law.errors import UnknownLaw
from privacy.law.shapes import Rule
from privacy.law.snapshots import to_snapshot
from privacy.letters.samples import SAMPLE_DAY, SAMPLE_PORTAL, sample_organisation
from requests.authorities import told_authorities
from requests.enums import IdentityLevel

SAMPLE_NAME = "Ama Mensah"
SAMPLE_REFERENCE = "PR-7F3K-92QD"
SOON, LATER = dt.date(2026, 3, 16), dt.date(2026, 5, 1)


_FITTING = re.compile("third|other|correct|accurate|obligation|retention")
"""Grounds that go with the reasons in the samples."""


@dataclass(frozen=True)
class SampleCase:
    """What letters read of a case."""

    kind: str
    reference: str = SAMPLE_REFERENCE
    name: str | None = SAMPLE_NAME
    received_on: dt.date = SAMPLE_DAY
    due_on: dt.date = dt.date(2026, 4, 1)
    identity_level: str = IdentityLevel.NONE
    deadlines: tuple[dict[str, Any], ...] = ()


def sample_case_particulars(kind: str, law: str) -> dict[str, Any]:
    """What `requests.letters` gives to every letter of a case under a law."""
    rules = _rules(kind, law)
    kept = tuple({"origin": Origin.LAW, "rule": to_snapshot(each)} for each in rules if each.kind == kind)
    case = SampleCase(kind, deadlines=kept)
    return {
        "case": case,
        "organisation": sample_organisation(law),
        "portal": SAMPLE_PORTAL,
        "binding": _sample_clock(rules[0]),
        "due_on": case.due_on,
        "authorities": told_authorities((rule, None) for rule in rules),
    }


def sample_authorities_after_silence(law: str) -> list[dict[str, Any]]:
    """The authorities of a law, as the letter says them that tells of a refusal by silence."""
    return told_authorities(((rule, None) for rule in _rules("access", law)), after_silence=True)


def sample_law(kind: str, law: str) -> dict[str, Any]:
    """What a case keeps of the first clock of a law, as far as letters cite it."""
    return _sample_clock(_rules(kind, law)[0])


def _sample_clock(rule: Rule) -> dict[str, Any]:
    return {"citation": rule.citation, "law": rule.id.partition(".")[0], "rule": {"confidence": rule.confidence}}


def sample_ground(kind: str, law: str) -> dict[str, str]:
    """A ground of which the person may be told; one of the law itself, where it knows one for this kind."""
    told = [each for each in grounds_for(laws=[law], kind=KindOfRequest(kind)) if each.disclosable]
    chosen = min(told, key=lambda each: (each.law is None, not _FITTING.search(each.code)))
    return {"words": _(chosen.words), "section": ground_cited(chosen)}


def _rules(kind: str, law: str) -> list[Rule]:
    """The rule of the law for a kind; where it knows only another kind (CASL), that one's."""
    for each in (kind, *KindOfRequest):
        try:
            return list(rules_for(laws=[law], kind=KindOfRequest(each), on=SAMPLE_DAY))
        except UnknownLaw:
            continue
    raise UnknownLaw(law)
