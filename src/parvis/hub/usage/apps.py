"""Django's entry to this room."""

from django.apps import AppConfig


class UsageConfig(AppConfig):
    """What is read, downloaded, called, embedded and searched for."""

    name = "parvis.hub.usage"
    label = "parvis_usage"

    def ready(self) -> None:
        """Make the daily work of this room known; forget host names when a site changes."""
        from django.db.models.signals import post_delete, post_save  # noqa: PLC0415 models are ready only now
        from wagtail.models import Site  # noqa: PLC0415

        from parvis.hub.jobs.daily import Daily, register_daily  # noqa: PLC0415
        from parvis.hub.jobs.rules import register  # noqa: PLC0415
        from parvis.hub.usage.kinds import KINDS, PUBLISH  # noqa: PLC0415
        from parvis.hub.usage.sites import forget_hosts  # noqa: PLC0415

        register(*KINDS)
        register_daily(Daily(PUBLISH, hour=3))
        for signal in (post_save, post_delete):
            signal.connect(
                forget_hosts, sender=Site, dispatch_uid=f"usage.{'saved' if signal is post_save else 'deleted'}"
            )
