"""What every installation has in common. The environment is read through `config.env`, nowhere else."""

from importlib.util import find_spec
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from config import env
from config.settings.unfold import UNFOLD_OFFICER, UNFOLD_OPERATOR  # noqa: F401

BASE_DIR = Path(__file__).resolve().parent.parent.parent


def _guard_our_own_name() -> None:
    """Our app owns the name `requests`; the HTTP library of that name would shadow it or be shadowed by it."""
    spec = find_spec("requests")
    origin = Path(spec.origin).resolve() if spec and spec.origin else None
    if origin is None or not origin.is_relative_to(BASE_DIR):
        raise ImproperlyConfigured(
            "`requests` is not this project's app: uninstall the PyPI library of that name and start from the project."
        )


_guard_our_own_name()


def database_settings(url: str) -> dict:
    """Django's DATABASES entry for a libpq URL."""
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "privacy.tenants.backend",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": parts,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }


SECRET_KEY = env.secret_key()
DEBUG = env.debug()
PUBLIC_HOSTS = [env.public_host()]
PUBLIC_BASE_URL = env.public_url()
ALLOWED_HOSTS = ["*"]  # the middleware serves only hosts that an organisation owns, and knows no others

# Tables of SHARED_APPS live in the public schema, those of TENANT_APPS in each organisation's. An app of ours is in
# one list only. Sessions are in both: officers' in their organisation, operators' in public.
SHARED_APPS = [
    "privacy.tenants",  # before django_tenants: its `migrate` is ours
    "django_tenants",
    "privacy.jobs",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
]
TENANT_APPS = [
    "requests",  # early: it tells DRF that the HTTP library of this name is absent
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.guardian",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "guardian",
    "rest_framework",
    "rest_framework_api_key",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "privacy.law",
    "privacy.ledger",
    "privacy.officers",
    "privacy.subjects",
    "privacy.register",
    "privacy.register.restrictions",
    "privacy.register.activities",
    "privacy.datamap",
    "privacy.letters",
    "privacy.errands",
    "privacy.portal",
    "privacy.offboarding",
    "consent",
    "consent.cookies",
    "consent.announcements",
    "retention",
]
INSTALLED_APPS = SHARED_APPS + [app for app in TENANT_APPS if app not in SHARED_APPS]

TENANT_MODEL = "tenants.Organisation"
TENANT_DOMAIN_MODEL = "tenants.Domain"
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
ORIGINAL_BACKEND = "django.db.backends.postgresql"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.ApiProblemMiddleware",
    "privacy.tenants.middleware.HealthMiddleware",
    "privacy.tenants.middleware.OrganisationMiddleware",
    "config.middleware.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "privacy.register.zones.OrganisationZoneMiddleware",
    "privacy.offboarding.read_only.ReadOnlyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.NoStoreMiddleware",
]

ROOT_URLCONF = "config.urls_tenant"
PUBLIC_SCHEMA_URLCONF = "config.urls_public"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "privacy.register.context.organisation_profile",
            ],
        },
    },
]

AUTH_USER_MODEL = "officers.Officer"
AUTHENTICATION_BACKENDS = [
    "privacy.officers.backends.OfficerBackend",
    "privacy.tenants.operators.OperatorBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ANONYMOUS_USER_NAME = None  # guardian: nobody has rights without signing in
GUARDIAN_ANONYMOUS_USER_CACHE_TTL = 0

SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # until the browser is closed
CSRF_FAILURE_VIEW = "config.outdated_forms.csrf_failure"
TRUSTED_PROXIES = env.trusted_proxies()

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]  # a language joins when its translation is complete: half of one misleads
# Letters are complete in these. The portal's pages follow by themselves, so a letter may be in a language they lack.
LETTER_LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.data_dir() / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": env.data_dir() / "files"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
# The screen of a table has eleven fields for each column, and PostgreSQL allows 1,600 columns. The size stays limited.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
# An upload never waits on disk in the clear: it stays in memory until it is encrypted, and a larger one is not taken.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
CLAMD_ADDRESS = env.clamd_address()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What may be sent to a cancelled organisation although it changes nothing any more, by name of the address.
ALLOWED_WHILE_CANCELLED = frozenset(
    {
        "officer:login", "officer:logout", "officer:offboarding_organisationexport_make",
        "officer:offboarding_organisationexport_download", "requests:track", "requests:track_link", "requests:download",
        "requests:download_link", "portal:leave", "consents-lookup", "restrictions-lookup",
        "officer:retention_why_of",
    }
)  # fmt: skip

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "KEY_FUNCTION": "django_tenants.cache.make_key",
        "REVERSE_KEY_FUNCTION": "django_tenants.cache.reverse_key",
    }
}

