"""What each role may do, as data. Codes are Django permissions (`app.action_model`)."""

from privacy.officers.models import Role

_READ_ALL = {
    "requests.view_subjectrequest",
    "requests.view_all_subjectrequests",
    "ledger.view_ledgerentry",
    "ledger.view_seal",
    "retention.view_rule",
    "retention.view_minimum",
    "retention.view_run",
    "retention.view_hold",
    "datamap.view_source",
    "datamap.view_dataset",
    "datamap.view_field",
    "datamap.view_finding",
    "register.view_purpose",
    "restrictions.view_restriction",
    "register.view_notice",
    "register.view_recipient",
    "register.view_holidayoverlay",
    "register.view_disclosure",
    "register.view_organisationprofile",
    "consent.view_consentrecord",
    "consent.view_currentconsent",
    "consent.view_wording",
    "letters.view_letter",
    "letters.view_lettertemplate",
    "officers.view_officer",
    "offboarding.view_organisationexport",
}

ROLE_PERMISSIONS: dict[str, frozenset[str]] = {
    Role.PRIVACY_OFFICER: frozenset(
        _READ_ALL
        | {
            "requests.handle_subjectrequest",
            "requests.approve_erasure",
            "requests.assign_subjectrequest",
            "requests.export_subjectrequests",
            "requests.view_identity_document",
            "retention.add_rule",
            "retention.change_rule",
            "retention.add_minimum",
            "retention.change_minimum",
            "retention.start_run",
            "retention.approve_run",
            "retention.add_hold",
            "retention.change_hold",
            "retention.release_hold",
            "datamap.add_source",
            "datamap.change_source",
            "datamap.change_dataset",
            "datamap.change_field",
            "datamap.change_finding",
            "restrictions.lift_restriction",
            "register.add_purpose",
            "register.change_purpose",
            "register.add_notice",
            "register.change_notice",
            "register.add_recipient",
            "register.change_recipient",
            "register.add_holidayoverlay",
            "register.change_holidayoverlay",
            "register.add_disclosure",
            "register.change_organisationprofile",
            "consent.add_wording",
            "letters.send_letter",
            "letters.change_lettertemplate",
            "offboarding.add_organisationexport",
            "officers.add_officer",
            "officers.change_officer",
            "officers.view_apikey",
            "officers.add_apikey",
            "officers.change_apikey",
        }
    ),
    # sees and handles the cases assigned to them, through guardian; identity documents and letters of those
    Role.CASE_HANDLER: frozenset(
        {"requests.view_subjectrequest", "requests.view_identity_document", "letters.send_letter"}
    ),
    Role.AUDITOR: frozenset(_READ_ALL),
}
