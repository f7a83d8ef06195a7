"""Laws and sections as people in other languages cite them.

A citation is kept as it stands in the rule files (“PIPEDA s. 8(3)”). Of its words, only those in CITED are translated;
numbers stay as they are.
"""

import re
from collections.abc import Callable

from privacy.law.sentences import gettext_noop
from privacy.law.shapes import RefusalGround

CITED = (
    gettext_noop("AB PIPA"),
    gettext_noop("Act 843"),
    gettext_noop("BC PIPA"),
    gettext_noop("CASL"),
    gettext_noop("CQLR P-39.1"),
    gettext_noop("DPA 2018"),
    gettext_noop("GDPR"),
    gettext_noop("Kenya DPA 2019"),
    gettext_noop("NDPA 2023"),
    gettext_noop("PIPEDA"),
    gettext_noop("UK GDPR"),
    gettext_noop("Act as a whole"),
    gettext_noop("General Regulations"),
    gettext_noop("Schedule"),
    gettext_noop("conditions of the request"),
    gettext_noop("regulations"),
    gettext_noop("and"),
    gettext_noop("para."),
    gettext_noop("rr."),
    gettext_noop("sch."),
    gettext_noop("s."),
    gettext_noop("ss."),
    gettext_noop("to"),
)
_WORD = re.compile(
    r"(?<![\w.])(?:" + "|".join(re.escape(each) for each in sorted(CITED, key=len, reverse=True)) + r")(?!\w)"
)
_OTHER_ACTS = ("DPA 2018", "PAIA")
"""Begin sections that stand in another act than the law itself."""


def ground_citation(ground: RefusalGround, law_name: str | None) -> str:
    """A ground as it is cited: with its law, unless its section names the act itself or lies in no law."""
    if law_name is None or ground.section.startswith(_OTHER_ACTS):
        return ground.section
    return f"{law_name} {ground.section}"


def in_words_of(citation: str, translate: Callable[[str], str]) -> str:
    """A citation with its words in the language of `translate`."""
    return _WORD.sub(lambda found: translate(found[0]), citation)
