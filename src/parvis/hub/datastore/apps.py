"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class DatastoreConfig(ModuleConfig):
    """From a file to a queryable table; reading rows by dataset."""

    name = "parvis.hub.datastore"
    label = "datastore"
