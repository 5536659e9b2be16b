"""Addresses of tiles, layers and the base map."""

from django.urls import path

from parvis.web.tiles import base_map, views

urlpatterns = [
    path("tiles/<str:dataset_id>/layer.json", views.layer, name="map_layer"),
    path("tiles/<str:dataset_id>/<int:z>/<int:x>/<int:y>.mvt", views.dataset_tile, name="dataset_tile"),
    path("carte/noms/<slug:kind>.json", views.place_names, name="map_names"),
    path("carte/base/<int:z>/<int:x>/<int:y>.mvt", base_map.ground_tile, name="base_tile"),
    path("carte/fond/<slug:name>/<int:z>/<int:x>/<int:y>.mvt", base_map.detail_tile, name="detail_tile"),
    path("carte/fond/<slug:name>.pmtiles", base_map.whole_file, name="base_map_file"),
    path("carte/ign/<int:z>/<int:x>/<int:y>.png", base_map.ign_tile, name="ign_tile"),
]
