"""Which of the portal's own tables hold what people sent us and what we wrote to them."""

from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from privacy.datamap.own_tables import register_own_tables
from privacy.errands.models import Errand
from privacy.letters.models import Letter
from privacy.register.restrictions.models import Restriction
from privacy.subjects.models import MailLink
from requests.models import CaseGroupPermission, CaseOfficerPermission, SubjectRequest

APPS = (
    "subjects", "portal", "letters", "errands", "register", "restrictions", "activities", "consent", "cookies",
    "announcements", "requests",
)  # fmt: skip
CASE_OF = {Letter: "case_id", MailLink: "target_id", Errand: "case_id", Restriction: "case_id"}
"""Rows that know their case by its id only: no foreign key leads to it."""


def register() -> None:
    ways = [(model, name, SubjectRequest) for model, name in CASE_OF.items()]
    labels = {
        Session: _("visits of the portal"),
        CaseOfficerPermission: _("officers who may see a case"),
        CaseGroupPermission: _("groups of officers who may see a case"),
    }
    register_own_tables(app_labels=APPS, ways=ways, labels=labels)
