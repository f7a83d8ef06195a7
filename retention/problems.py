"""Why a run waits, stopped or needs somebody, in words that say what is happening and what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PROBLEM_WORDS: dict[str, Promise] = {
    "source_unreachable": _("The source cannot be reached. The run goes on by itself as soon as it can be."),
    "source_busy": _("Other work in the source is in the way. The run tries again by itself."),
    "source_inactive": _("The source was switched off. Switch it on again and the run goes on by itself."),
    "source_refused": _(
        "The source refused a part of the work; what it did not refuse is done. Put right what it says "
        "about the table, then resume the run: only what is left is tried again."
    ),
    "source_problem": _("The data map does not fit the source. Put right what it says, then resume the run."),
    "source_unsupported": _("The source runs a version that is not supported. Upgrade it, then resume the run."),
    "organisation_inactive": _("The organisation is not active. The run waits until it is."),
    "outside_hours": _("It is outside of the hours of retention. The run goes on by itself when they begin."),
    "held": _("The person's data is under a hold. The run goes on by itself when it is released."),
    "dataset_held": _("The dataset is under a hold. The run goes on by itself when it is released."),
    "rule_inactive": _(
        "The rule was switched off, or its time is over. Nothing more was changed; a new run follows it again."
    ),
    "rule_changed": _("The rule was changed. Nothing more was changed; a new run follows the new rule."),
    "minimum_changed": _(
        "A statutory minimum came, went or was changed since the plan was made. Nothing more was changed; plan again."
    ),
    "map_changed": _("The data map was changed since the plan was made. Nothing more was changed; plan again."),
    "cancelled": _("An officer cancelled the run. What it did until then stays done and is in its record."),
    "approval_void": _("The approval is void. Nothing more is changed; it needs a new decision."),
    "approve_again": _("The rows changed since the run was approved. Nothing was changed; look and approve again."),
    "more_rows": _(
        "More rows are due than when the run was started. Nothing was changed yet; a second officer looks first."
    ),
    "declined": _("The second officer declined the run. Nothing was changed; the rule is planned anew the next day."),
    "plan_no_longer_matches": _("The data changed since the plan was made. Nothing was changed; plan again."),
    "rows_came": _("What was planned is done, but more rows name the person since. Plan again for those."),
    "survivors": _("Rows remain that should be gone: something brings them back or locks them. Look, then resume."),
    "count_unknown": _("The source could not say whether rows remain, so the run is not complete. Resume it later."),
    "waits_for_person": _(
        "A task waits for the person who does it. The run goes on by itself when it is declared done."
    ),
    "waits_for_processor": _("The processor has the request and is at work. It is asked again by itself."),
    "task_impossible": _("The task could not be done; its comment says why. Open it again once that is put right."),
    "processor_unreachable": _("The processor cannot be reached or is too slow. It is asked again by itself."),
    "processor_error": _("The processor answered with an error. If it lasts, talk to the processor, then resume."),
    "processor_refused": _("The processor refused our token. Enter the present one under “Sources”, then resume."),
    "processor_signature": _(
        "The answer was not signed by the processor's key and was not believed. Check the key, then resume."
    ),
    "processor_key_over": _("The processor's certificate is not valid any more. Enter the present one, then resume."),
    "processor_answer": _("The processor's answer does not fit what was asked. Talk to the processor, then resume."),
    "processor_cancelled": _("The processor cancelled the request. Talk to the processor; do not count on its data."),
    "processor_late": _("The processor did not finish by the time it gave. Talk to the processor, then resume."),
    "processor_elsewhere": _("The processor sends us to another host, where nobody goes. Talk to the processor."),
    "processor_too_long": _("The processor's answer is larger than it may be. Talk to the processor."),
    "processor_address_private": _("The processor's address lies inside a private network and is not called."),
    "processor_malware": _(
        "Malware was found in what the processor gave, so it was deleted. Talk to the processor, then resume."
    ),
    "scanner_away": _("The virus scanner does not answer, and no file is used unscanned. It is tried again by itself."),
    "file_infected": _(
        "Malware was found in a file that was given for the person, so it was deleted. Open the task again, or ask the "
        "processor, for another one."
    ),
    "processor_no_identity": _("The person is not known by anything that could be sent to the processor."),
    "processor_no_results": _("The processor says it is done and gives no results. Talk to the processor."),
    "unexpected": _("The run met an error nobody foresaw. The record is exact; tell the operator, then resume."),
}


def problem_words(code: str) -> str:
    """The words for a code; the code itself when nobody wrote any, empty for none."""
    return str(PROBLEM_WORDS.get(code, code))
