"""Django's entry to this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class IndicatorsConfig(AppConfig):
    """Indicators: definitions, values, their pages."""

    name = "parvis.domains.indicators"
    label = "indicators"

    def ready(self) -> None:
        """Tell the rest of the house what this room adds: its jobs, its API, its pages, its figures; compute what is published."""
        from parvis.domains.indicators.description import PART  # noqa: PLC0415 models are ready only now
        from parvis.domains.indicators.figures import choices, put_forward, resolve  # noqa: PLC0415
        from parvis.domains.indicators.kinds import DAILY, KINDS  # noqa: PLC0415
        from parvis.domains.indicators.selectors import figures_stamp, public_pages, versions_relied_on  # noqa: PLC0415
        from parvis.domains.indicators.services import version_published  # noqa: PLC0415
        from parvis.hub.catalogue.signals import dataset_published  # noqa: PLC0415
        from parvis.hub.datastore.keeping import register_keeper  # noqa: PLC0415
        from parvis.hub.described.rooms import register_pages, register_part  # noqa: PLC0415
        from parvis.hub.jobs.daily import register_daily  # noqa: PLC0415
        from parvis.hub.jobs.rules import register  # noqa: PLC0415
        from parvis.hub.pages.figures import register_figures  # noqa: PLC0415

        register(*KINDS)
        register_daily(*DAILY)
        register_part(PART)
        register_pages("indicators", public_pages)
        register_figures("indicateur", gettext_lazy("Indicateurs"), choices, resolve, put_forward, figures_stamp)
        register_keeper("indicators", versions_relied_on)
        dataset_published.connect(version_published, dispatch_uid="indicators.compute")
