"""Addresses of charts: the « Analyser » tab, saved charts, pictures."""

from django.urls import path

from parvis.hub.ui.embedding import embeddable
from parvis.hub.ui.errors import page
from parvis.web.portal import charts, dataset_analyze

_UNSAVED, _SAVED = "graphiques/-/", "graphiques/<slug:slug>/"
_FILES = [
    path(f"{base}{file}", page(charts.chart_file), {"file": file}, name=f"{name}-{file}")
    for base, name in ((_UNSAVED, "unsaved-chart"), (_SAVED, "chart"))
    for file in charts.FORMS
]

urlpatterns = [
    path("explore/dataset/<slug:dataset_id>/analyze/", page(dataset_analyze.analyze), name="dataset-analyze"),
    path(
        "explore/embed/dataset/<slug:dataset_id>/analyze/",
        embeddable(page(dataset_analyze.embedded_chart)),
        name="dataset-analyze-embed",
    ),
    *_FILES,
    path("graphiques/", page(charts.charts), name="charts"),
    path(f"{_UNSAVED}cadre/", page(charts.chart_frame), name="unsaved-chart-frame"),
    path(f"{_SAVED}cadre/", page(charts.chart_frame), name="chart-frame"),
    path(_SAVED, page(charts.chart), name="chart"),
]
