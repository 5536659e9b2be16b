"""Django's entry to this room."""

from django.apps import AppConfig


class QualityConfig(AppConfig):
    """The quality of what is published, and what its owners are told of it."""

    name = "parvis.hub.quality"
    label = "quality"

    def ready(self) -> None:
        """Make the jobs of this room known, have versions measured once published and scores follow the cards."""
        from django.db.models.signals import post_save  # noqa: PLC0415 models are ready only now

        from parvis.hub.catalogue.models import CardRevision  # noqa: PLC0415
        from parvis.hub.catalogue.signals import dataset_published  # noqa: PLC0415
        from parvis.hub.jobs.daily import register_daily  # noqa: PLC0415
        from parvis.hub.jobs.rules import register  # noqa: PLC0415
        from parvis.hub.quality.kinds import DAILY, KINDS  # noqa: PLC0415
        from parvis.hub.quality.services import card_changed, version_published  # noqa: PLC0415

        register(*KINDS)
        register_daily(*DAILY)
        dataset_published.connect(version_published, dispatch_uid="quality.measure")
        post_save.connect(card_changed, sender=CardRevision, dispatch_uid="quality.card")
