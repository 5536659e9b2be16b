"""Addresses of the Explore API v2.1; each answers with and without a final slash, and nothing else is under the prefix."""

from django.urls import re_path

from parvis.web.api.explore import catalog, datasets, files

_ID = r"(?P<dataset_id>[^/]+)"
_DATASET = rf"^catalog/datasets/{_ID}"

urlpatterns = [
    re_path(r"^$", catalog.root, name="explore_root"),
    re_path(r"^catalog/?$", catalog.catalog, name="explore_catalog"),
    re_path(r"^catalog/datasets/?$", catalog.dataset_list, name="explore_datasets"),
    re_path(r"^catalog/facets/?$", catalog.catalog_facets, name="explore_catalog_facets"),
    re_path(r"^catalog/exports/?$", catalog.catalog_formats, name="explore_catalog_exports"),
    re_path(r"^catalog/exports/(?P<format_name>[^/]+)/?$", catalog.catalog_export, name="explore_catalog_export"),
    re_path(rf"{_DATASET}/?$", datasets.dataset, name="explore_dataset"),
    re_path(rf"{_DATASET}/records/?$", datasets.record_list, name="explore_records"),
    re_path(rf"{_DATASET}/facets/?$", datasets.facet_list, name="explore_facets"),
    re_path(rf"{_DATASET}/exports/?$", files.format_list, name="explore_exports"),
    re_path(rf"{_DATASET}/exports/(?P<format_name>[^/]+)/?$", files.export_file, name="explore_export"),
    re_path(rf"{_DATASET}/attachments/?$", files.attachment_list, name="explore_attachments"),
    re_path(rf"{_DATASET}/attachments/(?P<slug>[^/]+)/?$", files.attachment_file, name="explore_attachment"),
    re_path(r"^.*$", catalog.nowhere, name="explore_nowhere"),
]
