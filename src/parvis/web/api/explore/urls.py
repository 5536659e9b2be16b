"""Addresses of the Explore API v2.1; each answers with and without a final slash, and nothing else is under the prefix."""

from django.urls import re_path

from parvis.web.api.explore import catalog, catalogue_files, datasets, files, metadata_templates

_ID = r"(?P<dataset_id>[^/]+)"
_DATASET = rf"^catalog/datasets/{_ID}"
_TEMPLATES = r"^catalog/metadata_templates"

urlpatterns = [
    re_path(r"^$", catalog.root, name="explore_root"),
    re_path(r"^catalog/?$", catalog.catalog, name="explore_catalog"),
    re_path(r"^catalog/datasets/?$", catalog.dataset_list, name="explore_datasets"),
    re_path(r"^catalog/facets/?$", catalog.catalog_facets, name="explore_catalog_facets"),
    re_path(r"^catalog/exports/?$", catalogue_files.catalog_formats, name="explore_catalog_exports"),
    re_path(
        r"^catalog/exports/(?P<format_name>[^/]+)/?$", catalogue_files.catalog_export, name="explore_catalog_export"
    ),
    re_path(rf"{_TEMPLATES}/?$", metadata_templates.template_list, name="explore_metadata_templates"),
    re_path(
        rf"{_TEMPLATES}/(?P<kind>[^/]+)/?$", metadata_templates.template_list, name="explore_metadata_templates_of_kind"
    ),
    re_path(
        rf"{_TEMPLATES}/(?P<kind>[^/]+)/(?P<name>[^/]+)/?$",
        metadata_templates.template,
        name="explore_metadata_template",
    ),
    re_path(rf"{_DATASET}/?$", datasets.dataset, name="explore_dataset"),
    re_path(rf"{_DATASET}/records/?$", datasets.record_list, name="explore_records"),
    re_path(rf"{_DATASET}/records/(?P<record_id>[\s\S]+?)/?$", datasets.one_record, name="explore_record"),
    re_path(rf"{_DATASET}/facets/?$", datasets.facet_list, name="explore_facets"),
    re_path(rf"{_DATASET}/exports/?$", files.format_list, name="explore_exports"),
    re_path(rf"{_DATASET}/exports/(?P<format_name>[^/]+)/?$", files.export_file, name="explore_export"),
    re_path(rf"{_DATASET}/attachments/?$", files.attachment_list, name="explore_attachments"),
    re_path(rf"{_DATASET}/attachments/(?P<slug>[^/]+)/?$", files.attachment_file, name="explore_attachment"),
    re_path(rf"{_DATASET}/files/(?P<file_id>[^/]+)/?$", files.field_file, name="explore_file"),
    re_path(rf"{_DATASET}/(?:aggregates|query)/?$", catalog.removed, name="explore_removed"),
    re_path(r"^catalog/(?:aggregates|query)/?$", catalog.removed, name="explore_catalog_removed"),
    re_path(r"^", catalog.nowhere, name="explore_nowhere"),
]
