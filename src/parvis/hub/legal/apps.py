"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class LegalConfig(ModuleConfig):
    """The legal pages of each site."""

    name = "parvis.hub.legal"
    label = "parvis_legal"

    def ready(self) -> None:
        """Forget what was remembered of a site's statement when somebody changes it."""
        super().ready()
        from django.db.models.signals import post_delete, post_save  # noqa: PLC0415 models are ready only now

        from parvis.hub.legal.models import LegalNotice  # noqa: PLC0415
        from parvis.hub.legal.selectors import forget_statements  # noqa: PLC0415

        post_save.connect(forget_statements, sender=LegalNotice, dispatch_uid="legal.saved")
        post_delete.connect(forget_statements, sender=LegalNotice, dispatch_uid="legal.deleted")
