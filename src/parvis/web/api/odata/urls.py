"""Addresses of OData: the catalogue at ``/odata/``, each dataset at ``/odata/<dataset>/``, with and without a final slash."""

from django.urls import re_path
from django.views.generic import RedirectView

from parvis.web.api.odata import views
from parvis.web.api.odata.catalogue_set import NAME

_DATASET = r"^odata/(?P<dataset_id>[\w-]+)"
_SET = rf"{_DATASET}/(?P<entity_set>\w+)"
_KEY = r"\((?P<entity_key>[\w=]+)\)"
_CATALOGUE = {"entity_set": NAME}

urlpatterns = [
    re_path(r"^odata/?$", views.catalogue_document, name="odata"),
    re_path(r"^odata/\$metadata/?$", views.catalogue_metadata, name="odata_metadata"),
    re_path(rf"^odata/{NAME}$", views.catalogue_set, _CATALOGUE, name="odata_datasets"),
    re_path(rf"^odata/{NAME}/\$count/?$", views.catalogue_count, _CATALOGUE),
    re_path(rf"^odata/{NAME}{_KEY}$", views.catalogue_entity, _CATALOGUE),
    re_path(rf"{_DATASET}/?$", views.dataset_document, name="odata_dataset"),
    re_path(rf"{_DATASET}/\$metadata/?$", views.dataset_metadata, name="odata_dataset_metadata"),
    re_path(rf"{_SET}/?$", views.dataset_set, name="odata_set"),
    re_path(rf"{_SET}/\$count/?$", views.dataset_count, name="odata_count"),
    re_path(rf"{_SET}{_KEY}$", views.dataset_entity, name="odata_entity"),
    # Those of an Opendatasoft portal, whose links and workbooks go on after it has moved here.
    re_path(r"^api/odata/?$", RedirectView.as_view(pattern_name="odata", permanent=True)),
    re_path(r"^api/odata/\$metadata/?$", RedirectView.as_view(pattern_name="odata_metadata", permanent=True)),
    re_path(r"^api/odata/(?P<dataset_id>[\w-]+)/?$", views.former_set, name="odata_former_set"),
    re_path(rf"{_DATASET}/(?P<rest>.*)$", views.unknown_address),
    re_path(r"^odata/(?P<rest>.*)$", views.unknown_address),
]
