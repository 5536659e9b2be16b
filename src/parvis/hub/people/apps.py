"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class PeopleConfig(ModuleConfig):
    """Screens of persons and organisations."""

    name = "parvis.hub.people"
    label = "people"
