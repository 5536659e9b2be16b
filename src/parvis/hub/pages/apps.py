"""Django's entry to this room."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Editorial pages."""

    name = "parvis.hub.pages"
    label = "parvis_pages"

    def ready(self) -> None:
        """Forget who acted before at the start of each request."""
        from django.core.signals import request_started  # noqa: PLC0415 once apps are ready

        from parvis.hub.pages.acting import forget_actor  # noqa: PLC0415

        request_started.connect(forget_actor, dispatch_uid="pages.actor")
