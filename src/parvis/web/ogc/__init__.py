"""OGC API – Features: every geographic dataset for QGIS, GDAL and whoever speaks the standard."""
