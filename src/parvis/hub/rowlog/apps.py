"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class RowLogConfig(ModuleConfig):
    """Rows that programs push into datasets."""

    name = "parvis.hub.rowlog"
    label = "rowlog"
