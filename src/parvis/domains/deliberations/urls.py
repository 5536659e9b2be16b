"""Addresses of this subject besides those of its collections."""

from django.urls import URLPattern, URLResolver

from parvis.domains.deliberations.money import urls as money

urlpatterns: list[URLPattern | URLResolver] = [*money.urlpatterns]
