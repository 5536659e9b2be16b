"""Addresses of the Explore API v2.1; each answers with and without a final slash, and nothing else is under the prefix.

``catalog`` is the root of them all. ``shared`` and ``opendatasoft``, which widgets and clients may ask for what a portal had
from others, are the same catalogue: a portal that has moved here holds what it kept of them.
"""

from collections.abc import Callable, Iterator

from django.http import HttpResponseBase
from django.urls import URLPattern, re_path
from django.views.generic import RedirectView

from parvis.web.api.explore import catalog, catalogue_files, datasets, files, metadata_templates, monitoring

_ID = r"(?P<dataset_id>[^/]+)"
_DATASET = rf"datasets/{_ID}"
_TEMPLATES = r"metadata_templates"
_ALSO = r"(?:shared|opendatasoft)"

type View = Callable[..., HttpResponseBase]

_BELOW_A_ROOT: tuple[tuple[str, View, str], ...] = (
    (r"/?$", catalog.catalog, "catalog"),
    (r"/datasets/?$", catalog.dataset_list, "datasets"),
    (r"/facets/?$", catalog.catalog_facets, "catalog_facets"),
    (r"/exports/?$", catalogue_files.catalog_formats, "catalog_exports"),
    (r"/exports/(?P<format_name>[^/]+)/?$", catalogue_files.catalog_export, "catalog_export"),
    (rf"/{_TEMPLATES}/?$", metadata_templates.template_list, "metadata_templates"),
    (rf"/{_TEMPLATES}/(?P<kind>[^/]+)/?$", metadata_templates.template_list, "metadata_templates_of_kind"),
    (rf"/{_TEMPLATES}/(?P<kind>[^/]+)/(?P<name>[^/]+)/?$", metadata_templates.template, "metadata_template"),
    (rf"/{_DATASET}/?$", datasets.dataset, "dataset"),
    (rf"/{_DATASET}/records/?$", datasets.record_list, "records"),
    (rf"/{_DATASET}/records/(?P<record_id>[\s\S]+?)/?$", datasets.one_record, "record"),
    (rf"/{_DATASET}/facets/?$", datasets.facet_list, "facets"),
    (rf"/{_DATASET}/exports/?$", files.format_list, "exports"),
    (rf"/{_DATASET}/exports/(?P<format_name>[^/]+)/?$", files.export_file, "export"),
    (rf"/{_DATASET}/attachments/?$", files.attachment_list, "attachments"),
    (rf"/{_DATASET}/attachments/(?P<slug>[^/]+)/?$", files.attachment_file, "attachment"),
    (rf"/{_DATASET}/files/(?P<file_id>[^/]+)/?$", files.field_file, "file"),
    (rf"/{_DATASET}/(?:aggregates|query)/?$", catalog.removed, "removed"),
    (r"/(?:aggregates|query)/?$", catalog.removed, "catalog_removed"),
)
"""Path below a root, view, and the name of its address below ``catalog`` (after ``explore_``)."""


def _below(root: str, *, named: bool) -> Iterator[URLPattern]:
    for path, view, name in _BELOW_A_ROOT:
        yield re_path(rf"^{root}{path}", view, name=f"explore_{name}" if named else None)


urlpatterns = [
    re_path(r"^$", catalog.root, name="explore_root"),
    *_below("catalog", named=True),
    *_below(_ALSO, named=False),
    re_path(r"^monitoring/?$", monitoring.monitoring, name="explore_monitoring"),
    re_path(r"^monitoring/datasets/?$", monitoring.dataset_list, name="explore_monitoring_datasets"),
    re_path(r"^monitoring/facets/?$", monitoring.facet_list, name="explore_monitoring_facets"),
    re_path(r"^monitoring/datasets/(?P<name>[^/]+)(?:/|$)", monitoring.dataset, name="explore_monitoring_dataset"),
    re_path(r"^console/?$", RedirectView.as_view(pattern_name="api_console", permanent=True, query_string=True)),
    re_path(r"^", catalog.unknown_address, name="explore_nowhere"),
]
