"""Addresses of this subject besides those of its collection."""

from django.urls import path

from parvis.domains.osm import outputs, views
from parvis.hub.ui.errors import page

_FINDING = "openstreetmap/<slug:slug>/constats/<int:key>"

urlpatterns = [
    path("openstreetmap/compte/", page(views.sign_in), name="osm-account"),
    path("openstreetmap/compte/retour/", page(views.signed_in), name="osm-account-return"),
    path("openstreetmap/compte/quitter/", page(views.leave), name="osm-account-leave"),
    path("openstreetmap/envoi/", page(views.sending), name="osm-sending"),
    path(f"{_FINDING}/", page(views.finding_page), name="osm-finding"),
    path(f"{_FINDING}/note/", page(views.note), name="osm-note"),
    path("openstreetmap/<slug:slug>/constats.csv", page(outputs.table), name="osm-table"),
    path("openstreetmap/<slug:slug>/modifications.osc", page(outputs.changes), name="osm-changes"),
    path("openstreetmap/<slug:slug>/maproulette.geojson", page(outputs.challenge), name="osm-challenge"),
    path("openstreetmap/<slug:slug>/correspondance.toml", page(outputs.mapping), name="osm-mapping"),
    path("openstreetmap/<slug:slug>/osmose.json", page(outputs.osmose), name="osm-osmose"),
]
