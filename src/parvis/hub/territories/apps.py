"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class TerritoriesConfig(ModuleConfig):
    """Communes, EPCI, departments, regions: codes, parents, population, contours."""

    name = "parvis.hub.territories"
    label = "territories"
