"""Addresses of the doors for machines."""

from django.urls import include, path

from parvis.web.api.explore import catalog

urlpatterns = [
    path("api/explore/v2.1", catalog.root),
    path("api/explore/v2.1/", include("parvis.web.api.explore.urls")),
]
