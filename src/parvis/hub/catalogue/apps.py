"""Django's entry to this room."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Datasets: cards, versions, publication."""

    name = "parvis.hub.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        """Dataset objects tell who publishes: when an organisation changes, so does what the catalogue shows."""
        from django.db.models.signals import post_save  # noqa: PLC0415 models are ready only now

        from parvis.hub.accounts.groups import register_groups  # noqa: PLC0415
        from parvis.hub.accounts.models import Organisation  # noqa: PLC0415 models are ready only now
        from parvis.hub.catalogue.selectors import restricted_groups_within  # noqa: PLC0415
        from parvis.hub.catalogue.services import organisation_saved  # noqa: PLC0415 models are ready only now

        register_groups("restricted datasets", restricted_groups_within)
        post_save.connect(organisation_saved, sender=Organisation, dispatch_uid="catalogue.organisation")
