"""Django's entry to this room."""

from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    """The back office, in Wagtail's admin."""

    name = "parvis.web.backoffice"
