from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RetentionConfig(AppConfig):
    name = "retention"
    verbose_name = _("Retention")

    def ready(self) -> None:
        from privacy.datamap.enums import FindingCode
        from privacy.datamap.minimums import register_minimums
        from privacy.datamap.services.findings import register_dismissal
        from privacy.datamap.services.looking import register_listener as register_map_listener
        from privacy.datamap.services.looking import register_look
        from privacy.datamap.services.readdressing import register_move
        from privacy.errands.standing import register_listener as register_errand_listener
        from privacy.register.restrictions.listening import register_listener as register_restriction_listener
        from privacy.subjects.erased import register_erased_lookup
        from retention import jobs
        from retention.completion import register_listener
        from retention.enums import RunKind
        from retention.erased.fingerprints import erased_among
        from retention.erased.returned import let_stay
        from retention.errands import errand_moved
        from retention.kept.looking import let_stay as kept_rows_stay
        from retention.minimums import legal_minimums
        from retention.moved_sources import forget_transactions
        from retention.restricted import follow
        from retention.rule_problems import ask_again
        from retention.rules_due import look_for_the_next
        from retention.small_groups import count_after
        from retention.without_rule import without_rule

        jobs.register()
        register_minimums(legal_minimums)
        register_erased_lookup(erased_among)
        register_dismissal(FindingCode.ERASED_CAME_BACK, let_stay)
        register_dismissal(FindingCode.KEPT_BY_LAW_OVER, kept_rows_stay)
        register_dismissal(FindingCode.KEPT_ROW_CHANGED, kept_rows_stay)
        register_look([FindingCode.NO_RETENTION_RULE], without_rule)
        register_map_listener(ask_again)
        register_listener(RunKind.RETENTION, count_after)
        register_listener(RunKind.RETENTION, look_for_the_next)
        register_errand_listener(errand_moved)
        register_move(forget_transactions)
        register_restriction_listener(follow)
