"""Who an officer is and what the role allows."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from privacy.officers.models import Officer
from privacy.officers.roles import ROLE_PERMISSIONS
from privacy.tenants.context import current_organisation
from privacy.tenants.errors import NoOrganisation


class OfficerBackend(ModelBackend):
    """Signs officers in on their organisation's host, and nowhere else. Rights come from the role."""

    def authenticate(
        self, request: Any, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Any:
        if not self._in_organisation():
            return None
        return super().authenticate(request, username=username, password=password, **kwargs)

    def get_user(self, user_id: Any) -> Any:
        return super().get_user(user_id) if self._in_organisation() else None

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not isinstance(user_obj, Officer) or not user_obj.is_active or obj is not None:
            return set()
        return set(ROLE_PERMISSIONS[user_obj.role])

    def _in_organisation(self) -> bool:
        try:
            current_organisation()
        except NoOrganisation:
            return False
        return True
