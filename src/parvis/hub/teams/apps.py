"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class TeamsConfig(ModuleConfig):
    """The people who write a site."""

    name = "parvis.hub.teams"
    label = "parvis_teams"

    def ready(self) -> None:
        """Libraries follow the names of their portals."""
        super().ready()
        from django.db.models.signals import post_save  # noqa: PLC0415 models are ready only now

        from parvis.hub.sites.models import SiteFace  # noqa: PLC0415
        from parvis.hub.teams.services import name_library  # noqa: PLC0415

        def follow(instance: SiteFace, **_kwargs: object) -> None:
            name_library(instance)

        post_save.connect(follow, sender=SiteFace, weak=False, dispatch_uid="teams.library")
