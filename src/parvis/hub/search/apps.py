"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class SearchConfig(ModuleConfig):
    """Full-text search in French over all that the house holds."""

    name = "parvis.hub.search"
    label = "parvis_search"

    def ready(self) -> None:
        """Hear of what changes, once every module has said what it is found by."""
        super().ready()
        from parvis.hub.search.changes import listen  # noqa: PLC0415 models are ready only now

        listen()