DATA_KEYS = env.data_keys()
INDEX_KEY = env.index_key()
LEDGER_KEY = env.ledger_key()
SIGNING_SEED = env.signing_seed()
RETIRED_SIGNING_SEEDS = env.retired_signing_seeds()

DEFAULT_FROM_EMAIL = env.email_from()
MAIL_DIR = env.data_dir() / "mail"
if _server := env.email_server():
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    globals().update(_server.as_django_settings())
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "privacy.letters.mail_folder.FolderBackend"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["privacy.officers.api_keys.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["privacy.officers.api_keys.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.api_bodies.BoundedJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "config.api.CursorPagination",
    "EXCEPTION_HANDLER": "config.api.problem_details",
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Privacy Desk",
    "DESCRIPTION": "Record consents, look up what a person agreed or objected to, and read the proofs.",
    "VERSION": "1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "ENUM_NAME_OVERRIDES": {
        "DecisionEnum": "consent.models.Decision",
        "RequestKindEnum": "requests.enums.RequestKind",
        "RequestStateEnum": "requests.enums.RequestState",
        "RestrictionKindEnum": "privacy.register.restrictions.enums.RestrictionKind",
        "RunKindEnum": "retention.enums.RunKind",
        "RunStateEnum": "retention.enums.RunState",
        "RunTableStateEnum": "retention.enums.StepState",
    },
}

# The portal is plain HTML and forms. The officers' site is Django's admin in Unfold, whose Alpine build evaluates
# expressions; `config.middleware` relaxes the policy for /officer/ and /platform/ only.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# Never a path: it may hold the token of a link. Not "no-referrer": browsers then send `Origin: null` with forms, which
# Django rightly refuses.
SECURE_REFERRER_POLICY = "strict-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
PLAIN_LOCAL_ORIGINS_ALLOWED = False  # sites that show a cookie banner are on https

CELERY_APP = "config.celery"
JOB_LEASE_SECONDS = 90
JOB_SLICE_SECONDS = 45
DISPATCH_EVERY_SECONDS = 15
# A table with more rows than this to change is cut into parts, about one for each so many rows, which workers share.
RETENTION_PART_ROWS = 50_000
RETENTION_MOST_PARTS = 8

LOGGERS = {
    "django": {"handlers": ["nowhere"]},  # instead of handlers of its own, which write whole errors
    "django.request": {"level": "ERROR"},
    "fontTools": {"level": "WARNING"},  # it writes which letters each PDF has
    "fpdf": {"level": "ERROR"},  # it writes the letters of names that its font lacks
    "django.server": {"handlers": ["nowhere"], "propagate": False},  # it writes whole addresses
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "config.log_lines.DiscreetFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": env.log_level()},
    "loggers": LOGGERS,
}

# How long before the end of a consent that is valid for some days the person is asked to agree again.
CONSENT_ASKED_AGAIN_DAYS = 30

# SQLite files that may be sources, by organisation; never one of the portal's own, which lie in PORTAL_DIRECTORIES.
SQLITE_SOURCE_DIRECTORIES = env.sqlite_source_directories()
PORTAL_DIRECTORIES = [BASE_DIR, env.base_dir()]
