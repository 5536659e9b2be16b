"""Addresses of the house, and the pages shown when something is amiss."""

from django.urls import include, path

from parvis.domains.indicators import urls as indicators
from parvis.hub.ui.errors import page
from parvis.web.portal.chart_api import door

urlpatterns = [
    path("", include(indicators.pages(page))),
    path("", include(indicators.doors(door))),
    path("", include("parvis.web.urls")),
]

handler403 = "parvis.web.portal.errors.forbidden"
handler404 = "parvis.web.portal.errors.not_found"
handler500 = "parvis.web.portal.errors.failed"
