"""Production: security settings only; no feature exists only here."""

from config import env

env.use_mode(env.Mode.PRODUCTION)

from config.settings.base import *  # noqa: E402, F403
from config.settings.base import database_settings  # noqa: E402
from config.settings.celery import celery_settings  # noqa: E402

DATABASES = {"default": database_settings(env.database_url() or "")}
CELERY = celery_settings(env.redis_url() or "")
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}  # noqa: F405

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.trusted_proxies() else None
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
