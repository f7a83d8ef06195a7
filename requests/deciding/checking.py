"""Whether a decision may be made as it was entered: every part decided once, on a ground that the law knows."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from privacy.law.enums import Alternative
from privacy.law.shapes import RefusalGround
from privacy.letters.words import day_words
from requests.deciding.found import FoundLine, LineKey, lines_of_plan
from requests.deciding.given import LineDecision
from requests.deciding.grounds import grounds_of, may_be_decided_from, must_offer_instead
from requests.enums import Verdict
from requests.errors import DecisionInvalid, Wrong
from requests.models import SubjectRequest
from requests.traits import Answer, traits_of

LONGEST_TEXT = 5_000


def may_be_unasked(case: SubjectRequest) -> bool:
    """Whether a part can be left out because the person did not ask for it: only of a copy."""
    return traits_of(case.kind).answer is Answer.PACKAGE


def check_lines(case: SubjectRequest, given: Sequence[LineDecision], *, today: date) -> dict[LineKey, FoundLine]:
    """What each line is about.

    Args:
        today: the organisation's local date.

    Raises:
        DecisionInvalid: with everything that is wrong, line by line.
    """
    found = _found(case, given)
    if (problems := [*_coverage(case, given, found)]) or (problems := [*_of_lines(case, given, found, today)]):
        raise DecisionInvalid(problems)
    return found


def _found(case: SubjectRequest, given: Sequence[LineDecision]) -> dict[LineKey, FoundLine]:
    split = {line.category for line in given if line.dataset_key}
    return {line.key: line for line in lines_of_plan(case.plan or {}, kind=case.kind, split=split)}


def _coverage(
    case: SubjectRequest, given: Sequence[LineDecision], found: Mapping[LineKey, FoundLine]
) -> Iterator[Wrong]:
    keys = [line.key for line in given]
    if len(set(keys)) < len(keys):
        yield Wrong(None, "", _("A part is decided twice. Decide each part once."))
    for line in given:
        if line.key not in found:
            yield Wrong(line.key, "", _("This was not found in the data. Reload the page and decide on what was."))
    if given and all(line.decision == Verdict.UNASKED for line in given):
        yield Wrong(None, "decision", _("Something was asked for. Grant or refuse what it was."))
    for key in found.keys() - set(keys):
        yield Wrong(key, "decision", _("Decide on “%(part)s” as well.") % {"part": found[key].label})


def _of_lines(
    case: SubjectRequest, given: Sequence[LineDecision], found: Mapping[LineKey, FoundLine], today: date
) -> Iterator[Wrong]:
    known, must_offer = {ground.code: ground for ground in grounds_of(case)}, must_offer_instead(case)
    for line in given:
        problems = _of_line(case, line, found[line.key], known, today, must_offer=must_offer)
        yield from (Wrong(line.key, name, words) for name, words in problems)
    yield from _silence(case, given, known)


def _of_line(
    case: SubjectRequest, line: LineDecision, found: FoundLine, known: Mapping[str, RefusalGround], today: date, *,
    must_offer: bool,
) -> Iterator[tuple[str, str]]:  # fmt: skip
    if line.decision not in Verdict.values:
        yield "decision", _("Choose what is done with it.")
    elif line.decision == Verdict.UNASKED:
        yield from _of_unasked(case, line)
    elif not line.is_refusal:
        yield from _of_grant(line, known)
    elif (ground := known.get(line.ground)) is None:
        yield "ground", _("Choose one of the grounds that the law knows for this kind of request.")
    else:
        yield from ground_problems(
            case, ground, reasons=line.reasons, alternatives=line.alternatives, own_alternative=line.own_alternative,
            must_offer=must_offer and line.decision == Verdict.REFUSE,  # of a part, the rest is what they have instead
            waited_from=line.waited_from, notified_on=line.authority_notified_on, today=today,
        )  # fmt: skip
        yield from _of_part(line, found) if line.decision == Verdict.PARTIAL else _of_whole(line, found, ground)


def ground_problems(
    case: SubjectRequest,
    ground: RefusalGround,
    *,
    reasons: str,
    alternatives: Sequence[str],
    own_alternative: str,
    must_offer: bool,
    today: date,
    waited_from: date | None = None,
    notified_on: date | None = None,
) -> Iterator[tuple[str, str]]:
    """What a refusal of a case, or of a part of it, on this ground lacks, as field and words.

    Args:
        must_offer: the law wants something offered instead; of a ground that nobody is told of, it cannot.
    """
    if not reasons.strip():
        yield "reasons", _("Write down the reasons: the person is told them in the letter.")
    if len(reasons) > LONGEST_TEXT:
        yield "reasons", _("Shorten the reasons to %(n)d characters.") % {"n": LONGEST_TEXT}
    if not set(alternatives) <= {each.value for each in ground.alternatives}:
        offered = ground.alternatives
        yield "alternatives", _no_alternative(offered)
    if must_offer and ground.disclosable and not alternatives and not own_alternative.strip():
        yield (
            "alternatives",
            _(
                "The law wants a refusal to say what the person can have instead: choose one of the offers, or write "
                "one in your own words."
            ),
        )
    if notified_on is not None and notified_on > today:
        yield "authority_notified_on", _("This day is yet to come. Leave it empty until the authority was told.")
    if ground.wait is not None:
        yield from _of_wait(case, ground, waited_from, today)


def _no_alternative(offered: Sequence[Alternative]) -> str:
    if offered:
        return _("This ground leaves no room for one of these offers. Choose others, or offer it in your own words.")
    return _("This ground leaves no room for these offers. Offer what you can in your own words.")


def _of_wait(
    case: SubjectRequest, ground: RefusalGround, waited_from: date | None, today: date
) -> Iterator[tuple[str, str]]:
    if waited_from is None or waited_from > today:
        yield (
            "waited_from",
            _("Say since when those who may object know of the request: the law wants a wait from then."),
        )
        return
    first = may_be_decided_from(case, ground, waited_from)
    if first is not None and today < first:
        day = day_words(first)
        yield "waited_from", _("The law wants a wait: this can be decided on %(day)s or later.") % {"day": day}


def _of_grant(line: LineDecision, known: Mapping[str, RefusalGround]) -> Iterator[tuple[str, str]]:
    if (ground := known.get(line.ground)) is not None and ground.must_refuse:
        yield "decision", _("The law forbids to grant what this ground is about. Refuse it, or take the ground away.")
    elif line.ground:
        yield "ground", _("What is granted needs no ground. Take the ground away, or refuse.")


def _of_unasked(case: SubjectRequest, line: LineDecision) -> Iterator[tuple[str, str]]:
    if not may_be_unasked(case):
        yield (
            "decision",
            _("Only of a copy can something be left out like this. Grant it, or refuse it."),
        )
    elif line.ground:
        yield "ground", _("What was not asked for needs no ground. Take the ground away, or refuse.")


def _of_part(line: LineDecision, found: FoundLine) -> Iterator[tuple[str, str]]:
    if not line.severed.strip():
        yield "severed", _("Say in words what is left out: the person is told.")
    if len(line.severed) > LONGEST_TEXT:
        yield "severed", _("Shorten what is left out to %(n)d characters.") % {"n": LONGEST_TEXT}
    chosen = {(place, column) for place, columns in line.left_out.items() for column in columns}
    every = {(place, column) for place, columns in found.seen.items() for column in columns}
    if not chosen or not chosen <= every:
        yield "left_out", _("Choose what is left out.")
    elif chosen == every:
        yield "left_out", _("This leaves out all of it: refuse it, or leave something in.")


def _of_whole(line: LineDecision, found: FoundLine, ground: RefusalGround) -> Iterator[tuple[str, str]]:
    yield from severing_problems(ground, can_be_severed=found.can_be_parted, confirmed=line.nothing_severable)


def severing_problems(ground: RefusalGround, *, can_be_severed: bool, confirmed: bool) -> Iterator[tuple[str, str]]:
    """What is wrong with refusing on this ground without giving what can be given, as field and words.

    Args:
        can_be_severed: there is more than one column or place of it.
        confirmed: somebody looked, and none of it can be given.
    """
    if ground.must_sever and can_be_severed and not confirmed:
        yield (
            "nothing_severable",
            _(
                "The law wants given what can be given without the rest: grant in part, or confirm that nothing of it "
                "can be."
            ),
        )


def _silence(
    case: SubjectRequest, given: Sequence[LineDecision], known: Mapping[str, RefusalGround]
) -> Iterator[Wrong]:
    """Of a package the person sees what is in it; everything else would tell them that something was refused."""
    secret = [line for line in given if line.ground in known and not known[line.ground].disclosable]
    if secret and traits_of(case.kind).answer is not Answer.PACKAGE:
        yield Wrong(
            secret[0].key, "ground", _("Nobody may be told of this ground, and this kind of request cannot hide it.")
        )
