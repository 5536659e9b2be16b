"""The WSGI application that the HTTP server runs: kept public answers first, then Django."""

import os

from django.core.wsgi import get_wsgi_application

from parvis.core.unused import leave_lxml_out

leave_lxml_out()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.config.settings")
portal = get_wsgi_application()

# They read the database: only once the applications are loaded.
from parvis.config.serving.page_warmup import keep_pages_ready  # noqa: E402
from parvis.config.serving.warmup import warm_later  # noqa: E402
from parvis.hub.datastore.warmup import warm_remembered  # noqa: E402
from parvis.hub.usage.counters import keep_writing  # noqa: E402
from parvis.web.api.explore.response_cache import ResponseCache  # noqa: E402

application = ResponseCache(portal)
warm_remembered()
warm_later()
keep_pages_ready()
keep_writing()
