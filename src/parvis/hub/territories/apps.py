"""Django's entry to this room."""

from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    """Communes, EPCI, departments, regions: codes, parents, population, contours."""

    name = "parvis.hub.territories"
    label = "territories"
