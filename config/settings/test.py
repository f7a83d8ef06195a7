"""Tests: real embedded servers of their own, fast password hashing, short leases."""

from config import env

env.use_mode(env.Mode.TEST)

from config.embedded import ensure_postgres, ensure_redis  # noqa: E402
from config.settings.base import *  # noqa: E402, F403
from config.settings.base import INSTALLED_APPS, PUBLIC_HOSTS, SHARED_APPS, STATIC_ROOT, database_settings  # noqa: E402
from config.settings.celery import celery_settings  # noqa: E402

DATABASES = {"default": database_settings(env.database_url() or ensure_postgres()) | {"CONN_MAX_AGE": 0}}
CELERY = celery_settings(env.redis_url() or ensure_redis())
SHARED_APPS = [*SHARED_APPS, "demo"]
INSTALLED_APPS = [*INSTALLED_APPS, "demo"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
JOB_LEASE_SECONDS = 6
JOB_SLICE_SECONDS = 4
DISPATCH_EVERY_SECONDS = 1
SAMPLE_SITES = {f"{slug}-site.{PUBLIC_HOSTS[0]}": slug for slug in ("offixpro", "back-office")}
PUBLIC_HOSTS = [*PUBLIC_HOSTS, *SAMPLE_SITES]
PLAIN_LOCAL_ORIGINS_ALLOWED = True  # sample sites are on this machine, without https
SOURCE_SOCKETS_ALLOWED = True  # sample databases live in the embedded PostgreSQL, which has no TCP
DEMO_DIR = env.data_dir()
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns when nothing was collected, and a warning is an error
