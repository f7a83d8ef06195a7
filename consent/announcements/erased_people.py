"""Whether somebody with a file in the portal is one who was erased and did not come back.

The file outlives an erasure for a while: it holds the case, its letters, and the proof of what was done. The addresses
in it are there for that case, not for news of the organisation.
"""

from consent.announcements.models import NoticeAcceptance
from consent.models import ConsentRecord, Decision, Method
from privacy.register.restrictions.selectors import is_restricted
from privacy.subjects.erased import erased_among, names_of
from privacy.subjects.models import Subject


def gets_no_letter(subject: Subject) -> bool:
    """Whether the use of the person's data is restricted, or they were erased. The person is locked."""
    return is_restricted(subject) or is_erased(subject)


def is_erased(subject: Subject) -> bool:
    """Whether the person was erased and has not been a customer again since.

    The rule: who was erased under anything that the file knows them by gets no letter, until something after the last
    erasure says that they deal with the organisation again. That is a file that was begun after it (the old one was
    gone, and they came as somebody new), a consent that they gave, or an acceptance of a notice, by words or by going
    on using the service. A later request says nothing of the kind: who asks whether all is gone is no customer. Nor
    does silence that was taken for consent. A row in a source does not either: a restored backup looks the same, and
    it is reported to officers as somebody who came back (`retention.erased`).
    """
    known = [names_of(each.kind, bytes(each.index), each.value) for each in subject.identifiers.all()]
    moments = erased_among(set().union(*known)).values() if known else ()
    if not moments:
        return False
    last = max(moments)
    if subject.created_at > last:
        return False
    agreed = ConsentRecord.objects.filter(subject=subject, decision=Decision.GIVEN, recorded_at__gt=last)
    accepted = NoticeAcceptance.objects.filter(subject=subject, recorded_at__gt=last)
    return not agreed.exclude(method=Method.OPT_OUT).exists() and not accepted.exists()
