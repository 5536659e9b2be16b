"""Django's entry to this room."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Editorial pages."""

    name = "parvis.hub.pages"
    label = "parvis_pages"

    def ready(self) -> None:
        """Forget who acted before at the start of each request; give pages to the site map; publish at the moments chosen."""
        from django.core.signals import request_started  # noqa: PLC0415 once apps are ready

        from parvis.hub.described.rooms import register_pages  # noqa: PLC0415
        from parvis.hub.jobs.daily import register_awaited  # noqa: PLC0415
        from parvis.hub.jobs.rules import register  # noqa: PLC0415
        from parvis.hub.pages.acting import forget_actor  # noqa: PLC0415
        from parvis.hub.pages.scheduling import AWAITED, KINDS  # noqa: PLC0415
        from parvis.hub.pages.selectors import pages_for_search_engines  # noqa: PLC0415

        register(*KINDS)
        register_awaited(AWAITED)
        register_pages("pages", pages_for_search_engines)
        request_started.connect(forget_actor, dispatch_uid="pages.actor")
