"""Acknowledging cases that came in without an acknowledgement."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.officers.models import Officer
from privacy.subjects.identifiers import IdentifierKind
from requests.addressees import acts_with_authority
from requests.admin.bulk import reasons
from requests.admin.bulk.shape import BulkAct, Given, Reasons
from requests.enums import Channel
from requests.models import Representation, SubjectRequest
from requests.services.acknowledging import acknowledge, acknowledged


def _judge(cases: list[SubjectRequest], officer: Officer, given: Given) -> Reasons:
    found = _unreachable(cases)
    told = acknowledged([case.pk for case in cases])
    found |= {case.pk: gettext("The person was told already.") for case in cases if case.pk in told}
    return found | reasons.not_handled(cases, officer) | reasons.not_begun(cases) | reasons.closed(cases)


def _unreachable(cases: list[SubjectRequest]) -> Reasons:
    """Those whose letter would go to nobody, as `requests.letters` sends letters; in one query."""
    representations = {
        each.case_id: each for each in Representation.objects.filter(case__in=cases, ended_at__isnull=True)
    }
    found: Reasons = {}
    for case in cases:
        who = representations.get(case.pk)
        if who is not None and not acts_with_authority(who):
            found[case.pk] = gettext("Somebody asks for the person, and nobody has seen yet by what right.")
        elif case.channel == Channel.PORTAL and not (who.email if who is not None else _has_email(case)):
            found[case.pk] = gettext("There is no e-mail address of the person.")
    return found


def _has_email(case: SubjectRequest) -> bool:
    return any(
        each.kind == IdentifierKind.EMAIL and each.former_since is None for each in case.subject.identifiers.all()
    )


ACT = BulkAct(
    code="acknowledge_selected",
    title=_("Acknowledge"),
    explanation=(_("Each person gets the letter that says that we have their request, and by when we answer."),),
    button=_("Send acknowledgements"),
    done=_("Acknowledged"),
    right="handle",
    judge=_judge,
    perform=lambda case, officer, given: acknowledge(case=case, officer=officer),
)
