"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class TeamsConfig(ModuleConfig):
    """The people who write a site."""

    name = "parvis.hub.teams"
    label = "parvis_teams"
