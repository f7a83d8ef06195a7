"""The web server's way in. WSGI on purpose: under ASGI the selected schema does not follow the request."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

application = get_wsgi_application()
