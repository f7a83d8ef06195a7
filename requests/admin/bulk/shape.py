"""What an act on many cases is."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.utils.functional import Promise

from privacy.officers.models import Officer
from requests.models import SubjectRequest

Reasons = dict[uuid.UUID, str]
"""Why a case does not qualify, by its id; those that do are not in it."""
Given = dict[str, Any]


@dataclass(frozen=True)
class BulkAct:
    """One act.

    `right` is what an officer needs to be offered it: handle, assign or export.
    `judge` says before anything is done which of the chosen cases do not qualify, and why; with a form, also for what
    was entered. `perform` does it to one case, and may still refuse. An act with `answer` does it to all at once, and
    its response is sent instead of the list.
    """

    code: str
    title: str | Promise
    explanation: tuple[str | Promise, ...]
    button: str | Promise
    done: str | Promise
    right: str
    judge: Callable[[list[SubjectRequest], Officer, Given], Reasons]
    perform: Callable[[SubjectRequest, Officer, Given], object] | None = None
    answer: Callable[[list[SubjectRequest], Officer], HttpResponseBase] | None = None
    form: Callable[..., forms.Form] | None = None
