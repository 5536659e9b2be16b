"""Addresses of this subject besides those of its collections."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("parvis.domains.deliberations.oparl.urls")),
]
