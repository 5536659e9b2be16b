"""Addresses of the house."""

from django.urls import include, path

urlpatterns = [path("", include("parvis.web.urls"))]
