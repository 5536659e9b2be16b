"""Django's entry to this room."""

from django.apps import AppConfig


class TeamsConfig(AppConfig):
    """The people who write a site."""

    name = "parvis.hub.teams"
    label = "parvis_teams"

    def ready(self) -> None:
        """Take the groups of a team away with its site."""
        from django.db.models.signals import post_delete  # noqa: PLC0415 models are ready only now

        from parvis.hub.accounts.groups import register_groups  # noqa: PLC0415
        from parvis.hub.teams.models import Team  # noqa: PLC0415
        from parvis.hub.teams.selectors import team_groups_within  # noqa: PLC0415
        from parvis.hub.teams.services import team_deleted  # noqa: PLC0415

        register_groups("teams", team_groups_within)
        post_delete.connect(team_deleted, sender=Team, dispatch_uid="teams.deleted")
