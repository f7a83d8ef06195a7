"""What a certificate says. Everything in it is plain data and plain words, so that it needs neither register nor code.

Danger: a certificate outlives what it speaks of, and goes from hand to hand. Rule: no personal data: roles instead of
names, counts instead of rows, digests instead of keys; and words are fixed when it is issued.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy.datamap.models import Action, Dataset, Strategy
from privacy.datamap.sparing import ground_of, reason_words
from privacy.ledger.actors import ActorKind
from privacy.letters.addresses import portal_url
from privacy.officers.models import Officer
from privacy.register.selectors import profile
from retention.certificate.moments import as_text
from retention.certificate.word import word_of
from retention.certificate.words import action_words, coarseness, coarser_words, scope_of_a_word, scope_words
from retention.enums import Result, RunKind
from retention.models import NoticePass, RuleVersion, Run, RunStep
from retention.results import WORDS, masks_of, result_of_mask, weakest
from retention.second_look import ApprovalReason

VERSION = 1
COUNTED = "counted"


def content_of(run: Run, *, certificate_id: str, issued_at: datetime, evidence: str = COUNTED) -> dict[str, Any]:
    """What is certified about a completed run, as JSON can hold it.

    Args:
        evidence: what shows that it is done, as a code. Only of what was counted does it say what was done to rows.

    Raises:
        ProfileMissing: the organisation has not said who it is.
    """
    organisation = profile()
    return {
        "version": VERSION,
        "certificate_id": certificate_id,
        "issued_at": as_text(issued_at),
        "issuer": {
            "name": organisation.legal_name,
            "country": organisation.country,
            "keys": portal_url("/.well-known/jwks.json"),
        },
        "run": _run(run),
        "source": run.source.name,
        "plan_hash": run.plan_hash,
        **(_counted(run) if evidence == COUNTED else _declared(run, evidence)),
    }


def _counted(run: Run) -> dict[str, Any]:
    planned = {each["dataset"]: each for each in run.plan["engine"]["steps"]}
    datasets = {each.key: each for each in run.source.datasets.prefetch_related("fields")}
    steps = list(run.steps.order_by("position"))
    changed = [step for step in steps if step.action != Action.KEEP]
    return {
        "word": None,
        "rule": _rule(run, datasets),
        "tables": [
            _table(
                step,
                planned[step.dataset_key],
                datasets.get(step.dataset_key),
                [each for each in changed if each.level and each.table == step.dataset_key],
            )
            for step in changed
            if not step.level
        ],
        "kept_tables": [
            _kept_table(step, datasets.get(step.dataset_key), planned.get(step.dataset_key))
            for step in steps
            if step not in changed
        ],
        "result": _result(run, steps),
        "scope": scope_words(),
    }


def _declared(run: Run, evidence: str) -> dict[str, Any]:
    word = word_of(run, evidence)
    result = {"class": "", "words": word["words"]}
    return {
        "word": word,
        "rule": None,
        "tables": [],
        "kept_tables": [],
        "result": result,
        "scope": scope_of_a_word(),
    }


def _run(run: Run) -> dict[str, Any]:
    return {
        "id": str(run.pk),
        "kind": run.kind,
        "kind_words": _kind_words(run),
        "ordered_by": _who(run),
        "approval": _approval(run),
        "request_received_on": run.received_on.isoformat() if run.received_on else None,
        "created_at": as_text(run.created_at),
        "started_at": as_text(run.started_at),
        "completed_at": as_text(run.completed_at),
    }


def _kind_words(run: Run) -> str:
    match run.kind:
        case RunKind.ERASURE:
            return _("Erasure at the request of a person")
        case RunKind.REPLAY:
            return _("Erasure again of rows of people who were erased before")
        case RunKind.KEPT:
            return _("Erasure of rows that an earlier erasure left because the law wanted them kept")
        case _:
            return _("Retention rule")


def _who(run: Run) -> str:
    """The role of whoever had the run started, never the name."""
    if run.actor_kind != ActorKind.OFFICER:
        return _("the portal by itself, following its schedule")
    officer = Officer.objects.filter(pk=run.actor_id).first()
    role = str(officer.get_role_display()) if officer else _("an officer")
    return _("%(role)s, as the second officer who approved it") % {"role": role} if run.case_id else role


def _approval(run: Run) -> dict[str, str | None] | None:
    """In which role a second officer approved this plan, when, and why one had to look; None where nobody had to.

    Erasures have none of their own: whoever approved the case, or the replay, is who ordered them.
    """
    if run.approved_by is None:
        return None
    return {
        "role": str(run.approved_by.get_role_display()),
        "at": as_text(run.approved_at),
        "plan_hash": run.approved_hash,
        "reason": run.approval_reason,
        "reason_words": str(ApprovalReason(run.approval_reason).label),
    }


def _rule(run: Run, datasets: Mapping[str, Dataset]) -> dict[str, Any] | None:
    if run.rule is None:
        return None
    return {
        "name": run.rule.name,
        "version": run.rule_version,
        "words": _rule_words(run),
        "legal_reason": run.plan.get("legal_reason", run.rule.legal_reason),  # runs before it was kept have only that
        "people_told": _people_told(run),
        "cutoff": as_text(run.cutoff),
    }


def _people_told(run: Run) -> int | None:
    """To how many letters were written before the rule acts; None for a rule that tells nobody."""
    return found.told if (found := NoticePass.objects.filter(run=run).first()) is not None else None


def _table(
    step: RunStep, planned: Mapping[str, Any], dataset: Dataset | None, passes: Sequence[RunStep]
) -> dict[str, Any]:
    labels = {each.column: each.label or each.column for each in dataset.fields.all()} if dataset else {}
    was_changed = bool(step.rows or any(each.rows for each in passes))
    return {
        "name": step.dataset_label,
        "table": step.dataset_key,
        "action": step.action,
        "action_words": action_words(step.action, step.rows),
        "rows": step.rows,
        "rows_under_hold": step.held or 0,
        "rows_waiting_for_notice": step.waiting or 0,
        "rows_kept_by_law": step.protected or 0,
        "rows_newer_than_request": step.newer or 0,
        "rows_left": step.survivors,
        "digest": step.digest,
        "result": _result_of(step) if was_changed else {"class": "", "words": _("No row was changed.")},
        "fields": [_field(each, labels) for each in masks_of(planned)] if was_changed else [],
        "kept": [
            {
                "column": each["column"],
                "name": labels.get(each["column"], each["column"]),
                "reason": reason_words(each["reason"]) or _("left as it is; no reason was given"),
            }
            for each in planned.get("kept", ())
        ],
        "made_coarser": [_pass(each, planned, labels) for each in passes],
    }


def _result_of(step: RunStep) -> dict[str, str]:
    return {"class": step.result, "words": str(WORDS[step.result])}


def _pass(step: RunStep, planned: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    """A pass over rows whose group was too small, and which columns it made how coarse."""
    return {
        "level": step.level,
        "rows": step.rows,
        "words": coarser_words(step.level, step.rows),
        "digest": step.digest,
        "fields": [
            _field(each, labels) | {"done": coarseness(each)} for each in planned["coarser"]["levels"][step.level - 1]
        ],
    }


def _field(mask: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, str]:
    return {
        "column": mask["column"],
        "name": labels.get(mask["column"], mask["column"]),
        "done": str(Strategy(mask["strategy"]).label),
        "class": result_of_mask(mask["strategy"]).value,
    }


def _kept_table(step: RunStep, dataset: Dataset | None, planned: Mapping[str, Any] | None) -> dict[str, Any]:
    spared = [reason_words(each["reason"]) for each in (planned or {}).get("kept", ()) if ground_of(each["reason"])]
    reason = "; ".join(dict.fromkeys(spared)) or (dataset.keep_reason if dataset else "")
    words = ngettext("%(n)d row kept", "%(n)d rows kept", step.expected) % {"n": step.expected}
    return {
        "name": step.dataset_label,
        "table": step.dataset_key,
        "rows": step.expected,
        "words": words,
        "reason": reason,
        "rows_newer_than_request": step.newer or 0,
    }


def _result(run: Run, steps: Sequence[RunStep]) -> dict[str, str]:
    """The weakest of all tables in which something was changed. Rows of the same person that stay weaken it as well."""
    results = [step.result for step in steps if step.result and step.rows]
    if not results:
        return {"class": "", "words": _("There was nothing to change.")}
    if run.kind != RunKind.RETENTION and any(map(_stays, steps)):
        results.append(Result.KEPT_IN_PART)
    found: Result = weakest(results)
    return {"class": found.value, "words": str(WORDS[found])}


def _stays(step: RunStep) -> bool:
    return bool(step.protected or step.newer or (step.action == Action.KEEP and step.expected))


def _rule_words(run: Run) -> str:
    """What the rule said when the run was planned, word for word."""
    assert run.rule_version is not None  # every run of a rule names the version it went by
    return RuleVersion.objects.get(rule=run.rule, number=run.rule_version).words
