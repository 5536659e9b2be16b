"""``/api/parvis/v1``: the house's own API, of the routers of modules and of the rooms of the web, which are no modules.

To add an operation: in your room's ``api.py``, an ``ApiRouter`` (``hub.api.routers``) and its functions; then ``api=router`` in
the ``Module`` of a room of the hub or of a subject of public life, or a line below for a room of the web. Names of operations
and of schemas are yours alone in the whole description. ``tests/conformance/test_schemathesis.py`` then asks your addresses what
the description allows, and fails on an answer that it does not tell; give it the values that mean something there, in ``KNOWN``.
"""

from __future__ import annotations

from django.utils.module_loading import import_string

from parvis.hub.api.house import HouseApi
from parvis.hub.collections.routing import router_of
from parvis.hub.notifications.description import MESSAGES, WEBHOOKS
from parvis.hub.registry import collections, modules
from parvis.web.portal import chart_api, map_api
from parvis.web.sql import api as sql_api
from parvis.web.validation import api as validation_api

API = HouseApi(
    (
        chart_api.router,
        map_api.router,
        sql_api.router,
        validation_api.router,
        *(import_string(module.api) for module in modules() if module.api),
        *(router_of(collection) for collection in collections()),
    ),
    webhooks=WEBHOOKS,
    messages=MESSAGES.values(),
)
