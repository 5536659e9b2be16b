"""Addresses of maps: the maker of a dataset, saved maps, pictures, layers."""

from django.urls import path

from parvis.hub.ui.errors import page
from parvis.web.portal import map_maker, maps

_BASES = (("cartes/-/", "unsaved-map"), ("cartes/<slug:slug>/", "map"))
_FILES = [
    path(f"{base}{file}", page(maps.map_file), {"file": file}, name=f"{name}-{file}")
    for base, name in _BASES
    for file in maps.FORMS
]
_PARTS = [
    one
    for base, name in _BASES
    for one in (
        path(f"{base}couche-<int:rank>.geojson", page(maps.map_layer), name=f"{name}-layer"),
        path(f"{base}lieux.json", page(maps.map_places), name=f"{name}-places"),
        path(f"{base}cadre/", page(maps.map_frame), name=f"{name}-frame"),
    )
]

urlpatterns = [
    path("explore/dataset/<slug:dataset_id>/map/composer/", page(map_maker.map_maker), name="map-maker"),
    *_FILES,
    *_PARTS,
    path("cartes/", page(maps.maps), name="maps"),
    path("cartes/<slug:slug>/", page(maps.saved), name="map"),
]
