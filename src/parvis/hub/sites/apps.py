"""Django's entry to this room."""

from django.apps import AppConfig


class SitesConfig(AppConfig):
    """Public faces: name, colours, logo."""

    name = "parvis.hub.sites"
    label = "parvis_sites"
