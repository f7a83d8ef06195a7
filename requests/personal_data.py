"""What personal data the tables of subject requests hold; read by `privacy.register.own_data`."""

from django.db import models

from requests.models import AccessPackage, Approval, CaseGroupPermission, CaseOfficerPermission, SubjectRequest

PERSONAL_DATA: dict[type[models.Model], dict[str, str | None]] = {
    SubjectRequest: {
        "id": "key",
        "reference": "key",
        "kind": "decision",
        "language": "communication",
        "subject": "key",
        "name": "identity",
        "details": "free_text",
        "received_at": "communication",
        "identity_level": "technical",
        "assignee": "employment",
        "plan": "business",
        "frozen_keys": "key",
        "decided_by": "employment",
        "refusal_ground": "decision",
        "refusal_text": "free_text",
        "state": None,
        "channel": None,
        "received_on": None,
        "due_on": None,
        "target_on": None,
        "deadlines": None,
        "plan_hash": None,
        "planned_at": None,
        "decided_at": None,
        "problem": None,
        "closed_at": None,
    },
    CaseOfficerPermission: {
        "user": "employment",
        "id": None,
        "permission": None,
        "content_object": None,
    },
    CaseGroupPermission: {
        "id": None,
        "permission": None,
        "group": None,
        "content_object": None,
    },
    Approval: {
        "officer": "employment",
        "id": None,
        "case": None,
        "plan_hash": None,
        "approved_at": None,
    },
    AccessPackage: {
        "digest": "technical",
        "downloads_left": "technical",
        "id": None,
        "case": None,
        "file_name": None,
        "size": None,
        "rows": None,
        "created_at": None,
        "expires_at": None,
        "deleted_at": None,
    },
}
