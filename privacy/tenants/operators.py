"""Operators sign in on the public host only."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, make_password

from privacy.tenants.db import connection
from privacy.tenants.models import Operator
from privacy.tenants.names import PUBLIC_SCHEMA


class OperatorBackend(BaseBackend):
    def authenticate(
        self, request: Any, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Any:
        if connection.schema_name != PUBLIC_SCHEMA or not username or not password:
            return None
        operator = Operator.objects.filter(email__iexact=username, is_active=True).first()
        if operator is None:
            make_password(password)  # the same work as for a known operator, so that time tells nothing
            return None
        return operator if check_password(password, operator.password) else None

    def get_user(self, user_id: Any) -> Any:
        if connection.schema_name != PUBLIC_SCHEMA:
            return None
        return Operator.objects.filter(pk=user_id, is_active=True).first()
