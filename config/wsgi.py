"""The web server's way in. WSGI on purpose: under ASGI the selected schema does not follow the request."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

application = get_wsgi_application()

# What the portal is made of lives as long as the process. The collector need not look at it again and again: a call
# with ten thousand decisions spent a sixth of its time on that.
gc.collect()
gc.freeze()
