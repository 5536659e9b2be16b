"""A base map of one's own: an OpenStreetMap extract becomes one PMTiles file, which the portal serves.

``features`` reads the extract in a confined child and writes what a map draws, ``tiling`` makes tiles of it with tippecanoe,
``building`` is the whole work, step by step, and ``archive`` reads what was made.
"""





from parvis.core.basemap.archive import Archive
from parvis.core.basemap.building import BaseMap, build, current, file_of, remove

__all__ = ["Archive", "BaseMap", "build", "current", "file_of", "remove"]
