"""Django's entry to this room."""

from django.apps import AppConfig


class ChartsConfig(AppConfig):
    """Charts: answers, pictures, frames, and those that were saved."""

    name = "parvis.hub.charts"
    label = "charts"
