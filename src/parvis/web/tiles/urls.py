"""Addresses of tiles, layers and the base map."""

from django.urls import path

from parvis.web.tiles import views

urlpatterns = [
    path("tiles/<str:dataset_id>/layer.json", views.layer, name="map_layer"),
    path("tiles/<str:dataset_id>/<int:z>/<int:x>/<int:y>.mvt", views.dataset_tile, name="dataset_tile"),
    path("carte/base/<int:z>/<int:x>/<int:y>.mvt", views.contours_tile, name="base_tile"),
]
