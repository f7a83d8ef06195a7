"""The bare view as a program of its own for the web server: plain Django, no middleware, nothing of the portal's."""

import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from config.settings import bench

_database = bench.DATABASES["default"]
settings.configure(
    SECRET_KEY="it signs nothing",  # noqa: S106
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=["rest_framework"],
    MIDDLEWARE=[],
    ROOT_URLCONF="benchmarks.bare",
    USE_TZ=True,
    REST_FRAMEWORK={
        "UNAUTHENTICATED_USER": None,
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    },
    DATABASES={
        "default": _database
        | {
            "ENGINE": "django.db.backends.postgresql",
            "OPTIONS": _database["OPTIONS"] | {"options": f"-c search_path={os.environ['BENCH_SCHEMA']}"},
        }
    },
)
django.setup()
application = WSGIHandler()
