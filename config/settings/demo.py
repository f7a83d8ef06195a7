"""The demo: embedded servers unless the environment names others, mails kept in a folder, sample organisations."""

from config import env

env.use_mode(env.Mode.DEMO)

from config.embedded import ensure_postgres, ensure_redis  # noqa: E402
from config.settings.base import *  # noqa: E402, F403
from config.settings.base import INSTALLED_APPS, LOGGERS, LOGGING, PUBLIC_HOSTS, SHARED_APPS, database_settings  # noqa: E402
from config.settings.celery import celery_settings  # noqa: E402

DATABASES = {"default": database_settings(env.database_url() or ensure_postgres())}
CELERY = celery_settings(env.redis_url() or ensure_redis())
SHARED_APPS = [*SHARED_APPS, "demo"]
INSTALLED_APPS = [*INSTALLED_APPS, "demo"]
DISPATCH_EVERY_SECONDS = 5
SILENCED_SYSTEM_CHECKS: list[str] = []
SAMPLE_SITES = {f"{slug}-site.{PUBLIC_HOSTS[0]}": slug for slug in ("offixpro", "back-office")}
PUBLIC_HOSTS = [*PUBLIC_HOSTS, *SAMPLE_SITES]
PLAIN_LOCAL_ORIGINS_ALLOWED = True  # sample sites are on this machine, without https
SOURCE_SOCKETS_ALLOWED = True  # sample databases live in the embedded PostgreSQL, which has no TCP
DEMO_DIR = env.data_dir()

# Jobs that went well would push the addresses and passwords out of the terminal; those that fail are errors.
QUIET = {name: {"level": "WARNING"} for name in ("celery.worker.strategy", "celery.app.trace")}
LOGGING = LOGGING | {"loggers": LOGGERS | QUIET}
