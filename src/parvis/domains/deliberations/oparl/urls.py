"""Addresses of OParl 1.1."""

from django.urls import path, re_path

from parvis.domains.deliberations.oparl import views

_KEY = r"(?P<key>[a-z0-9-]{1,40})"

urlpatterns = [
    re_path("^oparl/?$", views.beginning, name="oparl"),
    re_path("^oparl/v1[.]1/?$", views.beginning),
    path("oparl/v1.1/system", views.system, name="oparl-system"),
    path("oparl/v1.1/body", views.bodies, name="oparl-bodies"),
    re_path(f"^oparl/v1[.]1/body/{_KEY}/(?P<place>[a-z]+)$", views.list_of_body),
    re_path(f"^oparl/v1[.]1/organization/{_KEY}/(?P<place>[a-z]+)$", views.list_of_assembly),
    re_path(f"^oparl/v1[.]1/file/{_KEY}/lire$", views.read_file, name="oparl-file"),
    re_path(f"^oparl/v1[.]1/file/{_KEY}/telecharger$", views.keep_file),
    re_path(f"^oparl/v1[.]1/(?P<place>[a-z]+)/{_KEY}$", views.single, name="oparl-object"),
    path("oparl/<path:rest>", views.unknown),
]
