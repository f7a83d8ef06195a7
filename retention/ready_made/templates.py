"""The templates that officers can add rules from."""

from django.utils.translation import gettext_lazy as _

from retention.ready_made import office_services, subscriptions
from retention.ready_made.described import RuleTemplate

TEMPLATES = (
    RuleTemplate(
        key="subscriptions",
        name=_("Service by subscription, Ghana"),
        words=_(
            "For a service with workspaces, customers and users: what belongs to a cancelled subscription goes after "
            "thirty days, tax books and payroll after six years."
        ),
        rules=subscriptions.RULES,
    ),
    RuleTemplate(
        key="office-services",
        name=_("Office services for clients, Canada"),
        words=_(
            "For work done for clients: what a decision about a person was based on is kept for one year, books and "
            "records for six, and the rest goes two years after the last work."
        ),
        rules=office_services.RULES,
    ),
)
