"""Django's entry to this room."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, organisations, roles."""

    name = "parvis.hub.accounts"
    label = "accounts"
