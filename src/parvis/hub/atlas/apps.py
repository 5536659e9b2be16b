"""Django's entry to this room."""

from django.apps import AppConfig


class AtlasConfig(AppConfig):
    """Maps of several layers: answers, pictures, frames, and those that were saved."""

    name = "parvis.hub.atlas"
    label = "atlas"
