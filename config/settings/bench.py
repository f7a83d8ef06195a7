"""Benchmarks: production's way of working against an embedded server of their own that really writes to disk."""

from config import env

env.use_mode(env.Mode.TEST)

from config.embedded import ensure_postgres, ensure_redis  # noqa: E402
from config.settings.base import *  # noqa: E402, F403
from config.settings.base import database_settings  # noqa: E402
from config.settings.celery import celery_settings  # noqa: E402

DATABASES = {"default": database_settings(env.database_url() or ensure_postgres("bench"))}
CELERY = celery_settings(env.redis_url() or ensure_redis("bench"))
SOURCE_SOCKETS_ALLOWED = True
