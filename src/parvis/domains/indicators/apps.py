"""Django's entry to this room."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Indicators: definitions, values, their pages."""

    name = "parvis.domains.indicators"
    label = "indicators"

    def ready(self) -> None:
        """Make the jobs of this room known, and have values computed once a version is published."""
        from parvis.domains.indicators.kinds import KINDS  # noqa: PLC0415 models are ready only now
        from parvis.domains.indicators.services import version_published  # noqa: PLC0415
        from parvis.hub.catalogue.signals import dataset_published  # noqa: PLC0415
        from parvis.hub.jobs.rules import register  # noqa: PLC0415

        register(*KINDS)
        dataset_published.connect(version_published, dispatch_uid="indicators.compute")
