"""OpenStreetMap: extracts read, a town's rows compared with its objects, what is sent back written. Pure: no Django, no network."""
