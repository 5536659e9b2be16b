"""Django's entry to this room."""

from django.apps import AppConfig


class PushedConfig(AppConfig):
    """Pages written once for all communes."""

    name = "parvis.hub.pushed"
    label = "parvis_pushed"

    def ready(self) -> None:
        """Let corrections flow down when a page is published, and pages reach a site that is made."""
        from django.db.models.signals import post_save  # noqa: PLC0415 models are ready only now
        from wagtail.signals import page_published  # noqa: PLC0415

        from parvis.hub.jobs.rules import register  # noqa: PLC0415
        from parvis.hub.pages.models import ThemePage  # noqa: PLC0415
        from parvis.hub.pushed.kinds import KINDS  # noqa: PLC0415
        from parvis.hub.pushed.services import face_saved, source_published  # noqa: PLC0415
        from parvis.hub.sites.models import SiteFace  # noqa: PLC0415

        register(*KINDS)
        page_published.connect(source_published, sender=ThemePage, dispatch_uid="pushed.published")
        post_save.connect(face_saved, sender=SiteFace, dispatch_uid="pushed.site")
