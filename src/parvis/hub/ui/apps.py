"""Django's entry to this room."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Page shell, components, template tags, static files."""

    name = "parvis.hub.ui"
    label = "ui"
