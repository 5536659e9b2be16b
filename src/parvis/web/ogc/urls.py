"""Addresses of OGC API – Features."""

from django.urls import path, re_path

from parvis.web.ogc import views

urlpatterns = [
    re_path("^ogc/?$", views.landing, name="ogc"),
    re_path("^ogc/conformance/?$", views.conformance, name="ogc_conformance"),
    re_path("^ogc/api/?$", views.api, name="ogc_api"),
    re_path("^ogc/collections/?$", views.collections, name="ogc_collections"),
    re_path("^ogc/collections/(?P<dataset_id>[^/]+)/?$", views.collection, name="ogc_collection"),
    re_path("^ogc/collections/(?P<dataset_id>[^/]+)/items/?$", views.items, name="ogc_items"),
    re_path("^ogc/collections/(?P<dataset_id>[^/]+)/items/(?P<feature_id>.+)$", views.item, name="ogc_item"),
    path("ogc/<path:rest>", views.unknown_address),
]
