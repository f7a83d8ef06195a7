from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RequestsConfig(AppConfig):
    name = "requests"
    verbose_name = _("Work")

    def ready(self) -> None:
        # DRF imports a library called `requests` when it can, and finds this app instead. Without the library it does
        # without; say that this is so.
        import rest_framework.compat

        rest_framework.compat.requests = None  # type: ignore[assignment]

        from privacy.datamap.minimums import register_minimums
        from privacy.documents import checks  # noqa: F401  registers the system checks
        from privacy.errands.standing import register_listener as register_errand_listener
        from privacy.letters.access import register_case_access
        from privacy.letters.addressing import register_addressee_check
        from privacy.letters.links import register_link_maker
        from privacy.offboarding.files import register_files
        from privacy.register.restrictions.listening import register_listener as register_restriction_listener
        from privacy.subjects.enquiries import register_resolver
        from requests import jobs
        from requests.case_files import jobs as case_file_jobs
        from requests.case_files.storage import case_files_in_the_clear
        from requests.fulfilment.access_package import packages_in_the_clear
        from requests.fulfilment.copies import errand_files_in_the_clear
        from requests.letter_access import may_still_get, may_use_letters
        from requests.letters import new_link_for
        from requests.own_data import jobs as own_data_jobs
        from requests.own_data import tables as own_tables
        from requests.own_data.files import after_run
        from requests.own_data.open_cases import of_open_cases
        from requests.redaction import jobs as redaction_jobs
        from requests.services.carrying_out import correction_moved
        from requests.services.ended_restrictions import restriction_moved
        from requests.services.execution import erasure_run_ended, run_is_approved
        from requests.services.holding_up import erasure_run_waits
        from requests.services.intake import TRACKING
        from requests.services.packaging import copy_moved
        from requests.services.tracking import resolve_tracking_enquiry
        from retention.approval import register_approval
        from retention.completion import register_listener, register_wait_listener
        from retention.enums import RunKind

        register_case_access(may_use_letters)
        register_addressee_check(may_still_get)
        register_link_maker(new_link_for)
        jobs.register()
        case_file_jobs.register()
        redaction_jobs.register()
        own_data_jobs.register()
        own_tables.register()
        register_minimums(of_open_cases)
        register_listener(RunKind.RETENTION, after_run)
        register_files(packages_in_the_clear)
        register_files(errand_files_in_the_clear)
        register_files(case_files_in_the_clear)
        register_restriction_listener(restriction_moved)
        register_errand_listener(copy_moved)
        register_errand_listener(correction_moved)
        register_listener(RunKind.ERASURE, erasure_run_ended)
        register_wait_listener(RunKind.ERASURE, erasure_run_waits)
        register_approval(run_is_approved)
        register_resolver(TRACKING, resolve_tracking_enquiry)
