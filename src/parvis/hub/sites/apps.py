"""Django's entry to this room."""

from django.apps import AppConfig


class SitesConfig(AppConfig):
    """Public faces: name, colours, logo."""

    name = "parvis.hub.sites"
    label = "parvis_sites"

    def ready(self) -> None:
        """Forget the lenses of host names when a site changes."""
        from django.db.models.signals import post_delete, post_save  # noqa: PLC0415 models are ready only now
        from wagtail.models import Site  # noqa: PLC0415

        from parvis.hub.sites.models import SiteFace  # noqa: PLC0415
        from parvis.hub.sites.selectors import forget_lenses  # noqa: PLC0415

        for model in (Site, SiteFace):
            post_save.connect(forget_lenses, sender=model, dispatch_uid=f"sites.saved.{model.__name__}")
            post_delete.connect(forget_lenses, sender=model, dispatch_uid=f"sites.deleted.{model.__name__}")
