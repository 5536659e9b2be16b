"""Addresses of the house, and the pages shown when something is amiss."""

from django.urls import include, path

from parvis.hub.registry import modules

urlpatterns = [
    *(path("", include(module.urls)) for module in modules() if module.urls),
    path("", include("parvis.web.urls")),
]

handler403 = "parvis.web.portal.errors.forbidden"
handler404 = "parvis.web.portal.errors.not_found"
handler500 = "parvis.web.portal.errors.failed"
