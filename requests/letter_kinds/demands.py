"""What the laws of the catalogue demand of a letter, as places that no wording of an organisation may leave out.

Danger: an officer's own wording drops what a law wants said, and nobody sees it until the authority does.
Rule: the demands are read from the rule files; each is met by places of the letter, and those become mandatory. A
wording can be used under any law, so what one law demands of a letter every wording of it has to keep.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from privacy.law.catalogue import jurisdictions
from privacy.law.enums import Statement
from privacy.letters.kinds import LetterKind

REFUSALS = ("case_refused", "case_partly_granted", "case_correction_refused")
ANSWERS: dict[str, tuple[str, ...]] = {
    "objection": ("case_objection_answered",),
    "restriction": ("case_restriction_answered",),
    "consent_withdrawal": ("case_consent_withdrawn",),
    "rectification": ("case_corrected", "case_correction_refused"),
    "erasure": ("case_erased",),
}
"""The letters that answer a case of a kind, and so say what a law wants said in the answer."""

MET_BY: dict[Statement, tuple[str, ...]] = {
    Statement.ALTERNATIVES: ("alternatives",),
    Statement.COMPLIED_OR_INTENDS_OR_REASONS: (
        "stopped", "goes_on", "changes", "reasons", "erased_done", "erased_kept", "purposes",
    ),
    Statement.CONFIRM_HONOURED: ("stopped", "purposes"),
    Statement.CONTACT_PERSON: (),  # stands at the end of every letter, outside of its wording
    Statement.DECISION: ("grounds", "severed"),
    Statement.JUDICIAL_REMEDY: ("authorities",),
    Statement.NEW_LIMIT: ("new_due_on",),
    Statement.PART_REFUSED: ("severed",),
    Statement.PROVISION: ("grounds", "severed"),
    Statement.REASONS: ("reasons", "severed"),
    Statement.RECOURSE: ("authorities",),
    Statement.RIGHT_TO_COMPLAIN: ("authorities",),
    Statement.RIGHT_TO_COMPLAIN_ABOUT_EXTENSION: ("right_to_complain",),
    Statement.TIME_LIMIT_OF_RECOURSE: ("authorities",),
    Statement.VERIFICATION_PROCESS: ("what_next",),
    Statement.WHEN_TO_EXPECT_ANSWER: ("answer_when",),
}  # fmt: skip
"""By which places a statement is said; a letter says it by those of them that it has."""


def with_demands(kinds: Iterable[LetterKind]) -> Iterator[LetterKind]:
    """The kinds, where every place that some law demands is mandatory."""
    demanded = _demanded_places()
    for kind in kinds:
        names = demanded.get(kind.code, frozenset())
        places = tuple(
            replace(each, is_mandatory=each.is_mandatory or each.name in names) for each in kind.placeholders
        )
        yield replace(kind, placeholders=places)


def demands() -> Iterator[tuple[str, str, Statement]]:
    """Law, code of a letter, and what the law demands it to say."""
    for each in jurisdictions():
        for code in REFUSALS:
            for statement in each.refusal_must_say:
                yield each.code, code, statement
        for rule in each.rules:
            yield from ((each.code, code, statement) for code, statement in _of(
                (["case_extended"], rule.extension.must_say if rule.extension else ()),
                (["case_acknowledged"], rule.acknowledgement.must_say if rule.acknowledgement else ()),
                (ANSWERS.get(rule.kind.value, ()), rule.answer_must_say),
            ))  # fmt: skip


def _of(*pairs: tuple[Sequence[str], Sequence[Statement]]) -> Iterator[tuple[str, Statement]]:
    return ((code, statement) for codes, statements in pairs for code in codes for statement in statements)


@lru_cache(maxsize=1)
def _demanded_places() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for _law, code, statement in demands():
        found.setdefault(code, set()).update(MET_BY[statement])
    return {code: frozenset(names) for code, names in found.items()}
