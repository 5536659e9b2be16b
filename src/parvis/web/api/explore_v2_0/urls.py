"""Addresses of version 2.0 of the Explore API, under ``/api/explore/v2.0/`` and ``/api/v2/``."""

from django.urls import re_path

from parvis.web.api.explore import catalog, catalogue_files, datasets, files, metadata_templates
from parvis.web.api.explore_v2_0 import views
from parvis.web.api.explore_v2_0.views import former

_DATASET = r"^catalog/datasets/(?P<dataset_id>[^/]+)"
_TEMPLATES = r"^catalog/metadata_templates"

urlpatterns = [
    re_path(r"^$", former(catalog.root)),
    re_path(r"^catalog/?$", former(catalog.catalog)),
    re_path(r"^catalog/datasets/?$", views.dataset_list),
    re_path(r"^catalog/(?:aggregates|query)/?$", views.aggregates),
    re_path(r"^catalog/facets/?$", former(catalog.catalog_facets)),
    re_path(r"^catalog/exports/?$", former(catalogue_files.catalog_formats)),
    re_path(r"^catalog/exports/(?P<format_name>[^/]+)/?$", former(catalogue_files.catalog_export)),
    re_path(rf"{_TEMPLATES}(?:/(?P<kind>[^/]+))?/?$", former(metadata_templates.template_list)),
    re_path(rf"{_TEMPLATES}/(?P<kind>[^/]+)/(?P<name>[^/]+)/?$", former(metadata_templates.template)),
    re_path(rf"{_DATASET}/?$", views.dataset),
    re_path(rf"{_DATASET}/records/?$", views.record_list),
    re_path(rf"{_DATASET}/records/(?P<record_id>[\s\S]+?)/?$", views.one_record),
    re_path(rf"{_DATASET}/(?:aggregates|query)/?$", views.aggregates),
    re_path(rf"{_DATASET}/facets/?$", former(datasets.facet_list)),
    re_path(rf"{_DATASET}/exports/?$", former(files.format_list)),
    re_path(rf"{_DATASET}/exports/(?P<format_name>[^/]+)/?$", views.export),
    re_path(rf"{_DATASET}/attachments/?$", former(files.attachment_list)),
    re_path(rf"{_DATASET}/attachments/(?P<slug>[^/]+)/?$", former(files.attachment_file)),
    re_path(rf"{_DATASET}/files/(?P<file_id>[^/]+)/?$", former(files.field_file)),
    re_path(r"^", former(catalog.unknown_address)),
]
