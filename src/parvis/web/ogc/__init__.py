"""OGC API – Features: every geographic dataset for QGIS, GDAL and anyone who speaks the standard."""
