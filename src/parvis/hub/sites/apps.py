"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class SitesConfig(ModuleConfig):
    """Public faces: name, colours, logo."""

    name = "parvis.hub.sites"
    label = "parvis_sites"

    def ready(self) -> None:
        """Forget the lenses of host names and the menus when a site changes, and the menus when a page does."""
        super().ready()
        from django.db.models.signals import post_delete, post_save  # noqa: PLC0415 models are ready only now
        from wagtail.models import Site  # noqa: PLC0415
        from wagtail.signals import page_published, page_slug_changed, page_unpublished  # noqa: PLC0415

        from parvis.hub.sites.menus import forget_menus  # noqa: PLC0415
        from parvis.hub.sites.models import SiteFace, SiteMenus  # noqa: PLC0415
        from parvis.hub.sites.selectors import forget_lenses  # noqa: PLC0415
        from parvis.hub.sites.site_list import name_sites_by_their_portal  # noqa: PLC0415

        name_sites_by_their_portal()
        for model in (Site, SiteFace):
            post_save.connect(forget_lenses, sender=model, dispatch_uid=f"sites.saved.{model.__name__}")
            post_delete.connect(forget_lenses, sender=model, dispatch_uid=f"sites.deleted.{model.__name__}")
        for model in (Site, SiteMenus):
            post_save.connect(forget_menus, sender=model, dispatch_uid=f"sites.menus.saved.{model.__name__}")
            post_delete.connect(forget_menus, sender=model, dispatch_uid=f"sites.menus.deleted.{model.__name__}")
        for signal in (page_published, page_slug_changed, page_unpublished):
            signal.connect(forget_menus, dispatch_uid="sites.menus.page")
