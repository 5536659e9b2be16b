"""Addresses of the house, and the pages shown when something is amiss."""

from django.urls import include, path

from parvis.hub.collections.urls import addresses_of
from parvis.hub.registry import collections, modules

urlpatterns = [
    *(path("", include(module.urls)) for module in modules() if module.urls),
    *(address for collection in collections() for address in addresses_of(collection)),
    path("", include("parvis.web.urls")),
]

handler400 = "parvis.web.portal.errors.refused"
handler403 = "parvis.web.portal.errors.forbidden"
handler404 = "parvis.web.portal.errors.not_found"
handler500 = "parvis.web.portal.errors.failed"
