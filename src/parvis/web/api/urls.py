"""Addresses of the doors for machines."""

from django.urls import include, path, re_path

from parvis.web.api.console.views import console
from parvis.web.api.description.views import description
from parvis.web.api.explore import catalog, catalogue_files
from parvis.web.api.explore_v2_0.views import former

urlpatterns = [
    path("api/console/", console, name="api_console"),
    path("api/explore/v2.1", catalog.root),
    re_path(r"^api/explore/v2\.1/(?:swagger|openapi)\.json$", description, name="explore_description"),
    path("api/explore/v2.1/", include("parvis.web.api.explore.urls")),
    path("api/explore/v2.0", former(catalog.root)),
    path("api/explore/v2.0/", include("parvis.web.api.explore_v2_0.urls")),
    path("api/v2/", include("parvis.web.api.explore_v2_0.urls")),
    re_path(r"^api/(?:explore|v2)(?:/|$)", catalog.unknown_address),
    path("", include("parvis.web.api.explore_v1.urls")),
    re_path(
        r"^organisations/(?P<slug>[-\w]+)/catalog\.(?P<extension>ttl|jsonld|rdf)$",
        catalogue_files.catalog_graph,
        name="organisation_catalog_graph",
    ),
    path("", include("parvis.web.api.odata.urls")),
    re_path(r"^catalog\.(?P<extension>ttl|jsonld|rdf)$", catalogue_files.catalog_graph, name="catalog_graph"),
]
