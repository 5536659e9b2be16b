"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class ExploreApiConfig(ModuleConfig):
    """The Explore API, whose objects are kept for the processes that start."""

    name = "parvis.web.api.explore"
    label = "parvis_explore_api"
