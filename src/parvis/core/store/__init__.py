"""Where an instance has its files: one small interface, told by names, whatever holds the bytes."""

from parvis.core.store.contract import ROOMS, AlreadyStored, BadName, Stat, Store, checked
from parvis.core.store.folder import FolderStore

__all__ = ["ROOMS", "AlreadyStored", "BadName", "FolderStore", "Stat", "Store", "checked"]
