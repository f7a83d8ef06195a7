"""What a person is told about their case, in plain words. What is not listed here is not shown."""

from django.utils.translation import gettext_lazy as _

KINDS = {
    "access": (
        _("See my data"),
        _("Get a copy of the personal data held about you, what it is used for and who receives it."),
    ),
    "erasure": (
        _("Delete my data"),
        _("Have your personal data deleted. What a law says must be kept is kept; you are told what and why."),
    ),
    "reconsideration": (
        _("Have a person look at an automated decision"),
        _("Somebody who had no part in the decision looks at it again and tells you what comes of it, and why."),
    ),
    "question": (
        _("Ask a question"),
        _("Ask how your data is handled. An answer comes in writing."),
    ),
    "complaint": (
        _("Complain"),
        _("Say what was done wrong with your data. Somebody who had no part in it looks into it and answers you."),
    ),
}
