"""Django's entry to this room."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """A page that asks the Explore API what one writes in a form."""

    name = "parvis.web.api.console"
    label = "api_console"
