"""Addresses of the catalogue for geographers."""

from django.urls import re_path

from parvis.web.geocatalogue import csw_views, records_views

_HERE = "^ogc/collections/catalogue"

urlpatterns = [
    re_path(r"^csw/?$", csw_views.csw, name="csw"),
    re_path(rf"{_HERE}/?$", records_views.collection, name="ogc_catalogue"),
    re_path(rf"{_HERE}/queryables/?$", records_views.queryables, name="ogc_catalogue_queryables"),
    re_path(rf"{_HERE}/sortables/?$", records_views.sortables, name="ogc_catalogue_sortables"),
    re_path(rf"{_HERE}/items/?$", records_views.items, name="ogc_records"),
    re_path(rf"{_HERE}/items/(?P<dataset_id>[^/]+)/?$", records_views.item, name="ogc_record"),
]
