"""What personal data the record of processing activities holds; read by `privacy.register.own_data`."""

from django.db import models

from privacy.register.activities.models import ProcessingActivity, ProcessingWithoutConsent

PERSONAL_DATA: dict[type[models.Model], dict[str, str | None]] = {
    ProcessingActivity: {
        "id": None,
        "name": None,
        "description": None,
        "purposes": None,
        "subject_groups": None,
        "data_categories": None,
        "special_categories": None,
        "special_condition": None,
        "interests": None,
        "recipients": None,
        "sources": None,
        "retention": None,
        "security": None,
        "is_automated": None,
        "decision_logic": None,
        "impact_assessment": None,
        "joint_controllers": None,
        "owner": None,
        "ended_on": None,
        "reviewed_on": None,
        "review_on": None,
        "changed_at": None,
    },
    ProcessingWithoutConsent: {
        "id": None,
        "ground": "business",
        "authority": "business",
        "what": "free_text",
        "about_whom": "business",
        "categories": "business",
        "purpose": None,
        "begins_on": "business",
        "review_on": None,
        "standing": "business",
        "entered_by": "employment",
        "entered_at": None,
        "decided_by": "employment",
        "decided_at": None,
        "reviewed_on": None,
        "ended_on": "business",
        "end_reason": "free_text",
    },
}
