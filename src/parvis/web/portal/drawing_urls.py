"""Addresses of charts and maps: the « Analyser » tab and the maker of maps of a dataset, saved drawings, pictures, layers."""

from django.urls import path

from parvis.hub.ui.embedding import embeddable
from parvis.hub.ui.errors import page
from parvis.web.portal import dataset_analyze, map_maker
from parvis.web.portal.charts import ChartPages
from parvis.web.portal.maps import MapPages

urlpatterns = [
    path("explore/dataset/<slug:dataset_id>/analyze/", page(dataset_analyze.analyze), name="dataset-analyze"),
    path(
        "explore/embed/dataset/<slug:dataset_id>/analyze/",
        embeddable(page(dataset_analyze.embedded_chart)),
        name="dataset-analyze-embed",
    ),
    path("explore/dataset/<slug:dataset_id>/map/composer/", page(map_maker.map_maker), name="map-maker"),
    *ChartPages().paths(),
    *MapPages().paths(),
]
