"""Need-to-know behind one door: who may see and do what with a single object.

The role answers first; where it does not allow, guardian's grants on the single object do. Nothing else grants.

Danger: a grant outlives the role it was given to, and an auditor acts on the cases of their past.
Rule: grants count only for roles that handle cases; the role is read anew each time.
"""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from guardian.shortcuts import assign_perm, get_objects_for_user, remove_perm

from privacy.officers.models import Officer, Role

AnyModel = TypeVar("AnyModel", bound=Model)
HANDLING_ROLES = frozenset({Role.PRIVACY_OFFICER, Role.CASE_HANDLER})


def restrict(queryset: QuerySet[AnyModel], officer: Any, action: str, *, all_of_them: str) -> QuerySet[AnyModel]:
    """The objects on which the officer may act.

    Args:
        action: permission on a single object, without app (`view_subjectrequest`).
        all_of_them: permission, with app, that opens every object (`requests.view_all_subjectrequests`).
    """
    if not isinstance(officer, Officer) or not officer.is_active:
        return queryset.none()
    if officer.has_perm(all_of_them):
        return queryset
    if officer.role not in HANDLING_ROLES:
        return queryset.none()
    label = queryset.model._meta.app_label
    return get_objects_for_user(
        officer, f"{label}.{action}", klass=queryset, accept_global_perms=False, with_superuser=False
    )


def may(officer: Any, action: str, target: Model, *, all_of_them: str) -> bool:
    """Whether the officer may act on this object; same meaning as `restrict`."""
    return restrict(
        type(target)._default_manager.filter(pk=target.pk), officer, action, all_of_them=all_of_them
    ).exists()


def grant(officer: Officer, action: str, target: Model) -> None:
    assign_perm(action, officer, target)


def revoke(officer: Officer, action: str, target: Model) -> None:
    remove_perm(action, officer, target)
