"""Django's entry to this room."""

from django.apps import AppConfig


class DrawingsConfig(AppConfig):
    """Drawings: what saved charts and saved maps have in common."""

    name = "parvis.hub.drawings"
    label = "drawings"
