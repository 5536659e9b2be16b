"""A base map of one's own: an OpenStreetMap extract becomes one PMTiles file, which the portal serves.

``features`` reads the extract in a confined child and writes what a map draws, ``tiling`` makes tiles of it with tippecanoe,
``joining`` one file of the tiles, and ``building`` is the whole work, step by step. ``files`` and ``archive`` are all that serving
needs: they load nothing heavy.
"""
