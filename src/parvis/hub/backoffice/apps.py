"""Django's entry to this room."""

from importlib import import_module

from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    """What screens of the back office are made of."""

    name = "parvis.hub.backoffice"
    label = "backoffice_kit"

    def ready(self) -> None:
        """Wagtail asks each kind of records who may do what: models are ready only now."""
        import_module("parvis.hub.backoffice.policies").register_policies()
        import_module("parvis.hub.backoffice.starting").start_choosers_by_attributes()
        import_module("parvis.hub.backoffice.titles").punctuate_titles()
