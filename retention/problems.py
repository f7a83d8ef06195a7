"""Why a run waits, stopped or needs somebody, in words that say what is happening and what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PROBLEM_WORDS: dict[str, Promise] = {
    "source_unreachable": _("The source cannot be reached. The run goes on by itself as soon as it can be."),
    "source_busy": _("Other work in the source is in the way. The run tries again by itself."),
    "source_inactive": _("The source was switched off. Switch it on again and the run goes on by itself."),
    "source_refused": _("The source refused a statement. Put right what it says, then resume the run."),
    "source_problem": _("The data map does not fit the source. Put right what it says, then resume the run."),
    "source_unsupported": _("The source runs a version that is not supported. Upgrade it, then resume the run."),
    "organisation_inactive": _("The organisation is not active. The run waits until it is."),
    "held": _("The person's data is under a hold. The run goes on by itself when it is released."),
    "dataset_held": _("The dataset is under a hold. The run goes on by itself when it is released."),
    "rule_inactive": _("The rule was switched off. Nothing more was changed; activate it and a new run starts."),
    "rule_changed": _("The rule was changed. Nothing more was changed; a new run follows the new rule."),
    "map_changed": _("The data map was changed since the plan was made. Nothing more was changed; plan again."),
    "approval_void": _("The approval of the erasure is void. Nothing more is changed; the case needs a new decision."),
    "plan_no_longer_matches": _("The data changed since the plan was made. Nothing was changed; plan again."),
    "rows_came": _("What was planned is done, but more rows name the person since. Plan again for those."),
    "awaiting_approval": _("A second officer has to approve before anything is changed."),
    "survivors": _("Rows remain that should be gone: something brings them back or locks them. Look, then resume."),
    "count_unknown": _("The source could not say whether rows remain, so the run is not complete. Resume it later."),
    "unexpected": _("The run met an error nobody foresaw. The record is exact; tell the operator, then resume."),
}


def problem_words(code: str) -> str:
    """The words for a code; the code itself when nobody wrote any, empty for none."""
    return str(PROBLEM_WORDS.get(code, code))
