"""Django's entry to this room."""

from django.apps import AppConfig


class ApiKeysConfig(AppConfig):
    """Keys for programs."""

    name = "parvis.hub.apikeys"
    label = "apikeys"
