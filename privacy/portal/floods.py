"""Limits for forms that anybody may send.

Danger: a limit that behaves differently for people we know tells strangers whom we know.
Rule: attempts are counted before anything is looked up, by what was typed and where it came from, in one statement that
is the same for everybody. Counts live in the database, so that all web processes share them, under a keyed fingerprint.
"""

from datetime import timedelta

from django.utils import timezone

from privacy.portal.models import AttemptCount
from privacy.subjects.crypto import keyed_index
from privacy.tenants.db import connection

_TABLE = AttemptCount._meta.db_table
_COUNT = f"""
    INSERT INTO {_TABLE} AS counted (key, attempts, ends_at) VALUES (%(key)s, 1, %(ends_at)s)
    ON CONFLICT (key) DO UPDATE SET
        attempts = CASE WHEN counted.ends_at <= %(now)s THEN 1 ELSE counted.attempts + 1 END,
        ends_at = CASE WHEN counted.ends_at <= %(now)s THEN excluded.ends_at ELSE counted.ends_at END
    RETURNING attempts"""  # noqa: S608 - the name of our own table
_FORGET = f"""
    DELETE FROM {_TABLE} WHERE key IN (
        SELECT key FROM {_TABLE} WHERE ends_at <= %(now)s LIMIT 100 FOR UPDATE SKIP LOCKED)"""  # noqa: S608


def within_limit(*, what: str, who: str, limit: int, period: timedelta) -> bool:
    """Count an attempt, and say whether it is still within the limit.

    Args:
        what: names the limit (`requests.submit`).
        who: an address of a person or a machine; stored as a fingerprint only.
        limit: attempts allowed in a period.
        period: begins with the first attempt.
    """
    now = timezone.now()
    values = {"key": keyed_index(f"attempts.{what}", who), "now": now, "ends_at": now + period}
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, values)
        cursor.execute(_COUNT, values)
        return cursor.fetchone()[0] <= limit
